/**
 * What toxic flow does to one side of an instrument's quotes. Up to a score of 1 the expected loss c widens
 * it; above, its fills lose more than they capture, and the side is withdrawn for a while. The strategy
 * document's rule on trade imbalance is the second function, to be selected instead.
 */
import { bpsOf, MICROS_PER_SECOND } from "../../contract/units.ts";

/** Below this many fills the score is luck. */
const FILLS_MIN = 50;
const WITHDRAWN_S = 30;
/** From here on c takes a good part of the edge. */
const SCORE_WIDE = 0.5;
/** A side that was withdrawn is toxic until its score is back here: the limit itself would flicker. */
const SCORE_RELEASE = 0.8;

export interface Toxicity {
  toxic: boolean;
  /** The side is not quoted before this instant. */
  untilUs: number | undefined;
}

export interface ToxicityReading {
  readonly verdict: "NORMAL" | "WIDE" | "WITHDRAWN";
  /** c/e_net; undefined before a fill, and where fills capture nothing that it could be a share of. */
  readonly score: number | undefined;
  /** Fills behind it. */
  readonly n: number;
  readonly untilUs: number | undefined;
}

/** `cost` = c before its cap, `edgeNet` = mean captured edge less fees, both in price; `n` fills. */
export interface ToxicityEvidence {
  readonly cost: number;
  readonly edgeNet: number | undefined;
  readonly n: number;
}

export function createToxicity(): Toxicity {
  return { toxic: false, untilUs: undefined };
}

/**
 * With each new markout at the cost's horizon, and only then: a side that is back from its 30 s is quoted until a
 * new fill speaks against it, or it would never be seen to have become better. Fills that were already made when it
 * was withdrawn do not prolong that.
 */
export function judgeToxicity(state: Toxicity, atUs: number, seen: ToxicityEvidence): void {
  if (isWithdrawn(state, atUs)) return;
  const limit = state.toxic ? SCORE_RELEASE : 1;
  state.toxic = seen.n >= FILLS_MIN && exceeds(seen, limit);
  state.untilUs = state.toxic ? atUs + WITHDRAWN_S * MICROS_PER_SECOND : undefined;
}

export function isWithdrawn(state: Toxicity, atUs: number): boolean {
  return state.untilUs !== undefined && atUs < state.untilUs;
}

export function readToxicity(state: Toxicity, atUs: number, seen: ToxicityEvidence): ToxicityReading {
  const { cost, edgeNet, n } = seen;
  const withdrawn = isWithdrawn(state, atUs);
  return {
    verdict: withdrawn ? "WITHDRAWN" : exceeds(seen, SCORE_WIDE) ? "WIDE" : "NORMAL",
    score: edgeNet !== undefined && edgeNet > 0 ? Math.max(0, cost) / edgeNet : undefined,
    n,
    untilUs: withdrawn ? state.untilUs : undefined,
  };
}

/** Without a division: fills that capture nothing, or pay to trade, are toxic at any cost. */
function exceeds({ cost, edgeNet }: ToxicityEvidence, score: number): boolean {
  if (edgeNet === undefined) return false;
  return edgeNet > 0 ? Math.max(0, cost) > score * edgeNet : true;
}

/** The document's numbers, in bps of fair value where it had a fraction used as a price. */
export const DOCUMENT_IMBALANCE = 0.6;
export const DOCUMENT_ADD_BPS = 10;
export const DOCUMENT_SIZE_FACTOR = 0.5;

export interface SideAdjustment {
  /** To the distance from fair value, price. */
  readonly bidAdd: number;
  readonly askAdd: number;
  readonly bidSizeFactor: number;
  readonly askSizeFactor: number;
}

/**
 * Beyond ±`threshold` of trade imbalance: +`addBps` of fair value and `sizeFactor` of the size on the side that the
 * flow runs into, the ask when buyers press. The document widened and shrank both sides, although its signal has a
 * sign (models row 35). Undefined imbalance, fewer than 20 trades, is no pressure.
 */
export function imbalanceRule(
  imbalance: number | undefined,
  fair: number,
  {
    threshold = DOCUMENT_IMBALANCE,
    addBps = DOCUMENT_ADD_BPS,
    sizeFactor = DOCUMENT_SIZE_FACTOR,
  }: { readonly threshold?: number; readonly addBps?: number; readonly sizeFactor?: number } = {},
): SideAdjustment {
  const askExposed = imbalance !== undefined && imbalance > threshold;
  const bidExposed = imbalance !== undefined && imbalance < -threshold;
  const add = bpsOf(fair, addBps);
  return {
    bidAdd: bidExposed ? add : 0,
    askAdd: askExposed ? add : 0,
    bidSizeFactor: bidExposed ? sizeFactor : 1,
    askSizeFactor: askExposed ? sizeFactor : 1,
  };
}
