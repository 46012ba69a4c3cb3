import { describe, expect, it, test } from "vitest";
import {
  compileMoney,
  discountedParts,
  rateOf,
  sizeAtoms,
  valueAtoms,
  wholeAtoms,
  wholeAtomsAt,
} from "../../../../server/lab/exchange/money.ts";
import { exchangeConfig, SPOT } from "./venue.ts";

describe("wholeAtoms", () => {
  const cases = [
    { name: "a cost without remainder is exact", basis: 1_000_000n, frac: 0.001, expected: 1_000n },
    { name: "a cost is rounded up", basis: 1_000_001n, frac: 0.001, expected: 1_001n },
    { name: "the smallest trade costs one atom", basis: 1n, frac: 0.001, expected: 1n },
    { name: "a rebate without remainder is exact", basis: 1_000_000n, frac: -0.001, expected: -1_000n },
    { name: "a rebate is rounded down in size", basis: 1_000_999n, frac: -0.001, expected: -1_000n },
    { name: "no fee is no fee", basis: 1_000_001n, frac: 0, expected: 0n },
    { name: "a hundredth of a basis point is kept", basis: 10n ** 12n, frac: 0.000001, expected: 10n ** 6n },
  ];
  test.each(cases)("$name", ({ basis, frac, expected }) => {
    expect(wholeAtoms(basis * rateOf(frac))).toBe(expected);
  });
});

describe("wholeAtomsAt", () => {
  const cases = [
    { name: "converts a cost and rounds it up once", basis: 1_000_001n, frac: 0.001, expected: 667n },
    {
      name: "converts a rebate and rounds it down in size",
      basis: 1_000_999n,
      frac: -0.001,
      expected: -667n,
    },
    { name: "makes the smallest cost one atom", basis: 1n, frac: 0.000001, expected: 1n },
  ];
  test.each(cases)("$name", ({ basis, frac, expected }) => {
    expect(wholeAtomsAt(basis * rateOf(frac), { numerator: 2n, denominator: 3n })).toBe(expected);
  });
});

describe("discountedParts", () => {
  it("takes a quarter off a fee and nothing off a rebate", () => {
    expect(discountedParts(4_000n, 0.25)).toBe(3_000n);
    expect(discountedParts(-4_000n, 0.25)).toBe(-4_000n);
  });
});

describe("compileMoney", () => {
  it("values sizes and trades in atoms without remainder", () => {
    const config = exchangeConfig({ instrument: { notionalMinQuote: "5.5" } });
    const money = config.instruments.map((instrument) => compileMoney(instrument, config.assets))[SPOT];
    if (money === undefined) throw new Error("the test venue has no spot market");
    expect(sizeAtoms(money, 7)).toBe(700_000n);
    expect(valueAtoms(money, 6_000_000, 7)).toBe(42_000_000_000n);
    expect(money.notionalMinAtoms).toBe(550_000_000n);
  });

  it("refuses an instrument whose trades are no whole atoms", () => {
    const config = exchangeConfig();
    const coarse = config.assets.map((spec) => ({ ...spec, decimals: 2 }));
    expect(() => config.instruments.map((instrument) => compileMoney(instrument, coarse))).toThrow(
      /decimals/,
    );
  });
});
