import { describe, expect, it } from "vitest";
import { readVectors, type VectorChecks } from "../support/vectors.ts";
import { crossExchangeChecks } from "../vectors/checks/crossExchange.ts";
import { flowChecks } from "../vectors/checks/flow.ts";
import { intensityChecks } from "../vectors/checks/intensity.ts";
import { quotingChecks } from "../vectors/checks/quoting.ts";
import { statisticsChecks } from "../vectors/checks/statistics.ts";

const CHECKS: VectorChecks = {
  ...quotingChecks,
  ...intensityChecks,
  ...flowChecks,
  ...statisticsChecks,
  ...crossExchangeChecks,
};

/** What the strategy document computes and the code must not. */
const NEGATIVE = new Set(["as_seed_wrong", "seed_python_wrong"]);
/** Absolute tolerance near zero. */
const NEAR_ZERO = 1e-11;

const vectors = readVectors();

/** Paths at which the two differ. A number that nobody computed differs. */
function differences(ours: unknown, theirs: unknown, tolerance: number, path: string): string[] {
  if (typeof theirs === "number") {
    if (typeof ours !== "number") return [`${path}: ${String(ours)} is no number`];
    const near = Math.abs(ours - theirs) <= Math.max(NEAR_ZERO, tolerance * Math.abs(theirs));
    return near ? [] : [`${path}: ${ours} is not ${theirs}`];
  }
  if (theirs === null || typeof theirs !== "object")
    return ours === theirs ? [] : [`${path}: ${String(ours)}`];
  if (ours === null || typeof ours !== "object") return [`${path}: ${String(ours)}`];
  const found = new Map(Object.entries(ours));
  return Object.entries(theirs).flatMap(([key, value]) =>
    differences(found.get(key), value, tolerance, `${path}.${key}`),
  );
}

describe("the reference vectors", () => {
  it("are 80, and each is computed by the code", () => {
    expect(vectors.length).toBe(80);
    expect(vectors.map(({ id }) => id).filter((id) => !(id in CHECKS))).toEqual([]);
  });

  it.each(vectors.filter(({ id }) => !NEGATIVE.has(id)))(
    "$id is met: $desc",
    ({ id, inputs, outputs, tol_rel }) => {
      const compute = CHECKS[id];
      if (compute === undefined) throw new Error(`nothing computes ${id}`);
      expect(differences(compute(inputs as never), outputs, tol_rel, id)).toEqual([]);
    },
  );

  it.each(vectors.filter(({ id }) => NEGATIVE.has(id)))(
    "$id is not met: $desc",
    ({ id, inputs, outputs }) => {
      const compute = CHECKS[id];
      if (compute === undefined) throw new Error(`nothing computes ${id}`);
      const ours = compute(inputs as never);
      expect(Object.keys(ours as object)).toEqual(expect.arrayContaining(Object.keys(outputs)));
      expect(differences(ours, outputs, 1e-6, id)).not.toEqual([]);
    },
  );
});
