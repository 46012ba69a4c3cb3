/** What the engine's estimators say of a market after watching it, beside what is true of that market. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { Estimate } from "../../../core/estimate/estimate.ts";
import { readIntensity } from "../../../core/estimate/intensity/intensity.ts";
import { readLag } from "../../../core/estimate/leadLag/leadLag.ts";
import { readVenueNoise } from "../../../core/estimate/venueNoise.ts";
import { readVolatility } from "../../../core/estimate/volatility.ts";
import type { Engine } from "../../../core/state.ts";
import { EngineRun } from "../../../engine/engineRun.ts";
import { createEfficientPrice, type EfficientPrice } from "../../../lab/drivers/agentsPrice.ts";
import type { AgentBook, AgentMarket } from "../../../lab/drivers/agentsParams.ts";
import { World } from "../../../lab/world/world.ts";
import { openExchanges } from "../../backtest.ts";
import { closedScenario, FEED_LATENCY_US } from "./closedWorld.ts";

export const QUANTITIES = ["σ", "1/k", "A", "ω", "lag"] as const;
export type Quantity = (typeof QUANTITIES)[number];

export interface Recovered {
  readonly seed: number;
  /** The market as a whole has none. */
  readonly venue: string | undefined;
  readonly quantity: Quantity;
  readonly value: number | undefined;
  readonly stderr: number | undefined;
  /** The simulator's parameter; undefined where it has no single one. */
  readonly parameter: number | undefined;
  /** The same measured on what the simulator did, with what nobody in the market sees. */
  readonly realised: number | undefined;
}

const SLICE = 8_192;
/** Mids are compared with the efficient price at most this often, and with what they were so long before. */
const SAMPLE_US = 200_000;
const NOISE_APART_US = 5 * MICROS_PER_SECOND;
const SETTLING_US = 2 * MICROS_PER_SECOND;

export interface RecoverOptions {
  readonly seed: number;
  /** Whether volatility has one value: in a market without stress and jumps. */
  readonly isCalm: boolean;
  readonly onProgress?: ((seconds: number) => void) | undefined;
}

export function recover(market: AgentMarket, { seed, isCalm, onProgress }: RecoverOptions): Recovered[] {
  const scenario = closedScenario(market);
  const run = new EngineRun(scenario.config);
  const truth = new Truth(market);
  const world = new World({
    ...scenario,
    exchanges: openExchanges(scenario),
    engine: (event) => {
      const effects = run.handle(event);
      if (event.type === "timer") truth.samplePrice(event.atUs);
      if (event.type === "book") truth.sampleMid(run.engine, event.instrument, event.atUs);
      return effects;
    },
  });
  while (!world.advance(SLICE))
    onProgress?.((world.result().endedAtUs - scenario.fromUs) / MICROS_PER_SECOND);
  return readAll(run.engine, market, { seed, isCalm, truth });
}

function readAll(
  { state }: Engine,
  agents: AgentMarket,
  { seed, isCalm, truth }: { readonly seed: number; readonly isCalm: boolean; readonly truth: Truth },
): Recovered[] {
  const market = state.markets[0];
  const fair = market?.fair;
  if (market === undefined || fair === undefined) throw new Error("invariant: a market without fair value");
  const bps = 1e4 / fair;
  const { nowUs } = state;
  const { valuePerSqrtS, stderrPerSqrtS } = readVolatility(market.volatility, nowUs);
  const found: Recovered[] = [
    {
      seed,
      venue: undefined,
      quantity: "σ",
      value: times(valuePerSqrtS, bps),
      stderr: times(stderrPerSqrtS, bps),
      parameter: isCalm ? agents.assets[0]?.calmVolBps : undefined,
      realised: truth.sigmaBps(),
    },
  ];
  for (const [v, book] of agents.books.entries()) {
    const inst = state.instruments[v];
    if (inst === undefined) continue;
    const { k, tapeA } = readIntensity(inst.estimates.intensity, nowUs, fair);
    const noise = readVenueNoise(market.estimates.noise, v, nowUs);
    const add = (quantity: Quantity, seen: Estimate, parameter: number, realised?: number): void => {
      const { value, stderr } = seen;
      found.push({ seed, venue: book.account, quantity, value, stderr, parameter, realised });
    };
    add("1/k", reachOf(k, bps), 1 / book.noise.reachDecayPerBp);
    add(
      "A",
      { ...tapeA, value: times(tapeA.value, 60), stderr: times(tapeA.stderr, 60) },
      60 * takersPerS(book),
    );
    if (noise !== undefined) add("ω", noise, book.noiseSdBps, truth.noiseBps(v));
    const lag = market.estimates.leadLag.lags[v];
    // Lags count from the leader: its own is 0 by definition.
    if (lag !== undefined && book.lagS > 0) add("lag", readLag(lag, nowUs), book.lagS * 1e3);
  }
  return found;
}

