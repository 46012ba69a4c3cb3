import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decimalsOf,
  formatAmount,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPeriod,
  formatPrice,
} from "../../../../server/replay/report/format.ts";

describe("a number", () => {
  it.each([
    { value: 1_234_567.891, style: { decimals: 2 }, expected: "1,234,567.89" },
    { value: -1_234.5, style: { decimals: 2 }, expected: "−1,234.50" },
    { value: 12, style: { decimals: 0, signed: true }, expected: "+12" },
    { value: -0.004, style: { decimals: 2, signed: true }, expected: "0.00" },
    { value: 0, style: { decimals: 1, signed: true }, expected: "0.0" },
    { value: 0.1234567, style: { decimals: 6 }, expected: "0.123457" },
    { value: Number.NaN, style: { decimals: 2 }, expected: "—" },
  ])("$value is written $expected", ({ value, style, expected }) => {
    expect(formatNumber(value, style)).toBe(expected);
  });

  it("reads back to within half a unit of its last digit", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        (value, decimals) => {
          const text = formatNumber(value, { decimals, signed: true }).replaceAll(",", "").replace("−", "-");
          expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-6);
        },
      ),
      { numRuns: 300 },
    );
  });
});

it.each([
  { value: 950.25, expected: "950.25 USD" },
  { value: -3_100_000.4, expected: "−3,100,000 USD" },
  { value: 0.004321, expected: "0.00432 USD" },
  { value: 0, expected: "0.00 USD" },
])("money of $value keeps the digits that matter: $expected", ({ value, expected }) => {
  expect(formatMoney(value, "USD")).toBe(expected);
});

it.each([
  { value: 120.0517219, expected: "120.05 BTC" },
  { value: -0.01112846, expected: "−0.011128 BTC" },
  { value: 4_056_621.17, expected: "4,056,621 BTC" },
  { value: 0, expected: "0 BTC" },
])("a size of $value has five digits: $expected", ({ value, expected }) => {
  expect(formatAmount(value, "BTC")).toBe(expected);
});

it.each([
  [60_012.345, "60,012.35"],
  [1.381234, "1.38123"],
])("an average price of %d has cents at least and six digits: %s", (value, expected) => {
  expect(formatPrice(value)).toBe(expected);
});

it("writes a share as a percentage with one decimal", () => {
  expect(formatPercent(0.7881)).toBe("78.8 %");
});

it.each([
  {
    from: "2024-01-01T00:00:00.000Z",
    to: "2024-01-01T00:15:00.000Z",
    expected: "2024-01-01 00:00:00 to 00:15:00 UTC",
  },
  {
    from: "2024-01-01T23:59:59.980Z",
    to: "2024-01-02T00:15:00.000Z",
    expected: "2024-01-01 23:59:59.980 to 2024-01-02 00:15:00 UTC",
  },
])("names the day of a period once if it is one day: $expected", ({ from, to, expected }) => {
  expect(formatPeriod(from, to)).toBe(expected);
});

it.each([
  [0, "0 s"],
  [45, "45 s"],
  [900, "15 min"],
  [3_599.6, "1 h"],
  [7_199.02, "2 h"],
  [5_430, "1 h 31 min"],
  [356_400, "4 d 3 h"],
])("a duration of %d s is %s", (seconds, expected) => {
  expect(formatDuration(seconds)).toBe(expected);
});

it.each([
  ["0.01", 2],
  ["0.50", 1],
  ["1", 0],
  ["10", 0],
  ["0.00000001", 8],
])("a price on a tick of %s has %d decimals", (tick, decimals) => {
  expect(decimalsOf(tick)).toBe(decimals);
});
