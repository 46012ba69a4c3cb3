import { describe, expect, it } from "vitest";
import { addTo, createSum, valueOf } from "../../../../server/core/ledger/compensatedSum.ts";

describe("a compensated sum", () => {
  it.each([
    { name: "a small term between two large ones", terms: [1, 1e100, 1, -1e100], expected: 2 },
    { name: "a small term after a large one", terms: [1e16, 1, -1e16], expected: 1 },
    { name: "a million tenths", terms: Array.from({ length: 1_000_000 }, () => 0.1), expected: 100_000 },
    { name: "no term", terms: [], expected: 0 },
  ])("does not lose $name", ({ terms, expected }) => {
    const total = createSum();
    for (const term of terms) addTo(total, term);
    expect(valueOf(total)).toBeCloseTo(expected, 9);
  });

  it("never holds a minus zero, which a state hash must not see", () => {
    const total = createSum();
    addTo(total, -0);
    addTo(total, 5);
    addTo(total, -5);
    expect(total).toEqual({ sum: 0, carry: 0 });
  });
});
