import fc from "fast-check";
import { expect, it } from "vitest";
import { decimalsOf, floorToUnits, unitText } from "../../../../server/lab/import/decimal.ts";

it.each([
  ["61737.63000000", 2],
  ["109875", 0],
  ["0.00000001", 8],
  ["26.88178831780013", 14],
  ["9.419e-05", 8],
  ["1.5E+3", 0],
  ["1.5e0", 1],
  ["0", 0],
  ["27.", 0],
])("%s needs %i decimals", (text, decimals) => {
  expect(decimalsOf(text)).toBe(decimals);
});

it.each(["", "-1", "+1", "1,5", "abc", "1.2.3", ".5", "1e", "1e9999", "NaN", "Infinity", " 1"])(
  "%j is no number",
  (text) => {
    expect(decimalsOf(text)).toBeUndefined();
    expect(floorToUnits(text, 3)).toBeUndefined();
  },
);

it.each([
  { text: "61737.63000000", decimals: 2, units: 6_173_763 },
  { text: "9.419e-05", decimals: 8, units: 9_419 },
  { text: "1.5e3", decimals: 1, units: 15_000 },
  { text: "0.1", decimals: 0, units: 0 },
  { text: "26.88178831780013", decimals: 2, units: 2_688 },
  // Through a float it would be 0.28999999999999998 and 28.
  { text: "0.29", decimals: 2, units: 29 },
  { text: "9007199254740993", decimals: 0, units: undefined },
])("$text is $units units of 10^-$decimals", ({ text, decimals, units }) => {
  expect(floorToUnits(text, decimals)).toBe(units);
});

it("agrees with exact integer arithmetic on any decimal", () => {
  const decimal = fc.tuple(fc.nat(99_999_999), fc.stringMatching(/^\d{0,12}$/), fc.nat(7));
  fc.assert(
    fc.property(decimal, ([whole, fraction, decimals]) => {
      const text = fraction === "" ? `${whole}` : `${whole}.${fraction}`;
      const exact = BigInt(`${whole}${fraction.padEnd(decimals, "0").slice(0, decimals)}`);
      expect(floorToUnits(text, decimals)).toBe(Number(exact));
      expect(decimalsOf(text)).toBe(fraction.replace(/0+$/, "").length);
    }),
    { numRuns: 300 },
  );
});

it("writes a unit as an instrument wants its tick", () => {
  expect([0, 1, 8].map(unitText)).toEqual(["1", "0.1", "0.00000001"]);
});
