import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { record, registerRecord } from "../../../../server/cli/commands/record.ts";
import { LiveRecorder } from "../../../../server/cli/liveRecorder.ts";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";
import {
  applyDelta,
  applySnapshot,
  clearBook,
  createBook,
  flatLevels,
} from "../../../../server/core/book/book.ts";
import type { RecordedEvent } from "../../../../server/lab/recording/events.ts";
import type { Manifest } from "../../../../server/lab/recording/manifest.ts";
import { openRecording } from "../../../../server/lab/recording/reader.ts";
import type { ExchangeId } from "../../../../server/venues/ccxt/ports.ts";
import { openUnifiedMarket } from "../../../../server/venues/ccxt/record/unifiedMarket.ts";
import type { VenueEvent } from "../../../../server/venues/venue.ts";
import { eventually } from "../../../support/eventually.ts";
import { temporaryDir } from "../../lab/recording/fixtures.ts";
import { openEmulator } from "../../venues/ccxt/market/emulator.ts";
import type { Emulator } from "../../venues/ccxt/market/emulator.ts";

let venue: Emulator;
let out: string;
let seed = 0;

beforeEach(() => {
  out = join(temporaryDir(), "recording");
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await venue.close();
});

async function open(exchange: ExchangeId): Promise<void> {
  venue = await openEmulator(exchange);
  for (const index of [0, 1]) venue.quote(index, ++seed);
}

const SYMBOLS = ["BTC/USDT", "ETH/USDT"];

type Open = Parameters<typeof record>[2];

/** Of what ccxt streams without being asked for more. */
const LEVELS = { binance: Infinity, okx: Infinity, kraken: 10 };

/** Records; when both books are there the market moves, and the end is when all of that has been heard. */
async function recordMoves(
  exchange: ExchangeId,
  moves: number,
  { openMarket, levels = Infinity }: { readonly openMarket?: Open; readonly levels?: number } = {},
): Promise<Manifest> {
  const hear = vi.spyOn(LiveRecorder.prototype, "hear");
  const heard = (): VenueEvent[] => hear.mock.calls.map(([event]) => event);
  const stop = new AbortController();
  const options = { venue: exchange, symbol: SYMBOLS, origin: venue.origin, out };
  const recorded = record(options, stop.signal, openMarket);
  try {
    await eventually(() => expect(heard().filter(isSnapshot)).toHaveLength(2));
    for (let i = 0; i < moves; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      for (const index of [0, 1])
        if (i % 5 === 0) venue.quote(index, ++seed);
        else venue.nudge(index, ++seed);
      if (i === moves - 5) venue.move({ kind: "take", instrument: 0, side: "sell", sizeLots: 1 });
    }
    await eventually(() => {
      expect(heard().map(({ type }) => type)).toContain("trade");
      expect(booksOf(heard())).toEqual(shown(levels));
    });
  } finally {
    stop.abort();
    await recorded;
  }
  return recorded;
}

const isSnapshot = (event: VenueEvent): boolean => event.type === "book" && event.kind === "snapshot";

/** Both books as the venue has them. */
function shown(levels = Infinity) {
  return [0, 1].map((index) => {
    const { bids, asks } = venue.core.book(index);
    return { bids: bids.slice(0, 2 * levels), asks: asks.slice(0, 2 * levels) };
  });
}

/** Both books after these events. */
function booksOf(events: readonly (VenueEvent | RecordedEvent)[]) {
  const books = [createBook(), createBook()] as const;
  for (const event of events) {
    if (!("kind" in event)) continue;
    const book = books[event.instrument] ?? books[0];
    if (event.kind === "snapshot") applySnapshot(book, event.bids, event.asks);
    if (event.kind === "delta") applyDelta(book, event.bids, event.asks);
    if (event.kind === "gap") clearBook(book);
  }
  return books.map(({ bids, asks }) => ({ bids: flatLevels(bids), asks: flatLevels(asks) }));
}

/** Both books as the recording leaves them, and its trades. */
function replay() {
  const recording = openRecording(out);
  const events: RecordedEvent[] = [];
  const cursor = recording.read();
  for (let event = cursor.next(); event !== undefined; event = cursor.next()) events.push(event);
  recording.close();
  const prints = events.flatMap((event) =>
    event.kind === "print" ? [[event.instrument, event.aggressor, event.sizeLots]] : [],
  );
  return { books: booksOf(events), prints };
}

