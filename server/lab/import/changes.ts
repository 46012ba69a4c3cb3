/** What turns one side of a book into the next; both flat and best price first, as is the result. A size of 0 removes. */
export function changedLevels(
  before: readonly number[],
  after: readonly number[],
  side: "bids" | "asks",
): number[] {
  const changes: number[] = [];
  let old = 0;
  let now = 0;
  while (old < before.length || now < after.length) {
    const oldTicks = before[old];
    const nowTicks = after[now];
    if (oldTicks !== undefined && oldTicks === nowTicks) {
      const sizeLots = after[now + 1] ?? 0;
      if (sizeLots !== before[old + 1]) changes.push(nowTicks, sizeLots);
      old += 2;
      now += 2;
    } else if (oldTicks !== undefined && (nowTicks === undefined || isBetter(oldTicks, nowTicks, side))) {
      changes.push(oldTicks, 0);
      old += 2;
    } else {
      changes.push(nowTicks ?? 0, after[now + 1] ?? 0);
      now += 2;
    }
  }
  return changes;
}

function isBetter(a: number, b: number, side: "bids" | "asks"): boolean {
  return side === "bids" ? a > b : a < b;
}
