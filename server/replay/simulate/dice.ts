import type { RandomStream } from "../../lab/random.ts";

/** Choices from one seeded stream. */
export class Dice {
  readonly #random: RandomStream;

  constructor(random: RandomStream) {
    this.#random = random;
  }

  chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }

  between(min: number, max: number): number {
    return min + (max - min) * this.#random.uniform();
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.#random.uniform() * choices.length)];
    if (choice === undefined) throw new Error("invariant: nothing to choose from");
    return choice;
  }

  /** Exponential, with this mean. */
  wait(meanS: number): number {
    return Math.round(this.#random.exponential() * meanS * 1e6);
  }
}
