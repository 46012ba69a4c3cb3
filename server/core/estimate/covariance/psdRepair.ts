/**
 * The nearest usable correlation matrix by clipping eigenvalues and rescaling the diagonal to 1 (Rebonato and
 * Jäckel 1999; Higham 2002 has the nearest one proper). Pairs that were measured at different instants need
 * it.
 */
import { rebuild, type Eigen } from "../../linear/eigen.ts";

/** Least eigenvalue of a correlation matrix that is left as it is. */
export const EIGENVALUE_MIN = 1e-6;

/** From the eigenvalues and vectors of a correlation matrix. */
export function repairedCorrelation(eigen: Eigen, floor = EIGENVALUE_MIN): Float64Array {
  const { size } = eigen;
  const clipped = rebuild(eigen, (value) => Math.max(value, floor));
  const scale = Float64Array.from({ length: size }, (_, i) => 1 / Math.sqrt(clipped[i * size + i] ?? NaN));
  return clipped.map(
    (value, at) => value * (scale[Math.floor(at / size)] ?? 0) * (scale[at % size] ?? 0) + 0,
  );
}

/** Correlations and standard deviations; undefined where a variance is not positive. */
export function splitCovariance(
  covariance: Float64Array,
  size: number,
): { readonly correlation: Float64Array; readonly deviations: Float64Array } | undefined {
  const deviations = Float64Array.from({ length: size }, (_, i) =>
    Math.sqrt(covariance[i * size + i] ?? NaN),
  );
  if (!deviations.every((deviation) => deviation > 0)) return undefined;
  const correlation = covariance.map(
    (value, at) => value / ((deviations[Math.floor(at / size)] ?? NaN) * (deviations[at % size] ?? NaN)) + 0,
  );
  return { correlation, deviations };
}
