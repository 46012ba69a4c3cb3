/** From half of a limit on its rule is in the picture; a limit far away would flatten the line. */
const NEAR_FRAC = 0.5;

interface Range {
  readonly minValue: number;
  readonly maxValue: number;
}

/** The range of a scale, widened to ± the limit on the side where values have come near it. */
export function withNearLimits({ minValue, maxValue }: Range, limit: number | undefined): Range {
  if (limit === undefined) return { minValue, maxValue };
  return {
    minValue: minValue <= -limit * NEAR_FRAC ? Math.min(minValue, -limit) : minValue,
    maxValue: maxValue >= limit * NEAR_FRAC ? Math.max(maxValue, limit) : maxValue,
  };
}
