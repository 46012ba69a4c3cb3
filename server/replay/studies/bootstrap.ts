/**
 * Intervals from one tape by resampling its blocks of time (Künsch 1989): what happens within a block stays
 * together, so dependence shorter than a block is kept. Percentiles of the resampled sums.
 */
import { quantile } from "simple-statistics";
import type { RandomStream } from "../../lab/random.ts";
import { LEVEL } from "./intervals.ts";
import type { Interval } from "./study.ts";

/** Fewer blocks, and the tape is too short to say how much another one would differ. */
export const BLOCKS_MIN = 10;

/** Enough that an end of the interval moves by less than a tenth of its length from one seed to the next. */
const RESAMPLES = 2_000;

/** Of the sum over all blocks; undefined with too few. */
export function bootstrapSum(blocks: readonly number[], random: RandomStream): Interval | undefined {
  if (blocks.length < BLOCKS_MIN) return undefined;
  const sums: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    let sum = 0;
    for (let j = 0; j < blocks.length; j++) sum += blocks[Math.floor(random.uniform() * blocks.length)] ?? 0;
    sums.push(sum);
  }
  const tail = (1 - LEVEL) / 2;
  return {
    value: blocks.reduce((total, block) => total + block, 0),
    low: quantile(sums, tail),
    high: quantile(sums, 1 - tail),
  };
}
