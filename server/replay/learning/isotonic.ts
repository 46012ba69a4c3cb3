/**
 * Isotonic calibration by pooling adjacent violators (Ayer et al. 1955): the non-decreasing step function
 * of the score that is nearest to the outcomes. For 5,000 rows and more; fewer take Platt's two parameters.
 */

/** A block of scores with one calibrated probability. */
export interface CalibrationBlock {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Outcomes are 0 or 1. Rows of one score count together. Blocks rise in score and strictly in value. */
export function fitIsotonic(scores: readonly number[], outcomes: readonly number[]): CalibrationBlock[] {
  if (scores.length !== outcomes.length)
    throw new RangeError(`${scores.length} scores cannot be calibrated on ${outcomes.length} outcomes`);
  const rows = scores.map((score, row) => ({ score, outcome: outcomes[row] ?? 0 }));
  rows.sort((a, b) => a.score - b.score);
  const blocks: { from: number; to: number; sum: number; n: number }[] = [];
  for (const { score, outcome } of rows) {
    const before = blocks.at(-1);
    if (before?.to === score) {
      before.sum += outcome;
      before.n += 1;
    } else blocks.push({ from: score, to: score, sum: outcome, n: 1 });
  }
  return pool(blocks).map(({ from, to, sum, n }) => ({ from, to, value: sum / n }));
}

/** The value of the block, a straight line between two of them, and the outermost values beyond. */
export function calibrate(blocks: readonly CalibrationBlock[], score: number): number | undefined {
  let below: CalibrationBlock | undefined;
  for (const block of blocks) {
    if (score < block.from) return below === undefined ? block.value : between(below, block, score);
    if (score <= block.to) return block.value;
    below = block;
  }
  return below?.value;
}

function pool<T extends { to: number; sum: number; n: number }>(ordered: readonly T[]): T[] {
  const pooled: T[] = [];
  for (const block of ordered) {
    pooled.push({ ...block });
    for (;;) {
      const last = pooled.at(-1);
      const before = pooled.at(-2);
      // Cross-multiplied sums of whole outcomes: equal means are seen as equal.
      if (last === undefined || before === undefined || before.sum * last.n < last.sum * before.n) break;
      before.to = last.to;
      before.sum += last.sum;
      before.n += last.n;
      pooled.pop();
    }
  }
  return pooled;
}

function between(below: CalibrationBlock, above: CalibrationBlock, score: number): number {
  const share = (score - below.to) / (above.from - below.to);
  return below.value + share * (above.value - below.value);
}
