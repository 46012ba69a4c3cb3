import { describe, expect, it } from "vitest";
import { importFiles } from "./folders.ts";

const HEADER = "ts_local_ms,ts_exchange_ms,bid,ask,last_px,last_qty";
const VENUES = ["binance", "bybit", "coinbase", "kraken", "okx"] as const;
type Venue = (typeof VENUES)[number];

/** Row times in seconds after the start, so that cases stay readable. */
const START_MS = 1_758_912_510_000;
const at = (seconds: number) => (START_MS + seconds * 1_000) * 1_000;

function row(seconds: number, rest: string): string {
  return `${START_MS + seconds * 1_000},${rest}`;
}

function folder(rows: Partial<Record<Venue, readonly string[]>>) {
  return Object.fromEntries(
    VENUES.map((venue) => [`${venue}.csv.gz`, [HEADER, ...(rows[venue] ?? [])].join("\n")]),
  );
}

describe("the crypto5 importer", () => {
  it("makes a top of every row and a print of every row whose last trade differs from the row before", async () => {
    const { events } = await importFiles(
      folder({
        binance: [
          row(0, ",109873.01,109873.02,109873.01,0.01275"),
          row(1, ",109873.01,109873.02,109873.01,0.01275"),
          row(2, ",109873,109873.02,109873.01,6.1e-04"),
          row(3, ",109873,109873.02,109873.02,6.1e-04"),
        ],
      }),
    );
    expect(events).toMatchObject([
      { kind: "touch", instrument: 0, receivedAtUs: at(0), bidTicks: 10_987_301, askTicks: 10_987_302 },
      { kind: "touch", receivedAtUs: at(1) },
      // The trade comes before the book that it left behind.
      { kind: "print", receivedAtUs: at(2), priceTicks: 10_987_301, sizeLots: 61 },
      { kind: "touch", receivedAtUs: at(2), bidTicks: 10_987_300 },
      { kind: "print", receivedAtUs: at(3), priceTicks: 10_987_302, sizeLots: 61 },
      { kind: "touch", receivedAtUs: at(3) },
    ]);
  });

  it("keeps the sizes of bybit absent, records its silence as such, and never quotes it", async () => {
    const { events, manifest } = await importFiles(
      folder({ bybit: [row(0, ",,,109874.9,"), row(1, ",,,109875.1,"), row(2, ",,,109875.1,")] }),
    );
    expect(events).toEqual([
      { kind: "alive", instrument: 1, receivedAtUs: at(0) },
      { kind: "print", instrument: 1, receivedAtUs: at(1), priceTicks: 1_098_751 },
      { kind: "alive", instrument: 1, receivedAtUs: at(2) },
    ]);
    expect(manifest.instruments[1]).toMatchObject({
      definition: { quoted: false, tick: "0.1", lot: "0.00001" },
      recorded: ["trades"],
      tradeSizes: false,
    });
  });

  it("knows which venues quote dollars", async () => {
    const { manifest } = await importFiles(folder({ okx: [row(0, ",1,2,1,1")] }));
    expect(manifest.instruments.map(({ definition: d }) => `${d.account} ${d.symbol}`)).toEqual([
      "binance BTC/USDT",
      "bybit BTC/USDT",
      "coinbase BTC/USD",
      "kraken BTC/USD",
      "okx BTC/USDT",
    ]);
    expect(manifest.instruments[4]).toMatchObject({ recorded: ["top"], depthSizes: false, levels: 1 });
  });

  it("keeps a venue stamp that lies after the time of receipt, to the microsecond, and counts it", async () => {
    const { events, manifest } = await importFiles(
      folder({ coinbase: [row(0, `${START_MS + 700}.242,1,2,1,1`), row(1, `${START_MS + 990},1,2,1,1`)] }),
    );
    expect(events.map((e) => e.venueAtUs)).toEqual([at(0) + 700_242, at(0) + 990_000]);
    expect(manifest.defects).toEqual([
      {
        code: "CLOCK_BEHIND",
        text: "coinbase BTC/USD: venue stamps up to 700 ms after the time of receipt: the recorder's clock ran behind",
        count: 1,
      },
    ]);
  });

  it("marks a pause of the recorder as a gap of every instrument and trusts no trade across it", async () => {
    const { events, manifest } = await importFiles(
      folder({
        okx: [row(0, ",10,11,10,1"), row(31, ",12,13,12,2"), row(32, ",12,13,13,2")],
        kraken: [row(0.5, ",10,11,10,1")],
      }),
    );
    expect(events.map((e) => [e.kind, e.instrument, e.receivedAtUs])).toEqual([
      ["touch", 4, at(0)],
      ["touch", 3, at(0.5)],
      ...[0, 1, 2, 3, 4].map((instrument) => ["gap", instrument, at(0.5)]),
      ["touch", 4, at(31)],
      ["print", 4, at(32)],
      ["touch", 4, at(32)],
    ]);
    expect(manifest.stretches).toEqual([
      { fromUs: at(0), toUs: at(0.5), records: 2, instruments: 2 },
      { fromUs: at(31), toUs: at(32), records: 3, instruments: 1 },
    ]);
  });

  it("leaves the silence of one venue alone while others speak, and counts it", async () => {
    const okx = Array.from({ length: 9 }, (_, second) => row(5 * second, ",10,11,10,1"));
    const { events, defects } = await importFiles(
      folder({ okx, kraken: [row(0, ",10,11,10,1"), row(40, ",10,11,11,1")] }),
    );
    expect(events.filter((e) => e.kind === "gap")).toEqual([]);
    expect(events.filter((e) => e.kind === "print")).toHaveLength(1);
    expect(defects).toEqual({ VENUE_SILENT: 1 });
  });

  it("puts a gap where a venue ends while the others go on", async () => {
    const okx = Array.from({ length: 11 }, (_, second) => row(10 * second, ",10,11,10,1"));
    const { events, defects } = await importFiles(folder({ okx, kraken: [row(5, ",10,11,10,1")] }));
    expect(events.filter((e) => e.instrument === 3).map((e) => [e.kind, e.receivedAtUs])).toEqual([
      ["touch", at(5)],
      ["gap", at(5)],
    ]);
    expect(defects).toEqual({ ENDS_EARLY: 1 });
  });

  it.each([
    { name: "too few columns", rows: ["1,2,3"], says: /^okx\.csv\.gz:2: expected 6 columns, found 3/ },
    { name: "a time that is none", rows: ["now,,1,2,1,1"], says: /:2: now is no time in milliseconds/ },
    {
      name: "times out of order",
      rows: [row(1, ",1,2,1,1"), row(0, ",1,2,1,1")],
      says: /:3: its time lies before/,
    },
    {
      name: "a price that is none",
      rows: [row(0, ",1,2,1,1"), "", row(1, ",1,x,1,1")],
      says: /:4: "x" is no price/,
    },
  ])("refuses $name with one line that names the place", async ({ rows, says }) => {
    await expect(importFiles(folder({ okx: rows }))).rejects.toThrow(says);
  });
});
