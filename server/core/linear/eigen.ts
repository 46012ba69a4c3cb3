/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix
 * Computations, sec. 8.5), in pieces: the work in progress is plain data, so that a slow loop can take some
 * rotations at a time and a snapshot can be taken between them.
 */
export interface Eigen {
  readonly size: number;
  /** Becomes diagonal: the eigenvalues. */
  readonly matrix: Float64Array;
  /** Column j is the eigenvector of the j-th eigenvalue. */
  readonly vectors: Float64Array;
  /** An element of this size or smaller is nothing beside the matrix. */
  readonly negligible: number;
  row: number;
  column: number;
  /** Rotations of the sweep under way; a sweep without any is the last. */
  rotations: number;
  sweeps: number;
  done: boolean;
}

/** Jacobi converges quadratically and needs 6 to 10 sweeps at any size; more means that it cannot. */
const SWEEPS_MAX = 40;

/** Copies `matrix`, which is symmetric, row by row. */
export function startEigen(matrix: Float64Array, size: number): Eigen {
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  let squares = 0;
  for (const value of matrix) squares += value * value;
  return {
    size,
    matrix: matrix.slice(0, size * size),
    vectors,
    negligible: 1e-17 * Math.sqrt(squares),
    row: 0,
    column: 1,
    rotations: 0,
    sweeps: 0,
    done: size < 2,
  };
}

/** Visits at most `visitsMax` elements; one costs about 6·size multiplications. True once all is done. */
export function advanceEigen(eigen: Eigen, visitsMax: number): boolean {
  for (let visit = 0; visit < visitsMax && !eigen.done; visit++) {
    if (Math.abs(eigen.matrix[eigen.row * eigen.size + eigen.column] ?? 0) > eigen.negligible) {
      rotate(eigen, eigen.row, eigen.column);
      eigen.rotations += 1;
    }
    goOn(eigen);
  }
  return eigen.done;
}

export function eigenOf(matrix: Float64Array, size: number): Eigen {
  const eigen = startEigen(matrix, size);
  advanceEigen(eigen, Infinity);
  return eigen;
}

/** V·diag(f(λ))·Vᵀ: a function of the matrix, such as its root. */
export function rebuild(eigen: Eigen, f: (eigenvalue: number) => number): Float64Array {
  const { size, vectors, matrix } = eigen;
  const out = new Float64Array(size * size);
  for (let m = 0; m < size; m++) {
    const value = f(matrix[m * size + m] ?? 0);
    for (let i = 0; i < size; i++) {
      const scaled = value * (vectors[i * size + m] ?? 0);
      for (let j = 0; j <= i; j++)
        out[i * size + j] = (out[i * size + j] ?? 0) + scaled * (vectors[j * size + m] ?? 0);
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) out[j * size + i] = out[i * size + j] ?? 0;
  return out;
}

function goOn(eigen: Eigen): void {
  eigen.column += 1;
  if (eigen.column < eigen.size) return;
  eigen.row += 1;
  eigen.column = eigen.row + 1;
  if (eigen.column < eigen.size) return;
  eigen.done = eigen.rotations === 0;
  eigen.sweeps += 1;
  if (!eigen.done && eigen.sweeps >= SWEEPS_MAX)
    throw new Error(
      `invariant: ${SWEEPS_MAX} Jacobi sweeps did not make a ${eigen.size} × ${eigen.size} matrix diagonal`,
    );
  eigen.row = 0;
  eigen.column = 1;
  eigen.rotations = 0;
}

/** Makes the element (p, q) zero. */
function rotate({ matrix, vectors, size }: Eigen, p: number, q: number): void {
  const apq = matrix[p * size + q] ?? 0;
  const halfGap = ((matrix[q * size + q] ?? 0) - (matrix[p * size + p] ?? 0)) / (2 * apq);
  const t = (halfGap < 0 ? -1 : 1) / (Math.abs(halfGap) + Math.hypot(1, halfGap));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (let i = 0; i < size; i++) turn(matrix, i * size + p, i * size + q, c, s);
  for (let i = 0; i < size; i++) turn(matrix, p * size + i, q * size + i, c, s);
  for (let i = 0; i < size; i++) turn(vectors, i * size + p, i * size + q, c, s);
  matrix[p * size + q] = 0;
  matrix[q * size + p] = 0;
}

function turn(values: Float64Array, at: number, other: number, c: number, s: number): void {
  const x = values[at] ?? 0;
  const y = values[other] ?? 0;
  // Adding 0 makes +0 of −0, which a hashed state may not hold.
  values[at] = c * x - s * y + 0;
  values[other] = s * x + c * y + 0;
}
