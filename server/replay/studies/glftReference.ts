/**
 * Bid distances at 600 s for the parameters of the paper's figures 1 and 4, which print curves and no
 * numbers: by an independent implementation of theorem 1, to the digits that it gave. Ticks, by inventory.
 */

export type Reference = ReadonlyMap<number, number>;

export const FIGURE_1_REFERENCE: Reference = new Map([
  [-10, 2.632802],
  [-9, 2.7006392],
  [-8, 2.7685368],
  [-7, 2.8364878],
  [-6, 2.9044851],
  [-5, 2.9725218],
  [-4, 3.0405906],
  [-3, 3.1086846],
  [-2, 3.1767965],
  [-1, 3.2449192],
  [0, 3.3130454],
  [1, 3.3811681],
  [2, 3.44928],
  [3, 3.5173739],
  [4, 3.5854428],
  [5, 3.6534794],
  [6, 3.7214768],
  [7, 3.7894277],
  [8, 3.8573253],
  [9, 3.9251626],
  [10, 3.9929326],
]);

export const FIGURE_4_REFERENCE: Reference = new Map([
  [-10, -1.0721848],
  [-5, 1.1002445],
  [0, 3.5256511],
  [5, 5.9185169],
  [10, 8.0227474],
]);

/** Half a unit of the last digit, and room for the rounding of both computations. */
export const REFERENCE_TOLERANCE_TICKS = 1e-7;
