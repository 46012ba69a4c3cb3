/** Timing and the shape of a benchmark's result. */

/** Percentiles of fewer say nothing about a p99. */
const N_MIN = 1_000;

export interface Distribution {
  readonly name: string;
  readonly unit: "µs" | "ms";
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly n: number;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

export type Measurement = Distribution | Figure;

/** A limit that a result must keep; the words are those of the design's table. */
export interface Budget {
  readonly name: string;
  readonly field: "p50" | "p95" | "p99" | "max" | "value";
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Suite {
  readonly results: readonly Measurement[];
  readonly budgets: readonly Budget[];
}

const NS_PER = { µs: 1e3, ms: 1e6 } as const;

/** From durations in nanoseconds; sorts its argument. */
export function distributionOf(
  name: string,
  durationsNs: Float64Array,
  unit: Distribution["unit"] = "µs",
): Distribution {
  const n = durationsNs.length;
  if (n < N_MIN) throw new Error(`${name}: ${n} measurements are too few for percentiles`);
  durationsNs.sort();
  const at = (share: number): number => {
    const ns = durationsNs[Math.min(n - 1, Math.floor(share * n))] ?? 0;
    return Math.round((ns * 100) / NS_PER[unit]) / 100;
  };
  return { name, unit, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), n };
}

/** What a run broke, one line each. */
export function brokenBudgets({ results, budgets }: Suite): string[] {
  return budgets.flatMap(({ name, field, atMost, atLeast }) => {
    const result = results.find((candidate) => candidate.name === name);
    const value = result === undefined ? undefined : (result as Partial<Record<typeof field, number>>)[field];
    if (value === undefined) return [`${name} has no ${field}`];
    if (atMost !== undefined && value > atMost) return [`${name} ${field} is ${value}, its budget ${atMost}`];
    if (atLeast !== undefined && value < atLeast)
      return [`${name} ${field} is ${value}, its budget at least ${atLeast}`];
    return [];
  });
}
