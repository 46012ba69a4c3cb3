/**
 * BTC on five venues, 26 September 2025: top of book without sizes and the last trade, as polled and
 * pushed to one recorder. Its clock and its pauses are the source's; docs/recordings.md lists them.
 */
import { floorToUnits } from "./decimal.ts";
import { requireAll } from "./detect.ts";
import type { Importer, RawRecord, SourceInstrument } from "./importer.ts";
import type { Lines } from "./lines.ts";
import { mergeByTime } from "./merge.ts";
import type { ImportPass } from "./pass.ts";
import type { SourceFile } from "./unpack.ts";

const VENUES = [
  { venue: "binance", quote: "USDT" },
  { venue: "bybit", quote: "USDT" },
  { venue: "coinbase", quote: "USD" },
  { venue: "kraken", quote: "USD" },
  { venue: "okx", quote: "USDT" },
] as const;
type Venue = (typeof VENUES)[number];

const HEADER = "ts_local_ms,ts_exchange_ms,bid,ask,last_px,last_qty";
const COLUMNS = 6;

/**
 * Five venues are never all silent for this long while the recorder runs (its longest such silence is
 * 29.7 s); every pause of the recorder is above 470 s.
 */
const PAUSE_US = 30_000_000;

export const crypto5: Importer = {
  name: "crypto5",
  revision: 1,
  source: { name: "yomarfrancisco/acd-monitor, BTC on five venues of 2025-09-26", licence: "MIT" },
  looksLike: VENUES.map(fileOf).join(", "),
  detect: (files) => requireAll(VENUES.map(fileOf), files),
  open: (files) => ({
    instruments: VENUES.map(toInstrument),
    assumptions: [
      "a print is a row whose last price or size differs from the row before; between two rows only the last trade shows",
      "the first row of a venue after a pause of the recorder gives no print: its trade may be old",
      "binance was polled once a second: its lag behind the others says nothing about who leads",
      "coinbase and kraken quote USD, the others USDT: their difference is a currency basis",
      "bybit has no book and is never quoted; without trade sizes a lot of 0.00001 BTC is assumed",
    ],
    records: (pass) =>
      toRecords(mergeByTime(VENUES.map((venue, instrument) => rows(venue, instrument, files, pass))), pass),
  }),
};

function fileOf({ venue }: Venue): string {
  return `${venue}.csv.gz`;
}

function toInstrument({ venue, quote }: Venue): SourceInstrument {
  const pair = { symbol: `BTC/${quote}`, base: "BTC", quote, settle: quote };
  const hasBook = venue !== "bybit";
  return { account: venue, venue, kind: "spot", ...pair, quoted: hasBook, assumedLot: "0.00001" };
}

interface Row {
  readonly instrument: number;
  readonly receivedAtUs: number;
  readonly venueAtUs: number | undefined;
  readonly bid: string;
  readonly ask: string;
  readonly lastPrice: string;
  readonly lastSize: string;
  readonly file: string;
  readonly line: number;
}

function* rows(
  venue: Venue,
  instrument: number,
  files: readonly SourceFile[],
  pass: ImportPass,
): Generator<Row> {
  const lines = pass.lines(files.filter((file) => file.name === fileOf(venue)));
  for (let text = lines.next(); text !== undefined; text = lines.next()) {
    if (lines.number === 1) {
      if (text !== HEADER) lines.refuse(`expected the header ${HEADER}`);
      continue;
    }
    const cells = text.split(",");
    const [local = "", exchange = "", bid = "", ask = "", lastPrice = "", lastSize = ""] = cells;
    if (cells.length !== COLUMNS) lines.refuse(`expected ${COLUMNS} columns, found ${cells.length}`);
    const receivedAtUs = lines.inOrder(parseMs(local, lines));
    const venueAtUs = exchange === "" ? undefined : parseMs(exchange, lines);
    const { file, number: line } = lines;
    yield { instrument, receivedAtUs, venueAtUs, bid, ask, lastPrice, lastSize, file, line };
  }
}

function* toRecords(merged: Iterable<Row>, pass: ImportPass): Generator<RawRecord> {
  const previous: (Row | undefined)[] = VENUES.map(() => undefined);
  let lastAtUs: number | undefined;
  for (const row of merged) {
    const { instrument, receivedAtUs, venueAtUs, file, line, bid, ask, lastPrice, lastSize } = row;
    if (lastAtUs !== undefined && receivedAtUs - lastAtUs > PAUSE_US) {
      yield { kind: "pause", instrument, receivedAtUs: lastAtUs, file, line };
      previous.fill(undefined);
    }
    lastAtUs = receivedAtUs;
    const before = previous[instrument];
    previous[instrument] = row;
    const common = { instrument, receivedAtUs, venueAtUs, file, line };
    if (before !== undefined && receivedAtUs - before.receivedAtUs > PAUSE_US)
      pass.defect(
        "VENUE_SILENT",
        `${VENUES[instrument]?.venue} was silent for more than 30 s while others spoke`,
      );
    // The trade came first: the row shows the book that it left behind.
    const traded = before !== undefined && (before.lastPrice !== lastPrice || before.lastSize !== lastSize);
    if (traded && lastPrice !== "") {
      yield { kind: "print", ...common, price: lastPrice, size: lastSize === "" ? undefined : lastSize };
    }
    if (bid !== "" || ask !== "") {
      yield {
        kind: "touch",
        ...common,
        bid: bid === "" ? undefined : bid,
        ask: ask === "" ? undefined : ask,
      };
    } else if (!traded) yield { kind: "alive", ...common };
  }
}

/** Milliseconds with up to three decimals. */
function parseMs(text: string, lines: Lines): number {
  return floorToUnits(text, 3) ?? lines.refuse(`${text} is no time in milliseconds`);
}
