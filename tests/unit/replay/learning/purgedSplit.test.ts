import fc from "fast-check";
import { expect, it } from "vitest";
import { purgedSplit } from "../../../../server/replay/learning/purgedSplit.ts";

it("never trains on a row whose label reaches into the test or its embargo", () => {
  const times = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 50 });
  const length = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(times, length, length, (unsorted, h, embargo) => {
      const t = unsorted.toSorted((a, b) => a - b);
      const { train, test } = purgedSplit(t, { h, embargo, testStart: 40, testEnd: 70 });
      for (const row of train) expect((t[row] ?? NaN) + h + embargo).toBeLessThan(40);
      expect(test).toEqual([...t.keys()].filter((row) => (t[row] ?? 0) >= 40 && (t[row] ?? 0) < 70));
      expect(train.length).toBe(t.filter((time) => time < 40 - h - embargo).length);
    }),
  );
});
