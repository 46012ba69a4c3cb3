/**
 * The others' depth in one venue's book. Makers follow the efficient price late (lag), with noise (a fast
 * Ornstein–Uhlenbeck process) and around a lasting difference (basis, a slow one). Levels sit on a grid of
 * whole ticks; each update re-centres the book and renews one level picked at random, which makes every
 * level that takers have consumed come back at an exponential rate.
 */
import type { Instrument } from "../../contract/instrument.ts";
import { bpsOf, MICROS_PER_SECOND } from "../../contract/units.ts";
import type { DepthRecord } from "../ports.ts";
import { randomStream } from "../random.ts";
import type { AgentBook } from "./agentsParams.ts";
import type { MarketProcess } from "./agentsProcess.ts";
import { nextArrivalUs } from "./agentsProcess.ts";

/** What takers know of a book. Prices are logarithms over the start price, in bps. */
export interface BookView {
  readonly instrument: number;
  readonly meanLevelLots: number;
  /** Mean lots per bp of depth. */
  readonly lotsPerBp: number;
  /** Where the makers see the price. */
  readonly fairBps: number;
  /** What they should see at an instant within the price's memory: no lag, no noise. */
  trueBpsAt(atUs: number): number;
  /** Not rounded. */
  ticksOf(logBps: number): number;
}

interface BookOptions {
  readonly params: AgentBook;
  readonly instrument: number;
  readonly definition: Instrument;
  /** Efficient price in the venue's quote currency: start, and logarithm over it in bps. */
  readonly startPrice: number;
  readonly logBpsAt: (atUs: number) => number;
  readonly startAtUs: number;
  readonly seed: number;
}

export function createAgentBook(options: BookOptions): BookView & MarketProcess {
  const { params, instrument, definition, startPrice, logBpsAt, seed } = options;
  const stream = (purpose: string) => randomStream(seed, `${params.account} ${params.symbol} ${purpose}`);
  const updates = stream("updates");
  const deviations = stream("deviations");
  const startTicks = startPrice / Number(definition.tick);
  const spacingTicks = Math.max(1, Math.round(bpsOf(startTicks, params.levelSpacingBps)));
  const meanLevelLots = params.levelSizeBase / Number(definition.lot);
  const drawSize = stream("sizes").gamma(params.levelSizeShape, meanLevelLots / params.levelSizeShape);
  const drawLots = () => Math.max(1, Math.round(drawSize()));
  const { levels } = params;
  const lagUs = params.lagS * MICROS_PER_SECOND;
  let noiseBps = deviations.normal() * params.noiseSdBps;
  let basisBps = deviations.normal() * params.basisSdBps;
  let fairBps = 0;
  let lastAtUs = options.startAtUs;
  let nextAtUs = options.startAtUs;
  /** Best prices in units of the grid, asks negated: on both sides a higher number is a better price. */
  let bestBid = -Infinity;
  let bestAsk = -Infinity;

  const ticksOf = (logBps: number) => startTicks * Math.exp(logBps * 1e-4);

  /** Exact over any time step: mean reversion to 0 with a stationary standard deviation. */
  function revert(value: number, sd: number, tauS: number, elapsedS: number): number {
    const kept = Math.exp(-elapsedS / tauS);
    return value * kept + sd * Math.sqrt(1 - kept * kept) * deviations.normal();
  }

  /** The levels that a move of the best price from `before` to `after` brings and takes, and one renewed. */
  function changes(before: number, after: number, renewed: number, sign: 1 | -1): number[] {
    const flat: number[] = [];
    const high = Math.max(before, after);
    const low = Math.min(before, after);
    for (let at = high; at > low; at -= 1) change(flat, at, before, after, sign);
    if (renewed <= low && renewed > high - levels) change(flat, renewed, before, after, sign);
    for (let at = Math.min(low, high - levels); at > low - levels; at -= 1)
      change(flat, at, before, after, sign);
    return flat;
  }

  function change(flat: number[], at: number, before: number, after: number, sign: 1 | -1): void {
    if (at <= after && at > after - levels) flat.push(at * sign * spacingTicks, drawLots());
    else if (at <= before && at > before - levels) flat.push(at * sign * spacingTicks, 0);
  }

  function allLevels(best: number, sign: 1 | -1): number[] {
    const flat: number[] = [];
    for (let at = best; at > best - levels; at -= 1) flat.push(at * sign * spacingTicks, drawLots());
    return flat;
  }

  function recentre(atUs: number): void {
    const elapsedS = (atUs - lastAtUs) / MICROS_PER_SECOND;
    lastAtUs = atUs;
    noiseBps = revert(noiseBps, params.noiseSdBps, params.noiseTauS, elapsedS);
    basisBps = revert(basisBps, params.basisSdBps, params.basisTauS, elapsedS);
    fairBps = logBpsAt(atUs - lagUs) + basisBps + noiseBps;
  }

  return {
    instrument,
    meanLevelLots,
    lotsPerBp: meanLevelLots / ((spacingTicks / startTicks) * 1e4),
    get fairBps() {
      return fairBps;
    },
    get nextAtUs() {
      return nextAtUs;
    },
    ticksOf,
    trueBpsAt: (atUs) => logBpsAt(atUs) + basisBps,
    fire(): DepthRecord {
      const atUs = nextAtUs;
      nextAtUs = nextArrivalUs(atUs, updates.exponential(), params.updatesPerS);
      recentre(atUs);
      const fairTicks = ticksOf(fairBps);
      const halfTicks = bpsOf(fairTicks, params.halfSpreadBps);
      const bid = Math.round((fairTicks - halfTicks) / spacingTicks);
      const ask = -Math.max(bid + 1, Math.round((fairTicks + halfTicks) / spacingTicks));
      const isFirst = bestBid === -Infinity;
      const pick = Math.floor(updates.uniform() * 2 * levels);
      const bids = isFirst
        ? allLevels(bid, 1)
        : changes(bestBid, bid, pick < levels ? bid - pick : Infinity, 1);
      const asks = isFirst
        ? allLevels(ask, -1)
        : changes(bestAsk, ask, pick < levels ? Infinity : ask - pick + levels, -1);
      bestBid = bid;
      bestAsk = ask;
      return {
        kind: isFirst ? "snapshot" : "delta",
        instrument,
        exchangeAtUs: atUs,
        venueAtUs: atUs,
        bids,
        asks,
      };
    },
  };
}
