/** Small dense symmetric positive definite systems, row by row in one Float64Array. */

/**
 * A pivot below this share of its diagonal is rounding: the matrix is singular for all that doubles can tell.
 */
const PIVOT_MIN_FRAC = 1e-12;

/**
 * Writes the factor L of A = L·Lᵀ over the lower triangle of `a`; the upper triangle is left as it is. False,
 * with `a` spoilt, when A is not positive definite.
 */
export function factorCholesky(a: Float64Array, size: number): boolean {
  for (let j = 0; j < size; j++) {
    const diagonal = a[j * size + j] ?? 0;
    let pivot = diagonal;
    for (let m = 0; m < j; m++) pivot -= (a[j * size + m] ?? 0) ** 2;
    if (!(pivot > PIVOT_MIN_FRAC * diagonal)) return false;
    const root = Math.sqrt(pivot);
    a[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      let sum = a[i * size + j] ?? 0;
      for (let m = 0; m < j; m++) sum -= (a[i * size + m] ?? 0) * (a[j * size + m] ?? 0);
      a[i * size + j] = sum / root;
    }
  }
  return true;
}

/** Solves A·x = b for the factor that `factorCholesky` left, over `b`. */
export function solveCholesky(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = b[i] ?? 0;
    for (let m = 0; m < i; m++) sum -= (factor[i * size + m] ?? 0) * (b[m] ?? 0);
    b[i] = sum / (factor[i * size + i] ?? NaN);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[i] ?? 0;
    for (let m = i + 1; m < size; m++) sum -= (factor[m * size + i] ?? 0) * (b[m] ?? 0);
    b[i] = sum / (factor[i * size + i] ?? NaN);
  }
}
