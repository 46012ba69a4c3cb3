import { describe, expect, it } from "vitest";
import { randomStream } from "../../../server/lab/random.ts";

const DRAWS = 40_000;

function moments(draw: () => number): { mean: number; sd: number } {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, x) => sum + x, 0) / DRAWS;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / DRAWS;
  return { mean, sd: Math.sqrt(variance) };
}

describe("a random stream", () => {
  it("repeats itself for the same seed and label, and only then", () => {
    const first = (seed: number, label: string) =>
      Array.from({ length: 8 }, randomStream(seed, label).uniform);
    expect(first(1, "latency")).toEqual(first(1, "latency"));
    expect(first(1, "latency")).not.toEqual(first(2, "latency"));
    expect(first(1, "latency")).not.toEqual(first(1, "faults"));
    expect(first(1, "1")).not.toEqual(first(11, ""));
  });

  it("is not shifted by what another stream draws", () => {
    const alone = randomStream(7, "a");
    const expected = [alone.normal(), alone.normal()];
    const beside = randomStream(7, "a");
    const other = randomStream(7, "b");
    const drawn = [beside.normal(), other.normal(), other.exponential(), beside.normal()];
    expect([drawn[0], drawn[3]]).toEqual(expected);
  });

  // Tolerances are five standard errors of 40,000 draws at this seed's own spread.
  it.each([
    { name: "uniform", draw: randomStream(3, "u").uniform, mean: 0.5, sd: Math.sqrt(1 / 12) },
    { name: "normal", draw: randomStream(3, "n").normal, mean: 0, sd: 1 },
    { name: "exponential", draw: randomStream(3, "e").exponential, mean: 1, sd: 1 },
    { name: "gamma", draw: randomStream(3, "g").gamma(2, 3), mean: 6, sd: Math.sqrt(18) },
    { name: "poisson", draw: randomStream(3, "p").poisson(4), mean: 4, sd: 2 },
    {
      name: "lognormal",
      draw: randomStream(3, "l").lognormal(0, 0.5),
      mean: Math.exp(0.125),
      sd: Math.exp(0.125) * Math.sqrt(Math.exp(0.25) - 1),
    },
  ])("$name has its mean and standard deviation", ({ draw, mean, sd }) => {
    const found = moments(draw);
    expect(Math.abs(found.mean - mean)).toBeLessThan((5 * sd) / Math.sqrt(DRAWS));
    expect(Math.abs(found.sd / sd - 1)).toBeLessThan(0.05);
  });
});
