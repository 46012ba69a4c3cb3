/** How fast measured inventory is traded away: the check on the half-life that the quotes imply (models §7). */

/**
 * From samples `sampleS` apart: q_t+1 = b·q_t + noise without a constant, b = Σq_t·q_t+1/Σq_t², half-life
 * −ln2·dt/ln b. Undefined where inventory does not return (b ≥ 1) or turns over within one sample (b ≤ 0).
 */
export function inventoryHalfLife(
  samples: readonly number[],
  sampleS: number,
): { readonly persistence: number; readonly halfLifeS: number } | undefined {
  let products = 0;
  let squares = 0;
  for (let t = 0; t + 1 < samples.length; t++) {
    const now = samples[t] ?? 0;
    products += now * (samples[t + 1] ?? 0);
    squares += now * now;
  }
  const persistence = products / squares;
  if (!(persistence > 0 && persistence < 1)) return undefined;
  return { persistence, halfLifeS: (-Math.LN2 * sampleS) / Math.log(persistence) };
}
