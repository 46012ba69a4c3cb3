/**
 * Rows for training and for testing, in time order, with nothing of the test's outcome in the training
 * (López de Prado 2018, ch. 7): a label looks `h` ahead, so the last rows before the test are left out.
 */

/** Indices of rows. Times, horizon and embargo in one unit; the test is [testStart, testEnd). */
export function purgedSplit(
  times: readonly number[],
  window: {
    readonly h: number;
    /** max(h, the longest look-back of a feature made like a label, 60 s). */
    readonly embargo: number;
    readonly testStart: number;
    readonly testEnd: number;
  },
): { train: number[]; test: number[] } {
  const train: number[] = [];
  const test: number[] = [];
  for (const [row, t] of times.entries()) {
    if (t + window.h + window.embargo < window.testStart) train.push(row);
    else if (t >= window.testStart && t < window.testEnd) test.push(row);
  }
  return { train, test };
}
