/**
 * The adjustments of the micro-price from transition counts. Stoikov (2018) sums G* = Σ BⁱG¹ with
 * G¹ = (I − Q)⁻¹R₁K and B = (I − Q)⁻¹R₂, where Q are transitions without a move of the mid, R₂ those with
 * one, and R₁K the expected move. Multiplied by I − Q that is one equation, (I − Q − R₂)·G* = R₁K: no
 * sum to cut off, and the two kinds of transition need not be told apart.
 */

export interface TransitionCounts {
  /** States that are solved for, and all states. */
  readonly rows: number;
  readonly columns: number;
  /** Out of each row's state into each state, row by row. */
  readonly counts: Float64Array;
  /** Σ of moves and of their squares on leaving each row's state. */
  readonly moves: Float64Array;
  readonly moveSquares: Float64Array;
  /** The row whose adjustment a state has, and with which sign; 0 for none. */
  readonly rowOf: (state: number) => number;
  readonly signOf: (state: number) => -1 | 0 | 1;
  /** Weight of "the mid stays where it is", in transitions; keeps a state that was hardly seen at 0. */
  readonly nPrior: number;
}

/**
 * Adjustment and standard error per row, in the unit of the moves; 0 for states that were never left. The error takes
 * a move and what follows it as independent: they are opposed, so it is an upper bound.
 */
export function solveAdjustments(input: TransitionCounts): {
  adjustments: Float64Array;
  stderrs: Float64Array;
} {
  const { rows, columns, counts, moves, moveSquares, rowOf, signOf, nPrior } = input;
  const matrix = new Float64Array(rows * rows);
  const totals = new Float64Array(rows);
  const expected = new Float64Array(rows);
  for (let x = 0; x < rows; x++) {
    let n = nPrior;
    for (let y = 0; y < columns; y++) n += counts[x * columns + y] ?? 0;
    totals[x] = n;
    matrix[x * rows + x] = 1;
    if (n === 0) continue;
    expected[x] = (moves[x] ?? 0) / n;
    for (let y = 0; y < columns; y++) {
      const cell = x * rows + rowOf(y);
      matrix[cell] = (matrix[cell] ?? 0) - (signOf(y) * (counts[x * columns + y] ?? 0)) / n;
    }
  }
  const inverse = invert(matrix, rows);
  const adjustments = multiply(inverse, expected, rows);
  const variances = new Float64Array(rows);
  for (let x = 0; x < rows; x++) {
    const n = totals[x] ?? 0;
    if (n === 0) continue;
    let after = moveSquares[x] ?? 0;
    for (let y = 0; y < columns; y++)
      after += (counts[x * columns + y] ?? 0) * (signOf(y) * (adjustments[rowOf(y)] ?? 0)) ** 2;
    variances[x] = after / n / n;
  }
  const stderrs = multiply(
    inverse.map((m) => m * m),
    variances,
    rows,
  ).map(Math.sqrt);
  // Adding zero: the state knows no −0.
  return { adjustments: adjustments.map((a) => a + 0), stderrs };
}

/**
 * Gauss–Jordan without pivoting, in place on a copy: a row's own entry exceeds the sum of the others as soon as
 * some transitions lead elsewhere, to balance or to the prior. Throws where none do.
 */
export function invert(matrix: Float64Array, size: number): Float64Array {
  const a = matrix.slice();
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) inverse[i * size + i] = 1;
  for (let p = 0; p < size; p++) {
    const pivot = a[p * size + p] ?? 0;
    if (!(Math.abs(pivot) > 1e-12)) throw new Error("invariant: states that never lead back to balance");
    for (let column = 0; column < size; column++) {
      a[p * size + column] = (a[p * size + column] ?? 0) / pivot;
      inverse[p * size + column] = (inverse[p * size + column] ?? 0) / pivot;
    }
    for (let row = 0; row < size; row++) {
      const factor = a[row * size + p] ?? 0;
      if (row === p || factor === 0) continue;
      for (let column = 0; column < size; column++) {
        a[row * size + column] = (a[row * size + column] ?? 0) - factor * (a[p * size + column] ?? 0);
        inverse[row * size + column] =
          (inverse[row * size + column] ?? 0) - factor * (inverse[p * size + column] ?? 0);
      }
    }
  }
  return inverse;
}

export function multiply(matrix: Float64Array, vector: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let column = 0; column < size; column++)
      sum += (matrix[row * size + column] ?? 0) * (vector[column] ?? 0);
    out[row] = sum;
  }
  return out;
}
