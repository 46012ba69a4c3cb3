/** LINK/USDT on Binance and Huobi, 20 August 2021: ten levels a side on a grid of one second. */
import { MICROS_PER_MS } from "../../contract/units.ts";
import { requireAll } from "./detect.ts";
import type { Importer, RawDepth, SourceInstrument } from "./importer.ts";
import { mergeByTime } from "./merge.ts";
import type { ImportPass } from "./pass.ts";
import type { SourceFile } from "./unpack.ts";

const LEVELS = 10;

const VENUES = [
  { file: "orderbook_bnc.csv.gz", account: "binance", symbol: "LINKUSDT.BNC" },
  { file: "orderbook_hb.csv.gz", account: "huobi", symbol: "LINKUSDT.HB" },
] as const;

const HEADER = ["timestamp", "symbol", ...column("b"), ...column("bv"), ...column("a"), ...column("av")].join(
  ",",
);
const COLUMNS = 2 + 4 * LEVELS;

export const linkusdt: Importer = {
  name: "linkusdt",
  revision: 1,
  source: { name: "DasAnish/DeFi-arbitrage, LINK/USDT of 2021-08-20", licence: "MIT" },
  looksLike: VENUES.map((venue) => venue.file).join(", "),
  detect: (files) =>
    requireAll(
      VENUES.map((venue) => venue.file),
      files,
    ),
  open: (files) => ({
    instruments: VENUES.map(toInstrument),
    assumptions: [
      "the grid's second is taken as the time of receipt; there are no venue stamps",
      "a level that leaves the ten best is recorded as removed: behind them nothing is known",
    ],
    records: (pass) => mergeByTime(VENUES.map((venue, instrument) => rows(venue, instrument, files, pass))),
  }),
};

function toInstrument({ account }: { readonly account: string }): SourceInstrument {
  const pair = { base: "LINK", quote: "USDT", settle: "USDT" };
  return { account, venue: account, symbol: "LINK/USDT", kind: "spot", ...pair, quoted: true };
}

function* rows(
  venue: (typeof VENUES)[number],
  instrument: number,
  files: readonly SourceFile[],
  pass: ImportPass,
): Generator<RawDepth> {
  const lines = pass.lines(files.filter((file) => file.name === venue.file));
  for (let text = lines.next(); text !== undefined; text = lines.next()) {
    if (lines.number === 1) {
      if (text !== HEADER) lines.refuse("expected the header timestamp,symbol,b1,…,b10,bv1,…,a1,…,av10");
      continue;
    }
    const cells = text.split(",");
    const [timestamp = "", symbol] = cells;
    if (cells.length !== COLUMNS) lines.refuse(`expected ${COLUMNS} columns, found ${cells.length}`);
    if (symbol !== venue.symbol) lines.refuse(`expected the symbol ${venue.symbol}, found ${symbol}`);
    const receivedAtUs =
      parseSecond(timestamp) ?? lines.refuse(`${timestamp} is no time such as 2021-08-20 00:00:00`);
    yield {
      kind: "full",
      instrument,
      receivedAtUs: lines.inOrder(receivedAtUs),
      file: lines.file,
      line: lines.number,
      bids: levels(cells, 2),
      asks: levels(cells, 2 + 2 * LEVELS),
    };
  }
}

/** Ten prices from `start` on, then their ten sizes. An empty price ends the side. */
function levels(cells: readonly string[], start: number): string[] {
  const flat: string[] = [];
  for (let at = start; at < start + LEVELS; at++) {
    const price = cells[at] ?? "";
    if (price === "") break;
    flat.push(price, cells[at + LEVELS] ?? "");
  }
  return flat;
}

function parseSecond(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const atMs = Date.parse(`${text.replace(" ", "T")}Z`);
  return Number.isNaN(atMs) ? undefined : atMs * MICROS_PER_MS;
}

function column(name: string): string[] {
  return Array.from({ length: LEVELS }, (_, at) => `${name}${at + 1}`);
}
