/** The estimators of a market as a view: derived from the state, never part of it. */
import type {
  EstimatesView,
  EstimateView,
  InformationShareView,
  SideFlowView,
  VenueEstimatesView,
} from "../contract/estimates.ts";
import type { Side } from "../contract/units.ts";
import { viewArbitrage } from "./arbitrageView.ts";
import { readExpectedLoss } from "./estimate/adverse/expectedLoss.ts";
import { readMarkoutCurve } from "./estimate/adverse/markoutCurve.ts";
import { MARKOUT_HORIZONS_S } from "./estimate/adverse/markouts.ts";
import { shrunkCovariance } from "./estimate/covariance/ewCovariance.ts";
import { repairedCorrelation, splitCovariance } from "./estimate/covariance/psdRepair.ts";
import type { Estimate } from "./estimate/estimate.ts";
import { readFlow } from "./estimate/flow/flow.ts";
import { LOSS_HALF_LIFE_S, lossUse, toxicityEvidence } from "./estimate/instrumentEstimates.ts";
import { readIntensity } from "./estimate/intensity/intensity.ts";
import { readLag } from "./estimate/leadLag/leadLag.ts";
import { readOrnsteinUhlenbeck } from "./estimate/ornsteinUhlenbeck.ts";
import { readVenueNoise } from "./estimate/venueNoise.ts";
import { readVolatility } from "./estimate/volatility.ts";
import { compareModels } from "./quote/compare.ts";
import { REVERSION_GRID } from "./quote/target.ts";
import { readToxicity } from "./quote/toxicity.ts";
import { eigenOf } from "./linear/eigen.ts";
import type { Engine, EngineState, InstrumentState, MarketState } from "./state.ts";

/** Fewer returns of a pair say nothing of how two markets move together. */
const RETURNS_MIN = 60;
/** Eigenvalues of more markets take longer than a question to the engine may. */
const CORRELATED_MAX = 20;

const SIDES: readonly Side[] = ["buy", "sell"];

/** Undefined when the desk has no such market. */
export function viewEstimates(engine: Engine, name: string): EstimatesView | undefined {
  const { state } = engine;
  const market = state.markets.find((candidate) => candidate.market === name);
  if (market === undefined) return undefined;
  const { fair } = market;
  const members = market.instruments.flatMap((index) => state.instruments[index] ?? []);
  const reversion = readOrnsteinUhlenbeck(market.estimates.reversion, REVERSION_GRID.stepS, state.nowUs);
  return {
    atUs: state.nowUs,
    market: name,
    estimates: [
      volatilityOf(market, state.nowUs, fair),
      named(reversion.theta, "mean reversion θ", "speed at which fair value returns to its mean", "1/s"),
      named(reversion.mu, "mean μ", "where fair value returns to", "price"),
    ],
    reversionSignificant: reversion.significant,
    venues: fair === undefined ? [] : members.map((inst) => viewVenue(engine, inst, market, fair)),
    informationShares: viewShares(market, members),
    ...viewCorrelations(state, market.index),
    arbitrage:
      fair === undefined
        ? undefined
        : viewArbitrage(engine, market, { fair, sigma: market.volatility.valuePerSqrtS }),
  };
}

function volatilityOf(market: MarketState, nowUs: number, fair: number | undefined): EstimateView {
  const { status, valuePerSqrtS, stderrPerSqrtS, nEff, ageMs } = readVolatility(market.volatility, nowUs);
  const reading = { state: status, value: valuePerSqrtS, stderr: stderrPerSqrtS, nEff, ageMs };
  return named(scaled(reading, toBps(fair)), "volatility σ", "standard deviation of fair value", "bps/√s");
}

function viewVenue(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  fair: number,
): VenueEstimatesView {
  const { nowUs } = engine.state;
  const { estimates, member, definition } = inst;
  const intensity = readIntensity(estimates.intensity, nowUs, fair);
  const flow = readFlow(estimates.flow, nowUs);
  const noise = readVenueNoise(market.estimates.noise, member, nowUs);
  const lag = market.estimates.leadLag.lags[member];
  return {
    account: definition.account,
    symbol: definition.symbol,
    law: intensity.law,
    estimates: [
      named(
        inverse(intensity.k, toBps(fair)),
        "fill decay 1/k",
        "distance over which fills fall by a factor e",
        "bps",
      ),
      named(
        scaled(intensity.A, 60),
        "fill rate A",
        "fills a minute of an order at fair value, per side",
        "1/min",
      ),
      named(
        scaled(intensity.tapeA, 60),
        "fill rate of the tape",
        "what A starts from: sweeps of all takers",
        "1/min",
      ),
      ...(noise === undefined
        ? []
        : [named(noise, "noise ω", "how far its mid strays from fair value", "bps")]),
      ...(lag === undefined ? [] : [named(readLag(lag, nowUs), "lag", "how far it trails the leader", "ms")]),
      named(flow.tradeImbalance, "trade imbalance", "aggressive buys less sells, −1 … 1", ""),
      named(flow.orderFlowShort, "order flow, 1 s", "order-flow imbalance of the best quotes", "depths"),
      named(flow.orderFlowLong, "order flow, 10 s", "order-flow imbalance of the best quotes", "depths"),
      named(flow.microPriceTicks, "micro-price − mid", "where the mid is expected to settle", "ticks"),
      named(flow.vpin, "VPIN", "volume imbalance over equal buckets; shown, not priced from", ""),
    ],
    sides: SIDES.map((side) => viewSide(engine, inst, market, fair, side)),
    models: definition.quoted ? compareModels(engine, inst, market) : [],
  };
}

