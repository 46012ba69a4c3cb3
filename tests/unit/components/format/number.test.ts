import { describe, expect, it } from "vitest";
import {
  digitsOf,
  formatBps,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPrice,
  formatShortSize,
  formatSize,
} from "../../../../components/format/number.ts";

describe("figures", () => {
  it.each([
    { name: "groups thousands", given: [1_234_567.891, 2, false], expected: "1,234,567.89" },
    { name: "shows the minus as U+2212", given: [-3.5, 1, false], expected: "−3.5" },
    { name: "shows a plus only when asked to", given: [3.5, 1, true], expected: "+3.5" },
    { name: "has no sign on what rounds to zero", given: [-0.001, 2, true], expected: "0.00" },
    { name: "keeps the digits of a whole number", given: [5, 3, false], expected: "5.000" },
  ] as const)("$name", ({ given: [value, digits, signed], expected }) => {
    expect(formatNumber(value, { digits, signed })).toBe(expected);
  });

  it("shows a dash for what is missing or no number", () => {
    expect(formatNumber(undefined, { digits: 2 })).toBe("—");
    expect(formatNumber(Number.NaN, { digits: 2 })).toBe("—");
    expect(formatMoney(undefined, "USD")).toBe("—");
    expect(formatBps(undefined)).toBe("—");
  });

  it.each([
    ["0.01", 2],
    ["0.5", 1],
    ["0.25", 2],
    ["1", 0],
    ["10", 0],
    ["0.00000001", 8],
    ["0.10", 1],
  ])("takes the digits of the step %s", (step, digits) => {
    expect(digitsOf(step)).toBe(digits);
  });

  it("shows a price with the digits of its tick", () => {
    expect(formatPrice(61_842.7, "0.01")).toBe("61,842.70");
    expect(formatPrice(61_842.7, "0.1")).toBe("61,842.7");
  });

  it("shows six significant digits of a price without a known tick", () => {
    expect(formatPrice(61_842.7123, undefined)).toBe("61,842.7");
    expect(formatPrice(0.0412345, undefined)).toBe("0.0412345");
  });

  it("shows a size with all digits of its lot, and at most five in a tight place", () => {
    expect(formatSize(0.015, "0.00000001")).toBe("0.01500000");
    expect(formatShortSize(0.015, "0.00000001")).toBe("0.015");
    expect(formatShortSize(0.0151234, "0.00000001")).toBe("0.01512");
    expect(formatShortSize(2, "0.01", true)).toBe("+2.00");
  });

  it("always shows the currency, the bps and the percent", () => {
    expect(formatMoney(128.416, "USD", { signed: true })).toBe("+128.42 USD");
    expect(formatBps(-1.84, true)).toBe("−1.8 bps");
    expect(formatPercent(0.974)).toBe("97.4 %");
  });
});
