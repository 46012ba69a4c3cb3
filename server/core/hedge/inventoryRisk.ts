/**
 * √(q'Σq): what inventories together may lose or win in one standard deviation, by venue or by asset. A long
 * here and a short there cancel in the net and double in the gross; what is left at risk is their difference.
 */

/** `covariance` row by row, price² per the time it is for; the result is in currency over the same time. */
export function inventoryRisk(inventoryBase: ArrayLike<number>, covariance: ArrayLike<number>): number {
  const n = inventoryBase.length;
  if (covariance.length !== n * n)
    throw new RangeError(`${n} inventories need a covariance of ${n * n} numbers, not ${covariance.length}`);
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      sum += (inventoryBase[i] ?? 0) * (covariance[i * n + j] ?? 0) * (inventoryBase[j] ?? 0);
  // A difference of large numbers may come out a hair below nothing.
  return Math.sqrt(Math.max(0, sum));
}

/** σ²·11ᵀ + diag(basis variance): one asset on several venues, each with a basis that moves by itself. */
export function venueCovariance(sigma: number, basisVar: ArrayLike<number>): Float64Array {
  const n = basisVar.length;
  const covariance = new Float64Array(n * n).fill(sigma * sigma);
  for (let i = 0; i < n; i++) covariance[i * n + i] = sigma * sigma + (basisVar[i] ?? 0);
  return covariance;
}
