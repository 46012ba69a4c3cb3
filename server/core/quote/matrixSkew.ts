/**
 * Skew over several markets at once: what is held of one asset moves the quotes of all that go with it.
 * Quadratic approximation of the multi-asset problem (Bergault, Evangelista, Guéant and Vieira 2021, arXiv
 * 1810.04383):
 *
 *   A = ½√γ·D₊^−½·(D₊^½·Σ·D₊^½)^½·D₊^−½,  D₊ = diag(2·Σ_v α_vΔ_v),
 *   δ_bid,i = c1_i + 2(A·q)_i + Δ_i·A_ii,  δ_ask,i = c1_i − 2(A·q)_i + Δ_i·A_ii.
 *
 * With one market 2A is the skew slope s of `glft.ts`.
 */
import { advanceEigen, rebuild, startEigen, type Eigen } from "../linear/eigen.ts";

export interface MatrixSkewRisk {
  /** Σ, price²/s, row by row: positive semidefinite. */
  readonly covariance: Float64Array;
  /** Σ_v α_vΔ_v of each market, base/(price·s): `liquidity` of `glft.ts` over its venues; positive. */
  readonly liquidity: readonly number[];
  /** 1/quote currency. */
  readonly gamma: number;
}

export interface MatrixSkew {
  readonly size: number;
  /** A, price/base, row by row. */
  readonly matrix: Float64Array;
}

/** The root that A needs, in pieces for the slow loop. */
export interface MatrixSkewWork {
  readonly gamma: number;
  /** D₊^½. */
  readonly roots: Float64Array;
  readonly eigen: Eigen;
}

export function startMatrixSkew({ covariance, liquidity, gamma }: MatrixSkewRisk): MatrixSkewWork {
  const size = liquidity.length;
  const roots = Float64Array.from(liquidity, (pooled) => Math.sqrt(2 * pooled));
  const weighed = covariance.map(
    (value, at) => value * (roots[Math.floor(at / size)] ?? NaN) * (roots[at % size] ?? NaN) + 0,
  );
  return { gamma, roots, eigen: startEigen(weighed, size) };
}

/** Visits at most `visitsMax` elements of the matrix; the result once all is done. */
export function advanceMatrixSkew(work: MatrixSkewWork, visitsMax: number): MatrixSkew | undefined {
  if (!advanceEigen(work.eigen, visitsMax)) return undefined;
  const { gamma, roots, eigen } = work;
  const { size } = eigen;
  // What rounding leaves below zero has no root.
  const matrix = rebuild(eigen, (value) => Math.sqrt(Math.max(value, 0))).map(
    (value, at) =>
      (0.5 * Math.sqrt(gamma) * value) / ((roots[Math.floor(at / size)] ?? NaN) * (roots[at % size] ?? NaN)) +
      0,
  );
  return { size, matrix };
}

export function matrixSkew(risk: MatrixSkewRisk): MatrixSkew {
  const skew = advanceMatrixSkew(startMatrixSkew(risk), Infinity);
  if (skew === undefined) throw new Error("invariant: an unbounded number of visits did not suffice");
  return skew;
}

/**
 * 2(A·q)_i, price: how far market i's quotes move down for the inventories `q` (base, long > 0) of all
 * markets.
 */
export function skewOf({ size, matrix }: MatrixSkew, market: number, q: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < size; j++) sum += (matrix[market * size + j] ?? 0) * (q[j] ?? 0);
  return 2 * sum;
}

/** Δ_i·A_ii, price: what the size of an order adds to its own distance. */
export function sizeTermOf({ size, matrix }: MatrixSkew, market: number, orderSize: number): number {
  return orderSize * (matrix[market * size + market] ?? 0);
}
