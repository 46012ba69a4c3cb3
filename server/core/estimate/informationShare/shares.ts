/**
 * Which venue finds the price: from how prices come back to each other (α) and how their innovations go
 * together (Ω). One random walk is common to all venues of a market; its innovation is ψ·e with ψ orthogonal
 * to α.
 */
import { determinant } from "../../linear/determinant.ts";
import { factorCholesky, solveCholesky } from "../../linear/cholesky.ts";

export interface InformationShares {
  /** Gonzalo and Granger (1995): α⊥ scaled to sum 1. An estimate of a follower may be slightly negative. */
  readonly gonzaloGranger: readonly number[];
  /** Hasbrouck (1995): share of the variance of the common innovation, ordered last and first. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly mid: readonly number[];
}

/**
 * `alpha` is members × (members − 1), row by row, `omega` members × members. Undefined where no venue comes
 * back to the others, or Ω is singular: then there is nothing to share out.
 */
export function informationShares(
  alpha: Float64Array,
  omega: Float64Array,
  members: number,
): InformationShares | undefined {
  const psi = orthogonalTo(alpha, members);
  let sum = 0;
  let largest = 0;
  for (const weight of psi) {
    sum += weight;
    largest = Math.max(largest, Math.abs(weight));
  }
  // Weights that cancel leave no common price to weigh.
  if (!(Math.abs(sum) > 1e-9 * largest)) return undefined;
  const bounds = hasbrouckBounds(psi, omega, members);
  if (bounds === undefined) return undefined;
  const { lower, upper } = bounds;
  return {
    gonzaloGranger: Array.from(psi, (weight) => weight / sum),
    lower,
    upper,
    mid: lower.map((share, member) => (share + (upper[member] ?? NaN)) / 2),
  };
}

/** The vector orthogonal to all columns of `alpha`, by cofactors: (α₂, −α₁) for two venues. */
function orthogonalTo(alpha: Float64Array, members: number): Float64Array {
  const columns = members - 1;
  const out = new Float64Array(members);
  const minor = new Float64Array(columns * columns);
  for (let member = 0; member < members; member++) {
    let at = 0;
    for (let row = 0; row < members; row++) {
      if (row === member) continue;
      for (let column = 0; column < columns; column++) minor[at++] = alpha[row * columns + column] ?? 0;
    }
    const sign = member % 2 === 0 ? 1 : -1;
    out[member] = sign * determinant(minor, columns) + 0;
  }
  return out;
}

/**
 * IS_j = ([ψF]_j)²/(ψΩψᵀ) with F the Cholesky factor of Ω depends on the order of the venues: most when j
 * comes first, ((Ωψ)_j)²/Ω_jj, least when it comes last, ψ_j²/(Ω⁻¹)_jj. Of two venues these are the two
 * orders there are.
 */
function hasbrouckBounds(
  psi: Float64Array,
  omega: Float64Array,
  members: number,
): { readonly lower: number[]; readonly upper: number[] } | undefined {
  const factor = omega.slice();
  if (!factorCholesky(factor, members)) return undefined;
  const together = Array.from(psi, (_, row) => {
    let sum = 0;
    for (let m = 0; m < members; m++) sum += (omega[row * members + m] ?? 0) * (psi[m] ?? 0);
    return sum;
  });
  const variance = together.reduce((sum, value, member) => sum + value * (psi[member] ?? 0), 0);
  if (!(variance > 0)) return undefined;
  const upper = together.map((value, j) => value ** 2 / (omega[j * members + j] ?? NaN) / variance);
  const lower = together.map((_, j) => {
    const unit = new Float64Array(members);
    unit[j] = 1;
    solveCholesky(factor, members, unit);
    return (psi[j] ?? 0) ** 2 / (unit[j] ?? NaN) / variance;
  });
  return { lower, upper };
}
