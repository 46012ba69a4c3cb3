import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { negated, plainDecimal } from "../../../../../server/venues/ccxt/exchanges/fields.ts";
import { addDecimals } from "../../../../../server/venues/ccxt/exchanges/decimals.ts";
import { describeError } from "../../../../../server/venues/ccxt/gateway/describeError.ts";
import { atomsOf, exactGrid, gridOf } from "../../../../../server/venues/ccxt/gateway/grid.ts";
import { joinName, splitName } from "../../../../../server/venues/ccxt/gateway/names.ts";
import { rewriteUrls } from "../../../../../server/venues/ccxt/gateway/urls.ts";

describe("ticks and lots", () => {
  it.each([
    ["0.1", "60000.10", 600_001],
    ["0.1", "60000.15", undefined],
    ["5", "60000", 12_000],
    ["5", "60001", undefined],
    ["0.00000001", "0.00001234", 1_234],
    ["0.01", "1e3", undefined],
    ["0.01", "-1", undefined],
    ["0.01", "", undefined],
  ])("of a grid of %s: %s is %s", (tick, text, ticks) => {
    expect(gridOf({ tick, lot: "1" }).ticks(text)).toBe(ticks);
  });

  it("read back what they wrote, whatever the step", () => {
    const step = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 10 }));
    fc.assert(
      fc.property(step, fc.integer({ min: 1, max: 2 ** 40 }), ([units, decimals], count) => {
        const tick = addDecimals("0", (units / 10 ** decimals).toFixed(decimals));
        const grid = gridOf({ tick, lot: tick });
        expect(grid.ticks(grid.priceText(count))).toBe(count);
        expect(grid.lots(grid.sizeText(count))).toBe(count);
      }),
    );
  });
});

describe("a grid for what is not whole in the steps in force", () => {
  const inForce = gridOf({ tick: "0.1", lot: "0.001" });
  it.each([
    ["1.1", ["0.002", "0"], { tick: "0.1", lot: "0.001" }],
    ["1.10", ["0.0025", "0.001"], { tick: "0.1", lot: "0.0001" }],
    ["1.15", ["0.002"], { tick: "0.01", lot: "0.001" }],
    ["7", ["12"], { tick: "0.1", lot: "0.001" }],
  ])("holds %s and %s", (price, sizes, steps) => {
    const grid = exactGrid([inForce], price, sizes);
    expect(grid.steps).toEqual(steps);
    expect(Number(grid.priceText(grid.ticks(price) ?? 0))).toBe(Number(price));
    for (const size of sizes) expect(Number(grid.sizeText(grid.lots(size) ?? 0))).toBe(Number(size));
  });
});

describe("an error in the log", () => {
  it.each([
    "binance GET https://x/y?symbol=A&signature=SECRET&timestamp=1 fetch failed",
    "https://x/y?apiKey=SECRET",
    'body {"token":"SECRET","method":"subscribe"}',
    "headers API-Sign: SECRET, API-Key: SECRET",
    "passphrase = SECRET",
  ])("says nothing of keys: %s", (text) => {
    expect(describeError(new TypeError(text))).not.toContain("SECRET");
  });

  it("says what it was", () => {
    expect(describeError(new TypeError("Unexpected token '<'"))).toBe("TypeError: Unexpected token '<'");
    expect(describeError("a text")).toBe("a text");
  });
});

describe("amounts", () => {
  it.each([
    ["0.1", 8, 10_000_000n, true],
    ["12", 0, 12n, true],
    ["0.123456789", 8, 12_345_679n, false],
    ["-0.123456789", 8, -12_345_679n, false],
    ["0.100000000", 8, 10_000_000n, true],
  ])("%s at %s decimals is %s atoms", (text, decimals, atoms, exact) => {
    expect(atomsOf(text, decimals)).toEqual({ atoms, exact });
  });

  it.each([
    [1e-8, "0.00000001"],
    [1.5e-7, "0.00000015"],
    [1e21, "1000000000000000000000"],
    [-2.5e-9, "-0.0000000025"],
    [15.44, "15.44"],
  ])("%s is written %s", (value, text) => {
    expect(plainDecimal(value)).toBe(text);
  });

  it.each([
    ["-0.5", "0.5"],
    ["0.5", "-0.5"],
    ["0", "0"],
    ["-0.00", "0"],
  ])("the other way round %s is %s", (text, other) => {
    expect(negated(text)).toBe(other);
  });
});

describe("names of orders", () => {
  it("carry a revision, and give it back", () => {
    const clientId = "qabc0001000000a";
    for (const revision of [0, 1, 35, 36, 1_295])
      expect(splitName(joinName({ clientId, revision }), "abc")).toEqual({ clientId, revision });
  });

  it.each([
    "",
    "qxyz0001000000a",
    "qabc0001000000",
    "qabc0001000000a0",
    "qabc0001000000a01",
    "QABC0001000000A",
    "x-web-1",
  ])("of other desks and hands are none: %s", (id) => expect(splitName(id, "abc")).toBeUndefined());
});

describe("addresses", () => {
  it("keep host and path behind one origin, and their scheme's kind", () => {
    const tree = {
      rest: "https://api.x.com/v3",
      ws: { a: "wss://s.x.com:9443/ws", t: "https://{hostname}" },
      n: 1,
    };
    expect(rewriteUrls(tree, "127.0.0.1:80")).toEqual({
      rest: "http://127.0.0.1:80/api.x.com/v3",
      ws: { a: "ws://127.0.0.1:80/s.x.com_9443/ws", t: "http://127.0.0.1:80/{hostname}" },
      n: 1,
    });
    expect(rewriteUrls("wss://s.x.com", "https://lab.example")).toBe("wss://lab.example/s.x.com");
    expect(() => rewriteUrls("https://x", "ftp://a/b")).toThrow("not an origin");
  });
});
