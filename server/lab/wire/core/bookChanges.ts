/** What turns one side of a book into another. Levels are flat `[priceTicks, sizeLots, …]`, best first. */

interface BothSides {
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** The changes without the first level that is gone: whoever is told these keeps a ghost. Undefined: none is gone. */
export function withGhost({ bids, asks }: BothSides): BothSides | undefined {
  const fewerBids = withoutRemoval(bids);
  if (fewerBids !== undefined) return { bids: fewerBids, asks };
  const fewerAsks = withoutRemoval(asks);
  return fewerAsks && { bids, asks: fewerAsks };
}

function withoutRemoval(changes: readonly number[]): number[] | undefined {
  for (let i = 0; i < changes.length; i += 2) if (changes[i + 1] === 0) return changes.toSpliced(i, 2);
  return undefined;
}

/**
 * Size 0 for what is gone; `direction` 1 for bids, −1 for asks. Of a side that is full at `depth` levels it does not say
 * what has fallen out behind them.
 */
export function changesOf(
  before: readonly number[],
  after: readonly number[],
  direction: 1 | -1,
  depth = Infinity,
): number[] {
  const changes: number[] = [];
  let old = 0;
  for (let i = 0; i < after.length; i += 2) {
    const ticks = after[i] as number;
    for (; old < before.length && ((before[old] as number) - ticks) * direction > 0; old += 2)
      changes.push(before[old] as number, 0);
    const isKnown = before[old] === ticks;
    if (!isKnown || before[old + 1] !== after[i + 1]) changes.push(ticks, after[i + 1] as number);
    if (isKnown) old += 2;
  }
  if (after.length < 2 * depth) for (; old < before.length; old += 2) changes.push(before[old] as number, 0);
  return changes;
}
