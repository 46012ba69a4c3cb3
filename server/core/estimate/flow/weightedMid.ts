/** The mid weighted by the sizes on both sides: the cheap stand-in for the micro-price while that is COLD. */
import type { BestQuotes } from "./orderFlowImbalance.ts";

/** I = q_b/(q_b + q_a), 0 … 1: > ½ when the bid is heavier. Undefined for a top without size. */
export function bookImbalance(top: BestQuotes): number | undefined {
  const size = top.bidSize + top.askSize;
  return size > 0 ? top.bidSize / size : undefined;
}

/**
 * I·ask + (1 − I)·bid, in the unit of the prices. Only for spreads of one tick: on wider ones it moves by the whole
 * spread with sizes that say little, and overshoots (models §3.5).
 */
export function weightedMid(top: BestQuotes): number | undefined {
  const imbalance = bookImbalance(top);
  return imbalance === undefined ? undefined : imbalance * top.ask + (1 - imbalance) * top.bid;
}
