import { describe, expect, it } from "vitest";
import { importFiles } from "./folders.ts";

const START_NS = 1_723_161_254_000_000_000n;
const START_US = 1_723_161_254_000_000;

/** One wire line, received `ms` after the start. */
function line(ms: number, message: object): string {
  return `${START_NS + BigInt(ms) * 1_000_000n + 999n} ${JSON.stringify(message)}`;
}

type Levels = readonly (readonly [string, string])[];

interface Depth {
  readonly ms: number;
  readonly ids: readonly [first: number, last: number];
  readonly previous?: number;
  readonly bids?: Levels;
  readonly asks?: Levels;
}

function depth({ ms, ids: [U, u], previous, bids: b = [], asks: a = [] }: Depth, s = "BTCUSDT"): string {
  const E = START_US / 1_000 + ms + 5;
  const data = {
    e: "depthUpdate",
    E,
    s,
    U,
    u,
    ...(previous === undefined ? {} : { T: E - 2, pu: previous }),
    b,
    a,
  };
  return line(ms, { stream: `${s.toLowerCase()}@depth@100ms`, data });
}

function snapshot(ms: number, lastUpdateId: number): string {
  return line(ms, {
    lastUpdateId,
    bids: [["100.00", "1.000"]],
    asks: [
      ["101.00", "2.000"],
      ["102.00", "1.500"],
    ],
  });
}

function ticker(ms: number, u: number, [b, B, a, A]: readonly string[]): string {
  return line(ms, { stream: "btcusdt@bookTicker", data: { u, s: "BTCUSDT", b, B, a, A } });
}

function trade(ms: number, buyerIsMaker: boolean): string {
  const data = {
    e: "trade",
    s: "BTCUSDT",
    t: 1,
    p: "100.50",
    q: "0.250",
    T: START_US / 1_000 + ms - 3,
    m: buyerIsMaker,
  };
  return line(ms, { stream: "btcusdt@trade", data });
}

const spot = (...lines: string[]) => importFiles({ "spot_btcusdt_20240808.gz": lines.join("\n") });
const usdm = (...lines: string[]) => importFiles({ "usdm_btcusdt_20240808.gz": lines.join("\n") });
const kinds = ({ events }: { events: readonly { kind: string }[] }) => events.map((event) => event.kind);

