import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DecimalError,
  atomsToNumber,
  ceilToTicks,
  compileScales,
  decimalToScaled,
  floorToTicks,
  nearestTicks,
  parseTicks,
  scaledToDecimal,
} from "../../../server/core/decimal.ts";

const RUNS = { numRuns: 300, seed: 11 };

describe("decimal text and atoms", () => {
  it.each([
    { text: "1.25", decimals: 4, atoms: 12_500n },
    { text: "0.100", decimals: 1, atoms: 1n },
    { text: "-0.5", decimals: 1, atoms: -5n },
    { text: "-0", decimals: 8, atoms: 0n },
    { text: "7", decimals: 0, atoms: 7n },
    {
      text: "123456789012345678901.000000000000000001",
      decimals: 18,
      atoms: 123456789012345678901000000000000000001n,
    },
  ])("$text at $decimals decimals is $atoms", ({ text, decimals, atoms }) => {
    expect(decimalToScaled(text, decimals)).toBe(atoms);
  });

  it.each(["0.01", "1.2.3", "1e-8", ".5", "5.", "", " 1", "+1", "NaN", "0x10"])(
    "%j at 1 decimal is refused",
    (text) => {
      expect(() => decimalToScaled(text, 1)).toThrow(DecimalError);
    },
  );

  it.each([
    { atoms: 0n, decimals: 8, text: "0" },
    { atoms: 12_500n, decimals: 4, text: "1.25" },
    { atoms: -5n, decimals: 3, text: "-0.005" },
    { atoms: 300n, decimals: 0, text: "300" },
    { atoms: 300n, decimals: 2, text: "3" },
  ])("$atoms atoms of 10^-$decimals print as $text", ({ atoms, decimals, text }) => {
    expect(scaledToDecimal(atoms, decimals)).toBe(text);
  });

  it("printing and parsing give the same atoms, and the float is the nearest to the text", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.integer({ min: 0, max: 18 }),
        (atoms, decimals) => {
          const text = scaledToDecimal(atoms, decimals);
          expect(decimalToScaled(text, decimals)).toBe(atoms);
          expect(atomsToNumber(atoms, decimals)).toBe(Number(text));
        },
      ),
      RUNS,
    );
  });

  it("atoms beyond 2^53 are rounded once, not twice", () => {
    // Rounding this to a double first and dividing then gives ...3.02 instead.
    const atoms = 9_007_199_254_740_993n * 10n ** 3n + 1n;
    expect(atomsToNumber(atoms, 3)).toBe(9_007_199_254_740_994);
    expect(atomsToNumber(1_234_567_890_123_456_789n, 18)).toBe(1.234567890123456789);
  });
});

describe("scales of an instrument", () => {
  const spot = { tick: "0.01", lot: "0.00001", contractSizeBase: "1", baseDecimals: 8, quoteDecimals: 8 };

  it.each([
    { name: "spot", given: spot, expected: [0.01, 0.00001, 1_000n, 10n] },
    {
      name: "a contract",
      given: { ...spot, tick: "0.1", lot: "1", contractSizeBase: "0.01" },
      expected: [0.1, 0.01, 1_000_000n, 100_000n],
    },
    {
      name: "trailing zeros",
      given: { ...spot, lot: "0.0000100000" },
      expected: [0.01, 0.00001, 1_000n, 10n],
    },
    {
      name: "a product that needs no more decimals",
      given: { ...spot, tick: "0.5", lot: "0.2", quoteDecimals: 1 },
      expected: [0.5, 0.2, 20_000_000n, 1n],
    },
    {
      name: "coarse steps",
      given: { ...spot, tick: "5", lot: "10", baseDecimals: 0, quoteDecimals: 0 },
      expected: [5, 10, 10n, 50n],
    },
  ])("are exact for $name", ({ given, expected }) => {
    const scales = compileScales(given);
    expect([scales.tickQuote, scales.lotBase, scales.baseAtomsPerLot, scales.quoteAtomsPerTickLot]).toEqual(
      expected,
    );
  });

  it("name the asset with too few decimals and how many it needs", () => {
    expect(() => compileScales({ ...spot, quoteDecimals: 6 })).toThrow(
      "tick 0.01 × lot 0.00001 needs 7 decimals and the quote asset has 6: raise its decimals",
    );
    expect(() => compileScales({ ...spot, baseDecimals: 4 })).toThrow(
      "lot 0.00001 needs 5 decimals and the base asset has 4: raise its decimals",
    );
  });

  it("refuse steps that are not positive", () => {
    expect(() => compileScales({ ...spot, tick: "0" })).toThrow(/must be > 0/);
    expect(() => compileScales({ ...spot, tick: "-1", lot: "-1" })).toThrow(/must be > 0/);
  });
});

