import { describe, expect, it } from "vitest";
import { importFiles } from "./folders.ts";

const names = (letter: string) => Array.from({ length: 10 }, (_, at) => `${letter}${at + 1}`);
const HEADER = ["timestamp", "symbol", ...names("b"), ...names("bv"), ...names("a"), ...names("av")].join(
  ",",
);

/** Ten levels a side around 27, two of which the caller sets. */
function row(second: number, venue: "BNC" | "HB", best: { bid: string; bidSize: string }): string {
  const bids = [best.bid, ...Array.from({ length: 9 }, (_, at) => `26.${99 - at}`)];
  const asks = Array.from({ length: 10 }, (_, at) => `27.${31 + at}`);
  const sizes = Array.from({ length: 10 }, () => "5.25");
  const time = `2021-08-20 00:00:0${second}`;
  return [time, `LINKUSDT.${venue}`, ...bids, best.bidSize, ...sizes.slice(1), ...asks, ...sizes].join(",");
}

function folder(binance: readonly string[], huobi = [row(0, "HB", { bid: "27.0999", bidSize: "1.5" })]) {
  return {
    "orderbook_bnc.csv.gz": [HEADER, ...binance, ""].join("\n"),
    "orderbook_hb.csv.gz": [HEADER, ...huobi, ""].join("\n"),
  };
}

const FIRST = row(0, "BNC", { bid: "27.095", bidSize: "988.45" });

describe("the linkusdt importer", () => {
  it("sends a snapshot first, then what changed, and a sign of life when nothing did", async () => {
    const { events } = await importFiles(
      folder([
        FIRST,
        row(1, "BNC", { bid: "27.095", bidSize: "900" }),
        row(2, "BNC", { bid: "27.095", bidSize: "900.00" }),
        row(3, "BNC", { bid: "27.2", bidSize: "1" }),
      ]),
    );
    const atUs = Date.UTC(2021, 7, 20) * 1_000;
    const [first, huobi, ...rest] = events;
    expect(first).toMatchObject({ kind: "snapshot", instrument: 0, receivedAtUs: atUs });
    expect(first).toHaveProperty("bids.length", 20);
    expect(huobi).toMatchObject({ kind: "snapshot", instrument: 1, receivedAtUs: atUs });
    expect(rest).toMatchObject([
      { kind: "delta", receivedAtUs: atUs + 1e6, bids: [27_095, 90_000], asks: [] },
      { kind: "alive", receivedAtUs: atUs + 2e6 },
      { kind: "delta", receivedAtUs: atUs + 3e6, bids: [27_200, 100, 27_095, 0], asks: [] },
    ]);
  });

  it("derives tick and lot from the decimals of each venue", async () => {
    const { manifest } = await importFiles(folder([FIRST]));
    expect(manifest.instruments.map(({ definition: d }) => [d.account, d.symbol, d.tick, d.lot])).toEqual([
      ["binance", "LINK/USDT", "0.001", "0.01"],
      ["huobi", "LINK/USDT", "0.0001", "0.01"],
    ]);
    expect(manifest.instruments[0]).toMatchObject({ recorded: ["depth"], levels: 10, venueStamps: false });
  });

  it("rounds the few sizes down that are finer than the lot of all others, and counts them", async () => {
    const rows = Array.from({ length: 10 }, (_, at) =>
      row(at, "HB", { bid: "27.0999", bidSize: at === 4 ? "26.88978831780013" : "1.5" }),
    );
    const { manifest, defects, events } = await importFiles(folder([FIRST], rows));
    expect(manifest.instruments[1]?.definition.lot).toBe("0.01");
    expect(defects).toEqual({ SIZE_FINER_THAN_LOT: 1 });
    expect(events.find((e) => e.kind === "delta")).toMatchObject({ bids: [270_999, 2_688] });
  });

  it("counts crossed and locked books and keeps them", async () => {
    const { defects, manifest } = await importFiles(
      folder([row(0, "BNC", { bid: "27.4", bidSize: "1" }), row(1, "BNC", { bid: "27.31", bidSize: "1" })]),
    );
    expect(defects).toEqual({ CROSSED: 1, LOCKED: 1 });
    expect(manifest.counts).toMatchObject({ snapshot: 2, delta: 1 });
  });

  it.each([
    {
      name: "another header",
      rows: [],
      header: "time,price",
      says: /^orderbook_bnc\.csv\.gz:1: expected the header/,
    },
    {
      name: "too few columns",
      rows: [FIRST, "2021-08-20 00:00:01,LINKUSDT.BNC,27"],
      says: /gz:3: expected 42 columns, found 3/,
    },
    {
      name: "another symbol",
      rows: [row(0, "HB", { bid: "27", bidSize: "1" })],
      says: /gz:2: expected the symbol LINKUSDT\.BNC, found LINKUSDT\.HB/,
    },
    {
      name: "a time that is none",
      rows: [FIRST.replace("00:00:00", "0 o'clock")],
      says: /gz:2: .* is no time/,
    },
    {
      name: "times out of order",
      rows: [row(1, "BNC", { bid: "27", bidSize: "1" }), FIRST],
      says: /gz:3: its time lies before/,
    },
    {
      name: "a price that is none",
      rows: [FIRST, row(1, "BNC", { bid: "n/a", bidSize: "1" })],
      says: /gz:3: "n\/a" is no price/,
    },
    {
      name: "a size that is none",
      rows: [row(0, "BNC", { bid: "27", bidSize: "-1" })],
      says: /gz:2: "-1" is no size/,
    },
    {
      name: "a price of 0",
      rows: [row(0, "BNC", { bid: "0", bidSize: "1" })],
      says: /gz:2: "0" cannot be a price/,
    },
    {
      name: "a price twice",
      rows: [row(0, "BNC", { bid: "26.95", bidSize: "1" })],
      says: /gz:2: one of the bids is listed twice/,
    },
  ])("refuses $name with one line that names the place", async ({ rows, header = HEADER, says }) => {
    const files = { ...folder([]), "orderbook_bnc.csv.gz": [header, ...rows].join("\n") };
    await expect(importFiles(files)).rejects.toThrow(says);
  });

  it("names the file that is missing", async () => {
    const { "orderbook_bnc.csv.gz": only } = folder([FIRST]);
    await expect(importFiles({ "orderbook_bnc.csv.gz": only })).rejects.toThrow(
      /^orderbook_hb\.csv\.gz is missing/,
    );
  });
});