it.each(["binance", "okx", "kraken"] as const)("ends with the book that %s shows", async (exchange) => {
  await open(exchange);
  const manifest = await recordMoves(exchange, 40);
  const { books, prints } = replay();
  expect(books).toEqual(shown());
  expect(prints).toEqual([[0, "sell", 1]]);
  expect(manifest.instruments.map(({ definition }) => definition)).toMatchObject([
    { symbol: "BTC/USDT", tick: "0.1", lot: "0.001", version: 1 },
    { symbol: "ETH/USDT" },
  ]);
  expect(manifest.counts).toMatchObject({ snapshot: 2, gap: 0, print: 1 });
  expect(manifest.counts["delta"]).toBeGreaterThan(5);
  expect(manifest.stretches).toHaveLength(1);
});

it.each(["binance", "okx", "kraken"] as const)(
  "ends with the book that %s shows by ccxt's own streams, as of a venue without an adapter",
  async (exchange) => {
    await open(exchange);
    const levels = LEVELS[exchange];
    await recordMoves(exchange, 40, {
      openMarket: (options) => openUnifiedMarket({ ...options, exchange }),
      levels,
    });
    const { books, prints } = replay();
    expect(books).toEqual(shown(levels));
    expect(prints).toEqual([[0, "sell", 1]]);
  },
);

async function run(...argv: string[]): Promise<{ readonly exitCode: number; readonly stderr: string }> {
  const errors = vi.mocked(process.stderr.write);
  const exitCode = await runProgram(buildProgram([registerRecord]), ["record", ...argv, "--out", out]);
  return { exitCode, stderr: errors.mock.calls.map(([text]) => String(text)).join("") };
}

it("writes a recording of some seconds, with its holes", async () => {
  await open("okx");
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const { hear } = LiveRecorder.prototype;
  let isCut = false;
  vi.spyOn(LiveRecorder.prototype, "hear").mockImplementation(function (this: LiveRecorder, event) {
    hear.call(this, event);
    if (isCut || !isSnapshot(event)) return;
    isCut = true;
    venue.fault({ kind: "disconnect", of: "all" });
  });
  const argv = [
    "--venue",
    "okx",
    "--symbol",
    "BTC/USDT",
    "--origin",
    venue.origin,
    "--seconds",
    "8",
    "--json",
  ];
  const { exitCode } = await run(...argv);
  expect(exitCode).toBe(0);
  expect(JSON.parse(String(stdout.mock.calls[0]?.[0]))).toMatchObject({
    manifest: { counts: { gap: 1, snapshot: 2 }, defects: [{ code: "FEED_DOWN", count: 1 }] },
  });
});

it.each([
  ["a symbol that is not listed", ["--symbol", "DOGE/USDT"], "okx does not list DOGE/USDT"],
  ["what is no symbol", ["--symbol", "BTCUSDT"], '"BTCUSDT" is no symbol'],
  ["no time at all", ["--symbol", "BTC/USDT", "--seconds", "0"], "--seconds 0"],
])("refuses %s, and leaves nothing behind", async (_, argv, text) => {
  await open("okx");
  const { exitCode, stderr } = await run("--venue", "okx", "--origin", venue.origin, ...argv);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(text);
  expect(existsSync(out) || existsSync(`${out}.partial`)).toBe(false);
});

it("refuses a venue that ccxt does not stream, and leaves nothing behind", async () => {
  await open("okx");
  for (const name of ["nowhere", "../okx", "binance.js"]) {
    const { exitCode, stderr } = await run("--venue", name, "--symbol", "BTC/USDT");
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(`ccxt has no streams of "${name}"`);
  }
  expect(existsSync(out) || existsSync(`${out}.partial`)).toBe(false);
});

it("begins anew where ccxt's streams break, with the hole in the recording", async () => {
  await open("okx");
  const stop = new AbortController();
  const hear = vi.spyOn(LiveRecorder.prototype, "hear");
  const heard = (): VenueEvent[] => hear.mock.calls.map(([event]) => event);
  const recorded = record(
    { venue: "okx", symbol: ["BTC/USDT"], origin: venue.origin, out },
    stop.signal,
    (options) => openUnifiedMarket({ ...options, exchange: "okx" }),
  );
  await eventually(() => expect(heard().filter(isSnapshot)).toHaveLength(1));
  venue.fault({ kind: "disconnect", of: "all" });
  await eventually(() => expect(heard().filter(isSnapshot)).toHaveLength(2));
  stop.abort();
  const { counts, defects } = await recorded;
  expect(counts).toMatchObject({ snapshot: 2, gap: 1 });
  expect(defects).toMatchObject([{ code: "FEED_DOWN", count: 1 }]);
});
