/** An exponentially weighted count, and how many equal observations it is worth. */
export interface Weight {
  /** Σ w. */
  sum: number;
  /** Σ w². */
  squares: number;
}

/** Below this nothing is left that could be seen in a result; it also keeps the sums clear of underflow. */
const FORGOTTEN = 1e-9;

export function createWeight(): Weight {
  return { sum: 0, squares: 0 };
}

/** A whole observation, or the part of one that was seen (`frac` in (0, 1]): the parts of one add up to one. */
export function addWeight(weight: Weight, frac: number): void {
  weight.sum += frac;
  weight.squares += frac;
}

/** `kept` in (0, 1]: the factor on every weight. */
export function fadeWeight(weight: Weight, kept: number): void {
  weight.sum *= kept;
  weight.squares *= kept * kept;
  if (weight.sum > FORGOTTEN) return;
  weight.sum = 0;
  weight.squares = 0;
}

/** (Σw)²/Σw² (Kish 1965): the variance of a weighted mean is that of the plain mean of so many. */
export function effectiveCount({ sum, squares }: Weight): number {
  return squares > 0 ? (sum * sum) / squares : 0;
}
