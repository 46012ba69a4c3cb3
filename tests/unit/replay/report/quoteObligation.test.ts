import { expect, it } from "vitest";
import { obligationShares } from "../../../../server/replay/report/quoteObligation.ts";

it("counts a quote at the widest spread that is allowed, and none that is one-sided or wider", () => {
  const intervals = [
    { startS: 0, endS: 4, twoSided: true, spreadBps: 5 },
    { startS: 4, endS: 6, twoSided: true, spreadBps: 5.1 },
    { startS: 6, endS: 8, twoSided: false, spreadBps: 1 },
  ];
  expect(obligationShares(intervals, { spreadMaxBps: 5, totalS: 10 })).toEqual({ met: 0.4, twoSided: 0.6 });
});
