import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  atomsText,
  parseAtoms,
  parsePrice,
  parseSize,
  priceText,
  sizeText,
  valueText,
} from "../../../../server/lab/wire/decimals.ts";

const on = (tick: string, lot = "0.00001") => ({ tick, lot, contractSizeBase: "1" });

describe("texts of prices and sizes", () => {
  it("have the decimals of the tick and of the lot", () => {
    expect(priceText(on("0.01"), 6_000_000)).toBe("60000.00");
    expect(priceText(on("0.5"), 3)).toBe("1.5");
    expect(priceText(on("5"), 3)).toBe("15");
    expect(priceText(on("0.10"), 7)).toBe("0.70");
    expect(sizeText(on("1"), 12)).toBe("0.00012");
    expect(sizeText(on("1", "0.00000001"), Number.MAX_SAFE_INTEGER)).toBe("90071992.54740991");
    expect(priceText(on("25"), Number.MAX_SAFE_INTEGER)).toBe("225179981368524775");
  });

  it("come back as the same number, whatever the step", () => {
    const steps = fc.constantFrom("0.01", "0.5", "0.25", "5", "1", "0.00000001", "0.10");
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 2 ** 50 }), (step, count) => {
        expect(parsePrice(on(step), priceText(on(step), count))).toBe(count);
        expect(parseSize(on("1", step), sizeText(on("1", step), count))).toBe(count);
      }),
    );
  });

  it("are refused off the grid, too large, or in any other notation", () => {
    expect(parsePrice(on("0.01"), "1.5")).toBe(150);
    expect(parsePrice(on("0.01"), "1.500")).toBe(150);
    expect(parsePrice(on("5"), "10.000")).toBe(2);
    for (const text of ["1.501", "-1", "+1", "1e2", "", ".5", "1.", "NaN", "0x10", " 1", "9".repeat(60)])
      expect([text, parsePrice(on("0.01"), text)]).toEqual([text, undefined]);
    expect(parsePrice(on("5"), "7")).toBeUndefined();
    expect(parsePrice(on("0.01"), "999999999999999")).toBeUndefined();
  });
});

describe("amounts", () => {
  it("have all decimals of the asset", () => {
    expect(atomsText(150_000_000n, 8)).toBe("1.50000000");
    expect(atomsText(-1n, 8)).toBe("-0.00000001");
    expect(atomsText(7n, 0)).toBe("7");
    expect(parseAtoms("1.5", 8)).toBe(150_000_000n);
    expect(parseAtoms("0.100000000000", 8)).toBe(10_000_000n);
    expect(parseAtoms("0.000000001", 8)).toBeUndefined();
    expect(parseAtoms("-1", 8)).toBeUndefined();
  });

  it("are exact for a sum of prices times sizes", () => {
    expect(valueText(on("0.01"), 6_000_000n * 12n)).toBe("7.2");
    expect(valueText({ ...on("0.5", "0.001"), contractSizeBase: "10" }, 3n)).toBe("0.015");
  });
});
