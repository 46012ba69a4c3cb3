import fc from "fast-check";
import { expect, it } from "vitest";
import { createLevelGrid } from "../../../../../server/venues/ccxt/market/levelGrid.ts";

const STEPS = ["0.01", "0.5", "1", "25", "0.00000001"] as const;

it("reads every whole number of steps back from its text, with zeros behind it or without", () => {
  fc.assert(
    fc.property(fc.constantFrom(...STEPS), fc.nat(1e7), fc.nat(3), (step, count, zeros) => {
      const decimals = step.split(".")[1]?.length ?? 0;
      const units = BigInt(step.replace(".", "")) * BigInt(count);
      const digits = units.toString().padStart(decimals + 1, "0");
      const plain = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
      const text = plain.includes(".") ? plain + "0".repeat(zeros) : plain;
      expect(createLevelGrid({ tick: step, lot: "1" }).ticks(text)).toBe(count);
    }),
  );
});

it.each([
  ["100.005", "between two ticks"],
  ["100.0100001", "a hair off the grid"],
  ["", "nothing"],
  [".5", "no digit in front"],
  ["5.", "no digit behind"],
  ["1.2.3", "two points"],
  ["-1", "a sign"],
  ["1e2", "an exponent"],
  ["NaN", "a word"],
  ["90071992547409.93", "beyond 2^53 ticks"],
])("refuses the price %j: %s", (text) => {
  expect(createLevelGrid({ tick: "0.01", lot: "1" }).ticks(text)).toBeUndefined();
});

it("takes 0.3 of 0.1 for three ticks, which floats do not", () => {
  expect(createLevelGrid({ tick: "0.1", lot: "1" }).ticks("0.3")).toBe(3);
});

it("rounds sizes down to the lot, and refuses what is no number", () => {
  const grid = createLevelGrid({ tick: "1", lot: "0.5" });
  expect(grid.lots("1.4999999")).toBe(2);
  expect(grid.lots("0.49")).toBe(0);
  expect(grid.lots("12.")).toBeUndefined();
});
