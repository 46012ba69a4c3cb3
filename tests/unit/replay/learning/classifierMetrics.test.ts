import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifierMetrics } from "../../../../server/replay/learning/classifierMetrics.ts";

const rows = fc.array(
  fc.record({ y: fc.constantFrom(0, 1), p: fc.integer({ min: 0, max: 20 }).map((tenths) => tenths / 20) }),
  { minLength: 2, maxLength: 40 },
);

describe("the metrics of a classifier", () => {
  it("have an AUC that is the share of pairs in the right order, ties by half", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const { auc } = classifierMetrics(
          list.map(({ y }) => y),
          list.map(({ p }) => p),
        );
        const ones = list.filter(({ y }) => y === 1);
        const zeros = list.filter(({ y }) => y === 0);
        let right = 0;
        for (const one of ones)
          for (const zero of zeros) right += one.p > zero.p ? 1 : one.p === zero.p ? 0.5 : 0;
        if (ones.length === 0 || zeros.length === 0) expect(auc).toBeUndefined();
        else expect(auc).toBeCloseTo(right / (ones.length * zeros.length), 12);
      }),
    );
  });

  it("show no skill for the base rate itself", () => {
    const metrics = classifierMetrics([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5]);
    expect(metrics).toMatchObject({ auc: 0.5, brierSkill: 0, ece: 0 });
    expect(metrics.logLoss).toBeCloseTo(Math.LN2, 12);
  });

  it("stay finite when a certainty was wrong", () => {
    expect(classifierMetrics([1, 0], [0, 1]).logLoss).toBeCloseTo(34.5, 0);
  });

  it("have no skill where only one outcome was seen", () => {
    expect(classifierMetrics([1, 1], [0.9, 0.8])).toMatchObject({ auc: undefined, brierSkill: undefined });
  });

  it("refuse lists that do not match", () => {
    expect(() => classifierMetrics([1], [])).toThrow(RangeError);
    expect(() => classifierMetrics([], [])).toThrow(RangeError);
  });
});