function reachOf({ value, stderr, ...rest }: Estimate, bps: number): Estimate {
  if (value === undefined || stderr === undefined) return { ...rest, value: undefined, stderr: undefined };
  return { ...rest, value: bps / value, stderr: (bps * stderr) / value ** 2 };
}

/** Per side, from the mean of a Hawkes process that excites itself: base rate over 1 − branching ratio. */
function takersPerS({ noise }: AgentBook): number {
  return noise.baseRatePerS / (1 - noise.selfExcitation - noise.crossExcitation);
}

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

/** What only the simulator knows: the efficient price, and how far every fresh mid is from it. */
class Truth {
  readonly #price: EfficientPrice;
  readonly #market: AgentMarket;
  readonly #mids: MidErrors[];
  readonly #prices: number[] = [];
  #nextUs: number;

  constructor(market: AgentMarket) {
    const asset = market.assets[0];
    if (asset === undefined) throw new Error("invariant: a market without an asset");
    this.#market = market;
    this.#price = createEfficientPrice(asset, market.seed, market.startAtUs);
    this.#nextUs = market.startAtUs + SETTLING_US;
    this.#mids = market.books.map(() => ({ mid: undefined, nextUs: this.#nextUs, errors: [] }));
  }

  samplePrice(atUs: number): void {
    if (atUs < this.#nextUs) return;
    this.#nextUs = atUs + SAMPLE_US;
    this.#prices.push(this.#price.logBpsAt(atUs));
  }

  /** A mid counts when it has just changed, as for the estimator: between its changes it ages besides. */
  sampleMid({ state }: Engine, v: number, atUs: number): void {
    const kept = this.#mids[v];
    const book = this.#market.books[v];
    const mid = state.instruments[v]?.midReporting;
    if (kept === undefined || book === undefined || mid === undefined || mid === kept.mid) return;
    kept.mid = mid;
    if (atUs < kept.nextUs) return;
    kept.nextUs = atUs + SAMPLE_US;
    const seenUs = atUs - FEED_LATENCY_US - book.lagS * MICROS_PER_SECOND;
    const startPrice = this.#market.assets[0]?.startPrice ?? NaN;
    kept.errors.push({ atUs, bps: 1e4 * Math.log(mid / startPrice) - this.#price.logBpsAt(seenUs) });
  }

  noiseBps(v: number): number | undefined {
    const squares = meanSquareChange(this.#mids[v]?.errors ?? []);
    return squares === undefined ? undefined : Math.sqrt(squares / 2);
  }

  sigmaBps(): number | undefined {
    const apart = MICROS_PER_SECOND / SAMPLE_US;
    const prices = this.#prices;
    if (prices.length <= apart) return undefined;
    let sum = 0;
    for (let i = apart; i < prices.length; i++) sum += ((prices[i] ?? 0) - (prices[i - apart] ?? 0)) ** 2;
    return Math.sqrt(sum / (prices.length - apart));
  }
}

interface MidErrors {
  mid: number | undefined;
  nextUs: number;
  readonly errors: { readonly atUs: number; readonly bps: number }[];
}

/** Of each error against the latest that is `NOISE_APART_US` older. */
function meanSquareChange(errors: MidErrors["errors"]): number | undefined {
  let sum = 0;
  let count = 0;
  let before = 0;
  for (const { atUs, bps } of errors) {
    while ((errors[before + 1]?.atUs ?? Infinity) <= atUs - NOISE_APART_US) before += 1;
    const old = errors[before];
    if (old === undefined || old.atUs > atUs - NOISE_APART_US) continue;
    sum += (bps - old.bps) ** 2;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}
