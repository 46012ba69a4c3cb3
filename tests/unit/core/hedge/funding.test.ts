import { describe, expect, it } from "vitest";
import { fundingPayment, fundingRate } from "../../../../server/core/hedge/funding.ts";

describe("the funding rate", () => {
  it.each([
    { name: "the interest rate where the premium is near it", premium: 0.0004, expected: 0.0001 },
    { name: "the premium less the clamp above", premium: 0.002, expected: 0.0015 },
    { name: "the premium plus the clamp below", premium: -0.002, expected: -0.0015 },
  ])("is $name", ({ premium, expected }) => {
    expect(fundingRate(premium, 0.0001, 0.0005)).toBeCloseTo(expected, 15);
  });
});

describe("the funding payment", () => {
  it("is paid by longs and received by shorts while the rate is positive", () => {
    expect(fundingPayment(0.5, 60_000, 0.0001)).toBeCloseTo(3, 12);
    expect(fundingPayment(-0.5, 60_000, 0.0001)).toBeCloseTo(-3, 12);
  });
});
