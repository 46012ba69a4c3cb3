/**
 * When a quote is worth moving. A cancel costs the place in the queue; a quote that stands e away from
 * its optimum costs 1 − e^(−ke)(1 + ke) ≈ (ke)²/2 of the expected edge, 2 % at e = 0.2/k.
 */

/** max(1 tick, toleranceK/k), in price: nearer than this a quote stays where it is. */
export function requoteTolerance(tick: number, toleranceK: number, k: number): number {
  return Math.max(tick, toleranceK / k);
}

/** V(δ* + e)/V(δ*) = e^(−ke)(1 + ke): the share of the edge that a quote keeps at `displacement` from its optimum. */
export function misplacedValueFrac(k: number, displacement: number): number {
  const x = k * displacement;
  return Math.exp(-x) * (1 + x);
}