describe("the binance-wire importer", () => {
  it("makes a snapshot, deltas best price first, and prints with their aggressor", async () => {
    const { events, manifest } = await spot(
      snapshot(0, 10),
      depth({
        ms: 100,
        ids: [11, 12],
        bids: [
          ["99.00", "3.000"],
          ["99.50", "0.000"],
        ],
        asks: [["101.00", "0.500"]],
      }),
      trade(150, true),
      trade(160, false),
    );
    expect(events).toEqual([
      {
        kind: "snapshot",
        instrument: 0,
        receivedAtUs: START_US,
        updateId: 10,
        bids: [1_000, 100],
        asks: [1_010, 200, 1_020, 150],
      },
      {
        kind: "delta",
        instrument: 0,
        receivedAtUs: START_US + 100_000,
        venueAtUs: START_US + 105_000,
        updateId: 12,
        bids: [995, 0, 990, 300],
        asks: [1_010, 50],
      },
      {
        kind: "print",
        instrument: 0,
        receivedAtUs: START_US + 150_000,
        venueAtUs: START_US + 147_000,
        priceTicks: 1_005,
        sizeLots: 25,
        aggressor: "sell",
      },
      {
        kind: "print",
        instrument: 0,
        receivedAtUs: START_US + 160_000,
        venueAtUs: START_US + 157_000,
        priceTicks: 1_005,
        sizeLots: 25,
        aggressor: "buy",
      },
    ]);
    expect(manifest.instruments[0]).toMatchObject({
      definition: { account: "binance", symbol: "BTC/USDT", tick: "0.1", lot: "0.01", quoted: true },
      recorded: ["depth", "trades"],
      levels: 2,
      venueStamps: true,
    });
  });

  it("drops depth that the snapshot contains and applies what came before it but is newer", async () => {
    const imported = await spot(
      depth({ ms: 0, ids: [8, 9] }),
      depth({ ms: 10, ids: [10, 12], bids: [["100.00", "4.000"]] }),
      snapshot(20, 10),
      depth({ ms: 30, ids: [13, 13], asks: [["101.00", "1.000"]] }),
    );
    expect(imported.events.map((e) => [e.kind, e.receivedAtUs - START_US])).toEqual([
      ["snapshot", 20_000],
      ["delta", 20_000],
      ["delta", 30_000],
    ]);
    expect(imported.defects).toEqual({ BEFORE_SNAPSHOT: 1, CLOCK_BEHIND: 1 });
  });

  it("follows pu on futures, where U leaves out numbers", async () => {
    const imported = await usdm(
      snapshot(0, 10),
      depth({ ms: 1, ids: [5, 14], previous: 4 }),
      depth({ ms: 2, ids: [20, 29], previous: 14 }),
    );
    expect(kinds(imported)).toEqual(["snapshot", "delta", "delta"]);
    expect(imported.manifest.instruments[0]?.definition).toMatchObject({
      account: "binance-usdm",
      symbol: "BTC/USDT:USDT",
      kind: "linear-perpetual",
      settle: "USDT",
      quoted: false,
    });
  });

  it.each([
    {
      market: "spot",
      run: spot,
      hole: depth({ ms: 2, ids: [13, 14] }),
      after: depth({ ms: 4, ids: [21, 22] }),
    },
    {
      market: "futures",
      run: usdm,
      hole: depth({ ms: 2, ids: [12, 14], previous: 12 }),
      after: depth({ ms: 4, ids: [15, 22], previous: 14 }),
    },
  ])(
    "marks a hole in the sequence on $market and skips depth until the next snapshot",
    async ({ run, hole, after }) => {
      const first = depth({ ms: 1, ids: [10, 11], previous: 9 });
      const imported = await run(snapshot(0, 10), first, hole, trade(3, true), snapshot(3, 20), after);
      expect(kinds(imported)).toEqual(["snapshot", "delta", "gap", "print", "snapshot", "delta"]);
      expect(imported.defects).toMatchObject({ SEQUENCE_GAP: 1, BEFORE_SNAPSHOT: 1 });
    },
  );

  it("does not join depth to a snapshot that is too old for it", async () => {
    const imported = await spot(snapshot(0, 10), depth({ ms: 1, ids: [15, 16] }));
    expect(kinds(imported)).toEqual(["snapshot", "gap"]);
    expect(imported.defects).toMatchObject({ SEQUENCE_GAP: 1, NO_SNAPSHOT: 1 });
  });

  it("ignores a snapshot that is older than the book", async () => {
    const imported = await spot(snapshot(0, 10), depth({ ms: 1, ids: [11, 16] }), snapshot(2, 14));
    expect(kinds(imported)).toEqual(["snapshot", "delta"]);
    expect(imported.defects).toMatchObject({ OLD_SNAPSHOT: 1 });
  });

  it("compares the rebuilt top with bookTicker, whichever of the two comes first", async () => {
    const { manifest, defects } = await spot(
      snapshot(0, 10),
      ticker(1, 12, ["100.00", "4.000", "101.00", "2.000"]),
      ticker(2, 13, ["100.00", "4.000", "101.00", "1.000"]),
      depth({ ms: 3, ids: [11, 12], bids: [["100.00", "4.000"]] }),
      depth({ ms: 4, ids: [13, 14], asks: [["101.00", "1.000"]] }),
      depth({ ms: 5, ids: [15, 15], asks: [["101.00", "0.000"]] }),
      ticker(6, 15, ["100.00", "4.000", "102.00", "1.500"]),
    );
    expect(manifest.checks).toEqual([
      { name: "spot_btcusdt_20240808.gz: rebuilt top against the last bookTicker", checked: 3, equal: 3 },
      {
        name: "spot_btcusdt_20240808.gz: rebuilt top at the bookTicker's own update id",
        checked: 2,
        equal: 2,
      },
    ]);
    expect(defects).not.toHaveProperty("TOP_MISMATCH");
  });

  it.each([
    { name: "price", top: ["100.10", "4.000", "101.00", "2.000"] },
    { name: "size", top: ["100.00", "4.001", "101.00", "2.000"] },
  ])("counts a rebuilt top of another $name as a defect", async ({ top }) => {
    const { manifest, defects } = await spot(
      snapshot(0, 10),
      depth({ ms: 1, ids: [11, 12], bids: [["100.00", "4.000"]] }),
      ticker(2, 12, top),
    );
    expect(manifest.checks[0]).toMatchObject({ checked: 1, equal: 0 });
    expect(defects).toMatchObject({ TOP_MISMATCH: 1 });
  });

  it("reads the days of one symbol as one session, and puts a gap where an instrument ends early", async () => {
    const imported = await importFiles({
      "spot_btcusdt_20240809.gz": depth({ ms: 90_000, ids: [11, 12] }),
      "spot_btcusdt_20240808.gz": snapshot(0, 10),
      "usdm_btcusdt_20240808.gz": snapshot(1, 10),
    });
    expect(imported.events.map((e) => [e.kind, e.instrument])).toEqual([
      ["snapshot", 0],
      ["snapshot", 1],
      ["gap", 1],
      ["delta", 0],
    ]);
    expect(imported.defects).toMatchObject({ ENDS_EARLY: 1 });
  });

  it("leaves out coin-margined contracts and says so", async () => {
    const { manifest, defects } = await importFiles({
      "cm_btcusd_perp_20240808.gz": "not even read",
      "spot_btcusdt_20240808.gz": snapshot(0, 10),
    });
    expect(manifest.instruments).toHaveLength(1);
    expect(defects).toEqual({ INVERSE_SKIPPED: 1 });
  });

  it("counts what is neither depth, trade nor bookTicker", async () => {
    const imported = await spot(snapshot(0, 10), line(1, { stream: "btcusdt@kline_1m", data: {} }));
    expect(imported.defects).toEqual({ OTHER_MESSAGE: 1 });
  });

  it.each([
    {
      name: "a line without a time",
      lines: ["{}"],
      says: /^spot_btcusdt_20240808\.gz:1: expected a receive time in ns/,
    },
    {
      name: "a message that is cut off",
      lines: [snapshot(0, 1), snapshot(1, 2).slice(0, -5)],
      says: /gz:2: the message is no JSON/,
    },
    {
      name: "a message that Binance does not send",
      lines: [line(0, { hello: 1 })],
      says: /gz:1: this is no message that Binance sends/,
    },
    {
      name: "depth without its ids",
      lines: [line(0, { stream: "btcusdt@depth", data: { s: "BTCUSDT", b: [], a: [] } })],
      says: /gz:1: this is no message/,
    },
    {
      name: "a symbol other than the file's",
      lines: [depth({ ms: 0, ids: [1, 1] }, "ETHUSDT")],
      says: /gz:1: the symbol ETHUSDT is unknown here/,
    },
    {
      name: "times out of order",
      lines: [snapshot(1, 1), trade(0, true)],
      says: /gz:2: its time lies before/,
    },
    {
      name: "days out of order",
      lines: [snapshot(0, 1)],
      more: trade(-1, true),
      says: /20240809\.gz:1: its time lies before/,
    },
    {
      name: "a price that is none",
      lines: [snapshot(0, 1), depth({ ms: 1, ids: [2, 2], bids: [["1,5", "1"]] })],
      says: /gz:2: "1,5" is no price/,
    },
  ])("refuses $name with one line that names the place", async ({ lines, more = "", says }) => {
    const files = { "spot_btcusdt_20240808.gz": lines.join("\n"), "spot_btcusdt_20240809.gz": more };
    await expect(importFiles(files)).rejects.toThrow(says);
  });

  it.each([
    {
      files: { "spot_btcxyz_20240808.gz": "" },
      says: /^spot_btcxyz_20240808\.gz: the symbol BTCXYZ is unknown/,
    },
    { files: { "cm_btcusd_perp_20240808.gz": "" }, says: /only coin-margined files are there/ },
  ])("refuses a folder with nothing to read: $says", async ({ files, says }) => {
    await expect(importFiles(files)).rejects.toThrow(says);
  });
});
