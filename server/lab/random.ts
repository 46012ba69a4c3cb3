/**
 * Seeded randomness of the lab. Each consumer has a stream of its own, named by its purpose and derived
 * from the run's seed, so that a consumer that is added, or draws more, never shifts another's numbers.
 */
import { createHash } from "node:crypto";
import { randomExponential, randomGamma, randomLogNormal, randomNormal, randomPoisson } from "d3-random";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

export interface RandomStream {
  /** [0, 1) */
  readonly uniform: () => number;
  /** Mean 0, standard deviation 1. */
  readonly normal: () => number;
  /** Mean 1. */
  readonly exponential: () => number;
  /** Samplers that are made once and drawn from often; all draw from this stream. */
  gamma(shape: number, scale: number): () => number;
  lognormal(mu: number, sigma: number): () => number;
  poisson(mean: number): () => number;
}

/** The stream named `label` of a run. SHA-256 makes streams with near seeds or labels unrelated. */
export function randomStream(seed: number, label: string): RandomStream {
  const digest = createHash("sha256").update(`${seed} ${label}`).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    normal: randomNormal.source(uniform)(),
    exponential: randomExponential.source(uniform)(1),
    gamma: randomGamma.source(uniform),
    lognormal: randomLogNormal.source(uniform),
    poisson: randomPoisson.source(uniform),
  };
}
