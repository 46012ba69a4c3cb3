import { describe, expect, it } from "vitest";
import {
  exponentialLogLik,
  profileLomax,
  type Depths,
} from "../../../../../server/core/estimate/intensity/lomaxFit.ts";

const STEPS = Int32Array.of(0, 3, 1, 12, 0, 7, 2, 40, 5, 1);
const N = STEPS.length;
const MEAN = STEPS.reduce((a, b) => a + b, 0) / N;
const EVEN: Depths = { steps: STEPS, gaps: new Int32Array(N).fill(1), n: N };
const UNEVEN: Depths = { steps: STEPS, gaps: Int32Array.of(3, 1, 2, 28, 3, 5, 1, 9, 2, 1), n: N };

function direct({ steps, gaps }: Depths, survive: (j: number) => number): number {
  return steps.reduce((sum, j, i) => sum + Math.log(survive(j) - survive(j + (gaps[i] ?? 1))), 0);
}

const lomax = (alpha: number, d0: number) => (j: number) => (1 + j / d0) ** -alpha;
const exponential = (k: number) => (j: number) => Math.exp(-k * j);

describe("the likelihoods of depths between levels", () => {
  it.each([
    { name: "even gaps, d0 = 0.3", depths: EVEN, d0: 0.3 },
    { name: "even gaps, d0 = 4", depths: EVEN, d0: 4 },
    { name: "even gaps, d0 = 60", depths: EVEN, d0: 60 },
    { name: "uneven gaps, d0 = 4", depths: UNEVEN, d0: 4 },
  ])(
    "of the power law: that of reaching one level and not the next, at its best α, $name",
    ({ depths, d0 }) => {
      const { alpha, logLik } = profileLomax(depths, d0);
      expect(logLik).toBeCloseTo(direct(depths, lomax(alpha, d0)), 8);
      expect(direct(depths, lomax(alpha * 1.01, d0))).toBeLessThan(logLik);
      expect(direct(depths, lomax(alpha * 0.99, d0))).toBeLessThan(logLik);
    },
  );

  it("of the power law tend to the exponential as d0 grows, whatever the gaps", () => {
    for (const depths of [EVEN, UNEVEN]) {
      const { alpha, logLik } = profileLomax(depths, 1e7);
      expect(logLik).toBeCloseTo(exponentialLogLik(depths), 4);
      expect(logLik).toBeCloseTo(direct(depths, exponential(alpha / 1e7)), 4);
    }
    expect(profileLomax(EVEN, 1e7).alpha / 1e7).toBeCloseTo(Math.log(1 + 1 / MEAN), 6);
  });

  it("of the exponential are the geometric one at its best where every gap is a tick", () => {
    const at = (q: number) => STEPS.reduce((sum, j) => sum + Math.log((1 - q) * q ** j), 0);
    const q = MEAN / (1 + MEAN);
    expect(exponentialLogLik(EVEN)).toBeCloseTo(at(q), 10);
    expect(at(q * 1.01)).toBeLessThan(at(q));
  });

  it("read only the first n depths", () => {
    const longer: Depths = {
      steps: Int32Array.of(...STEPS, 999),
      gaps: Int32Array.of(...EVEN.gaps, 50),
      n: N,
    };
    expect(profileLomax(longer, 4)).toEqual(profileLomax(EVEN, 4));
    expect(exponentialLogLik(longer)).toBe(exponentialLogLik(EVEN));
  });
});
