/** What is learned about a market over its venues, and the slow loop that works it off in slices. */
import { refreshSpectral } from "../quote/spectral.ts";
import { REVERSION_GRID } from "../quote/target.ts";
import type { Engine, EngineState, InstrumentState, MarketState } from "../state.ts";
import { createMarkouts, type Markouts } from "./adverse/markouts.ts";
import { sampleCovariance } from "./covariance/ewCovariance.ts";
import { solveMicroPrice } from "./flow/microPrice.ts";
import { createMidGrid, sampleMids, type MidGrid } from "./informationShare/midGrid.ts";
import {
  advanceInformationShare,
  createInformationShare,
  INFORMATION_SHARE_EVERY_S,
  type InformationShareState,
} from "./informationShare/vecm.ts";
import { advanceLawTest } from "./intensity/lawTest.ts";
import { advanceLeadLag, createLeadLag, LEAD_LAG_EVERY_S, type LeadLag } from "./leadLag/leadLag.ts";
import {
  createOrnsteinUhlenbeck,
  sampleOrnsteinUhlenbeck,
  type OrnsteinUhlenbeck,
} from "./ornsteinUhlenbeck.ts";
import { advanceSlowLoop, createSlowLoop, type SlowLoop } from "./slowLoop.ts";
import { createVenueNoise, observeVenueNoise, reviseVenueNoise, type VenueNoise } from "./venueNoise.ts";

/** Memory of ω, and of the transitions behind a micro-price: minutes, in which venues keep their habits. */
const NOISE_HORIZON_S = 600;
/** On a 1 s grid, which fair value is clean enough for. */
const COVARIANCE_HORIZON_S = 900;
const MICRO_PRICE_HALF_LIFE_S = 1_800;

export interface MarketEstimates {
  readonly markouts: Markouts;
  readonly reversion: OrnsteinUhlenbeck;
  readonly noise: VenueNoise;
  readonly leadLag: LeadLag;
  readonly grid: MidGrid;
  readonly shares: InformationShareState;
  readonly slow: SlowLoop;
  /** Member whose turn it is in the job that goes through them one by one. */
  turn: number;
}

/** A slice takes half a millisecond at most: together they stay below the one that a decision may wait. */
const SLICES_PER_TIMER = 2;

const JOBS = [
  { name: "leadLag", intervalS: LEAD_LAG_EVERY_S },
  { name: "informationShare", intervalS: INFORMATION_SHARE_EVERY_S },
  { name: "noise", intervalS: 1 },
  { name: "microPrice", intervalS: 10 },
  { name: "law", intervalS: 10 },
  { name: "spectral", intervalS: 5 },
] as const;
type Job = (typeof JOBS)[number]["name"];

export function createMarketEstimates(members: number): MarketEstimates {
  return {
    markouts: createMarkouts(),
    reversion: createOrnsteinUhlenbeck(),
    noise: createVenueNoise(members),
    leadLag: createLeadLag(members),
    grid: createMidGrid(members),
    shares: createInformationShare(),
    slow: createSlowLoop(JOBS),
    turn: 0,
  };
}

/** Once a second, with the fair value of this second. */
export function sampleMarketEstimates(market: MarketState, secondUs: number, fair: number): void {
  const { estimates, fusion } = market;
  sampleOrnsteinUhlenbeck(estimates.reversion, secondUs, fair, REVERSION_GRID);
  sampleMids(estimates.grid, secondUs, fusion.mid, fusion.usable);
}

/** Once a second, all markets together: those whose fair value is of this instant. */
export function sampleReturns({ markets, covariance, nowUs }: EngineState): void {
  const prices = Float64Array.from(markets, (market) => market.fair ?? 0);
  const usable = Uint8Array.from(markets, (market) =>
    market.fair !== undefined && market.fairAtUs === nowUs ? 1 : 0,
  );
  sampleCovariance(covariance, prices, usable, Math.exp(-1 / COVARIANCE_HORIZON_S));
}

/** A fresh mid of a venue, as it was just fused. */
export function observeVenueMid(market: MarketState, member: number, atUs: number, sigma: number): void {
  const { fused, fusion, estimates } = market;
  if (fused.fair === undefined) return;
  observeVenueNoise(
    estimates.noise,
    member,
    { atUs, fair: fused.fair, weights: fused.weights, inputs: fusion },
    { sigma, horizonS: NOISE_HORIZON_S },
  );
}

/** At each timer: a slice of one market, then of the next, so that a decision never waits longer with more markets. */
export function advanceSlowEstimates(engine: Engine): void {
  const { state } = engine;
  for (let slice = 0; slice < SLICES_PER_TIMER; slice++) {
    const market = state.markets[state.slowTurn];
    state.slowTurn = (state.slowTurn + 1) % state.markets.length;
    if (market === undefined) continue;
    advanceSlowLoop(market.estimates.slow, state.nowUs, (name) => runSlice(engine, market, name as Job));
  }
}

function runSlice(engine: Engine, market: MarketState, job: Job): boolean {
  const { state } = engine;
  const { estimates } = market;
  const members = market.instruments.flatMap((index) => state.instruments[index] ?? []);
  switch (job) {
    case "leadLag":
      return advanceLeadLag(
        estimates.leadLag,
        members.map((inst) => inst.estimates.mids),
        members.map((inst) => inst.params.venueLagMs),
        state.nowUs,
      );
    case "informationShare":
      return advanceInformationShare(estimates.shares, estimates.grid, state.nowUs);
    case "noise":
      reviseVenueNoise(
        estimates.noise,
        members.map((inst) => inst.params.venueNoiseBps),
        state.nowUs,
      );
      return true;
    case "microPrice":
      return inTurn(market, members, (inst) => {
        solveMicroPrice(inst.estimates.flow.microPrice, state.nowUs, MICRO_PRICE_HALF_LIFE_S);
        return true;
      });
    case "law":
      return inTurn(market, members, (inst) => !advanceLawTest(inst.estimates.intensity.law));
    case "spectral":
      refreshSpectral(engine, market);
      return true;
  }
}

/** Goes through the members, a slice at a time; true when the last one is done. */
function inTurn(
  { estimates }: MarketState,
  members: readonly InstrumentState[],
  slice: (inst: InstrumentState) => boolean,
): boolean {
  const inst = members[estimates.turn];
  if (inst === undefined || slice(inst)) estimates.turn += 1;
  if (estimates.turn < members.length) return false;
  estimates.turn = 0;
  return true;
}

/** ω in price² and lag in seconds that fusion weighs a venue by: as estimated, as far as that is known, or as set. */
export function venueWeighting(
  inst: InstrumentState,
  market: MarketState,
  mid: number,
): { noiseVar: number; lagS: number } {
  const { params, member } = inst;
  let noiseBps = params.venueNoiseBps;
  let lagMs = params.venueLagMs;
  if (params.venueWeights === "estimated") {
    const { noise, leadLag } = market.estimates;
    noiseBps = noise.omegaBps[member]?.value ?? noiseBps;
    lagMs = leadLag.lags[member]?.valueMs ?? lagMs;
  }
  return { noiseVar: ((noiseBps * mid) / 1e4) ** 2, lagS: lagMs / 1e3 };
}
