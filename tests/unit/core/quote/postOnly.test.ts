import { describe, expect, it } from "vitest";
import { ceilToTicks, floorToTicks } from "../../../../server/core/decimal.ts";
import { clampPostOnlyTicks } from "../../../../server/core/quote/postOnly.ts";

describe("the post-only clamp", () => {
  it("gives the reference prices against 100.01/100.03, bid down and ask up", () => {
    expect(clampPostOnlyTicks("buy", floorToTicks(100.037, 0.01), 10_003)).toBe(10_002);
    expect(clampPostOnlyTicks("sell", ceilToTicks(100.021, 0.01), 10_001)).toBe(10_003);
  });

  it.each([
    { side: "buy", wanted: 100, opposite: 105, resting: 100 },
    { side: "buy", wanted: 105, opposite: 105, resting: 104 },
    { side: "buy", wanted: 120, opposite: 105, resting: 104 },
    { side: "sell", wanted: 100, opposite: 95, resting: 100 },
    { side: "sell", wanted: 95, opposite: 95, resting: 96 },
    { side: "sell", wanted: 80, opposite: 95, resting: 96 },
  ] as const)(
    "rests a $side wanted at $wanted against $opposite at $resting",
    ({ side, wanted, opposite, resting }) => {
      expect(clampPostOnlyTicks(side, wanted, opposite)).toBe(resting);
    },
  );
});