describe("rounding to ticks", () => {
  it.each([
    { price: 0.3, tick: 0.1, floor: 3, ceil: 3 },
    { price: 0.1 + 0.2, tick: 0.1, floor: 3, ceil: 3 },
    { price: 1.1, tick: 0.01, floor: 110, ceil: 110 },
    { price: 64_000.15, tick: 0.01, floor: 6_400_015, ceil: 6_400_015 },
    { price: 100.004, tick: 0.01, floor: 10_000, ceil: 10_001 },
    { price: 100.009_999, tick: 0.01, floor: 10_000, ceil: 10_001 },
    { price: 100.000_001, tick: 0.01, floor: 10_000, ceil: 10_001 },
    { price: -0.05, tick: 0.1, floor: -1, ceil: 0 },
    { price: 0, tick: 0.1, floor: 0, ceil: 0 },
  ])("$price on a grid of $tick is $floor down and $ceil up", ({ price, tick, floor, ceil }) => {
    expect(floorToTicks(price, tick)).toBe(floor);
    expect(ceilToTicks(price, tick)).toBe(ceil);
  });

  it("keeps every price that is on the grid, whatever the tick", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 8 }), (ticks, decimals) => {
        const tick = Number(`1e-${decimals}`);
        const price = Number(scaledToDecimal(BigInt(ticks), decimals));
        expect([floorToTicks(price, tick), nearestTicks(price, tick), ceilToTicks(price, tick)]).toEqual([
          ticks,
          ticks,
          ticks,
        ]);
        expect(parseTicks(price, tick)).toBe(ticks);
      }),
      RUNS,
    );
  });

  it("floors to at most the price and less than a tick below it, and ceils the same upwards", () => {
    const price = fc.double({ min: 1e-6, max: 1e7, noNaN: true });
    const tick = fc.constantFrom(1e-8, 0.0001, 0.01, 0.05, 0.1, 0.25, 1, 5);
    fc.assert(
      fc.property(price, tick, (x, step) => {
        const ratio = x / step;
        const noise = ratio * 1e-14;
        const floor = floorToTicks(x, step);
        const ceil = ceilToTicks(x, step);
        expect(floor).toBeLessThanOrEqual(ratio + noise);
        expect(floor).toBeGreaterThan(ratio - 1 - noise);
        expect(ceil).toBeGreaterThanOrEqual(ratio - noise);
        expect(ceil).toBeLessThan(ratio + 1 + noise);
        expect(ceil - floor).toBeLessThanOrEqual(1);
        expect(Math.abs(nearestTicks(x, step) - ratio)).toBeLessThanOrEqual(0.5 + noise);
      }),
      RUNS,
    );
  });

  it.each([NaN, Infinity, 1e300])("a price of %d is a broken invariant", (price) => {
    for (const round of [floorToTicks, ceilToTicks, nearestTicks])
      expect(() => round(price, 0.01)).toThrow(/invariant/);
  });

  it("parsing takes an error of up to a millionth of a tick and refuses more", () => {
    expect(parseTicks(100.01 + 0.9e-8, 0.01)).toBe(10_001);
    expect(parseTicks(100.01 - 0.9e-8, 0.01)).toBe(10_001);
    expect(parseTicks(100.01 + 1.1e-8, 0.01)).toBeUndefined();
    expect(parseTicks(100.015, 0.01)).toBeUndefined();
    expect(parseTicks(NaN, 0.01)).toBeUndefined();
    expect(parseTicks(Infinity, 0.01)).toBeUndefined();
  });
});
