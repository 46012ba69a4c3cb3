import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FILL_CSV,
  isoUs,
  OPEN_CSV,
  ORDER_CSV,
  plainDecimal,
  toCsv,
} from "../../../../components/orders/csv.ts";
import { fillLine, orderLine } from "./lines.ts";

describe("plain decimals", () => {
  it.each([
    [1e-7, "0.0000001"],
    [-1.25e-9, "-0.00000000125"],
    [1e21, "1000000000000000000000"],
    [1.5e22, "15000000000000000000000"],
    [0.1, "0.1"],
    [-60_000.01, "-60000.01"],
    [0, "0"],
  ])("write %d as %s", (value, text) => {
    expect(plainDecimal(value)).toBe(text);
  });

  it("give the number back, without an exponent", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = plainDecimal(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it("leave a missing value empty", () => {
    expect(plainDecimal(undefined)).toBe("");
  });
});

describe("a CSV file", () => {
  it("has the header, a row per line and CRLF at every end", () => {
    const text = toCsv(FILL_CSV, [fillLine(1), fillLine(2, { edgeBps: undefined })]);
    const rows = text.split("\r\n");
    expect(rows).toHaveLength(4);
    expect(rows[3]).toBe("");
    expect(rows[0]).toBe(FILL_CSV.map(({ name }) => name).join(","));
    expect(rows[1]).toBe(
      "1.1.0,1970-01-01T00:00:01.000000Z,1970-01-01T00:00:01.000000Z,binance,BTC/USDT,buy,maker,60000,0.01,BTC,600,USDT,0.06,USDT,1,1,7,qdmo1",
    );
    expect(rows[2]).toContain(",USDT,,2,");
  });

  it("quotes what would break a row, and disarms what a spreadsheet would run", () => {
    const text = toCsv(
      [{ name: "id", text: (id: string) => id }],
      ['a,"b"', "=1+1", "+1", "@x", "-cmd", "-0.5", "two\nlines"],
    );
    expect(text).toBe('id\r\n"a,""b"""\r\n\'=1+1\r\n\'+1\r\n\'@x\r\n\'-cmd\r\n-0.5\r\n"two\nlines"\r\n');
  });

  it("writes orders, open or recorded, with the same names for the same things", () => {
    const line = orderLine(1, "a", { venueOrderId: undefined });
    expect(toCsv(ORDER_CSV, [line]).split("\r\n")[1]).toMatch(/^1\.1\.0,.*,a,$/);
    expect(ORDER_CSV.map(({ name }) => name)).toEqual(
      expect.arrayContaining(OPEN_CSV.map(({ name }) => name)),
    );
  });

  it("keeps the engine's microseconds", () => {
    expect(isoUs(1_700_000_000_123_456)).toBe("2023-11-14T22:13:20.123456Z");
  });
});