function viewSide(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  fair: number,
  side: Side,
): SideFlowView {
  const { nowUs } = engine.state;
  const losses = inst.estimates.losses[side];
  const use = lossUse(engine, inst, market);
  const evidence = toxicityEvidence(engine, inst, market, side);
  const k = inst.pricing?.k;
  const cost: Estimate =
    use === undefined || k === undefined
      ? { state: "COLD", value: undefined, stderr: undefined, nEff: 0, ageMs: undefined }
      : readExpectedLoss(losses, { ...use, sizeFrac: 1, k });
  const toxicity = evidence && readToxicity(inst.estimates.toxicity[side], nowUs, evidence);
  const bps = toBps(fair);
  const curve =
    use === undefined
      ? []
      : readMarkoutCurve(losses, MARKOUT_HORIZONS_S, {
          atUs: nowUs,
          halfLifeS: LOSS_HALF_LIFE_S,
          sigmaPerSqrtS: use.sigmaPerSqrtS,
        });
  return {
    side,
    cost: named(scaled(cost, bps), "expected loss c", "expected move against us after a fill", "bps"),
    markouts: curve.map(({ horizonS, value: markout, stderr, nEff }) => ({
      horizonS,
      bps: times(markout, bps),
      stderrBps: times(stderr, bps),
      nEff,
    })),
    toxicity: toxicity?.score,
    verdict: toxicity?.verdict ?? "NORMAL",
    fills: toxicity?.n ?? 0,
    untilUs: toxicity?.untilUs,
  };
}

function viewShares(market: MarketState, members: readonly InstrumentState[]): InformationShareView[] {
  const { latest } = market.estimates.shares;
  if (latest === undefined) return [];
  return latest.venues.flatMap((member, at) => {
    const definition = members[member]?.definition;
    if (definition === undefined) return [];
    return {
      account: definition.account,
      symbol: definition.symbol,
      lower: latest.lower[at] ?? 0,
      upper: latest.upper[at] ?? 0,
      mid: latest.mid[at] ?? 0,
      gonzaloGranger: latest.gonzaloGranger[at] ?? 0,
    };
  });
}

function viewCorrelations(
  { markets, covariance }: EngineState,
  own: number,
): Pick<EstimatesView, "correlations" | "shrinkage"> {
  const { size } = covariance;
  const shrunk = size > 1 && size <= CORRELATED_MAX ? shrunkCovariance(covariance) : undefined;
  const split =
    shrunk === undefined || shrunk.nEff < RETURNS_MIN ? undefined : splitCovariance(shrunk.covariance, size);
  if (shrunk === undefined || split === undefined) return { correlations: [], shrinkage: undefined };
  const repaired = repairedCorrelation(eigenOf(split.correlation, size));
  return {
    correlations: markets
      .filter((market) => market.index !== own)
      .map((market) => {
        const correlation = repaired[own * size + market.index] ?? 0;
        return {
          market: market.market,
          correlation,
          stderr: (1 - correlation ** 2) / Math.sqrt(shrunk.nEff),
        };
      }),
    shrinkage: shrunk.shrinkage,
  };
}

function named(estimate: Estimate, name: string, help: string, unit: string): EstimateView {
  const { state: status, value, stderr, nEff, ageMs } = estimate;
  return { name, help, unit, status, value, stderr, nEff, ageMs };
}

function scaled(estimate: Estimate, factor: number | undefined): Estimate {
  return { ...estimate, value: times(estimate.value, factor), stderr: times(estimate.stderr, factor) };
}

/** 1/x in another unit, its error to first order. */
function inverse(estimate: Estimate, factor: number | undefined): Estimate {
  const { value, stderr } = estimate;
  if (value === undefined || factor === undefined)
    return { ...estimate, value: undefined, stderr: undefined };
  return {
    ...estimate,
    value: factor / value,
    stderr: stderr === undefined ? undefined : (factor * stderr) / (value * value),
  };
}

function times(value: number | undefined, factor: number | undefined): number | undefined {
  return value === undefined || factor === undefined ? undefined : value * factor;
}

/** Factor from price to bps of fair value. */
function toBps(fair: number | undefined): number | undefined {
  return fair === undefined ? undefined : 1e4 / fair;
}
