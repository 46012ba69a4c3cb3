/**
 * The determinant of a small square matrix, row by row in `a`, by elimination with partial pivoting; spoils
 * `a`.
 */
export function determinant(a: Float64Array, size: number): number {
  let product = 1;
  for (let column = 0; column < size; column++) {
    const pivotRow = largestBelow(a, size, column);
    const pivot = a[pivotRow * size + column] ?? 0;
    if (pivot === 0) return 0;
    if (pivotRow !== column) {
      swapRows(a, size, pivotRow, column);
      product = -product;
    }
    product *= pivot;
    for (let row = column + 1; row < size; row++) {
      const factor = (a[row * size + column] ?? 0) / pivot;
      for (let m = column; m < size; m++)
        a[row * size + m] = (a[row * size + m] ?? 0) - factor * (a[column * size + m] ?? 0);
    }
  }
  return product;
}

function largestBelow(a: Float64Array, size: number, column: number): number {
  let best = column;
  for (let row = column + 1; row < size; row++)
    if (Math.abs(a[row * size + column] ?? 0) > Math.abs(a[best * size + column] ?? 0)) best = row;
  return best;
}

function swapRows(a: Float64Array, size: number, one: number, other: number): void {
  for (let m = 0; m < size; m++) {
    const kept = a[one * size + m] ?? 0;
    a[one * size + m] = a[other * size + m] ?? 0;
    a[other * size + m] = kept;
  }
}
