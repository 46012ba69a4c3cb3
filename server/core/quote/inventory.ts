/** Sizes and limits that follow from signed inventory: long > 0, base units (or lots, all alike). */

/**
 * Size per side: only the side that adds to |q − q*| shrinks, by (1 − |q − q*|/qMax)^β, and is nothing
 * at the limit. The reducing side keeps its full size.
 */
export function sizeSkew(size: {
  readonly base: number;
  readonly q: number;
  readonly qStar: number;
  readonly qMax: number;
  readonly beta: number;
}): { bid: number; ask: number } {
  const { base, q, qStar, qMax, beta } = size;
  if (!(qMax > 0)) throw new RangeError(`the inventory limit must be positive, not ${qMax}`);
  const used = Math.min(Math.max((q - qStar) / qMax, -1), 1);
  return {
    bid: base * (1 - Math.max(used, 0)) ** beta,
    ask: base * (1 - Math.max(-used, 0)) ** beta,
  };
}

/**
 * Whether the worst case is allowed: `worst` = q + this order + everything open, in flight, UNKNOWN and
 * both halves of an unconfirmed amend on its side. Inside the limit, or nearer to flat without crossing
 * it: what reduces is never blocked, and several orders that each reduce cannot together flip the position.
 */
export function withinLimit(q: number, worst: number, limit: number): boolean {
  if (Math.abs(worst) <= limit) return true;
  return Math.sign(worst) === Math.sign(q) && Math.abs(worst) < Math.abs(q);
}
