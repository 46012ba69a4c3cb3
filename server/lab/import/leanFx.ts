/**
 * Currency ticks in QuantConnect LEAN's format: one zip per market and day, `ms,bid,ask` without
 * sizes or trades. The milliseconds count from midnight of the market's own time zone.
 */
import { UserError } from "../../contract/errors.ts";
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../contract/units.ts";
import type { Importer, RawTouch, SourceInstrument } from "./importer.ts";
import { mergeByTime } from "./merge.ts";
import type { ImportPass } from "./pass.ts";
import type { SourceFile } from "./unpack.ts";

/** Fixed offsets: LEAN keeps each market's files in its exchange time, without daylight saving. */
const MARKETS = [
  { market: "fxcm", utcOffsetHours: -5 },
  { market: "oanda", utcOffsetHours: 0 },
] as const;
type Market = (typeof MARKETS)[number];

const PATH = /^(fxcm|oanda)\/\d{8}_quote\.zip$/;
const ENTRY = /^(\d{4})(\d\d)(\d\d)_([a-z]{3})([a-z]{3})_tick_quote\.csv$/;
const DAY_MS = 86_400_000;
const COLUMNS = 3;

export const leanFx: Importer = {
  name: "lean-fx",
  revision: 1,
  source: { name: "QuantConnect/Lean, currency ticks", licence: "Apache-2.0" },
  looksLike: "fxcm/YYYYMMDD_quote.zip, oanda/YYYYMMDD_quote.zip",
  detect(files) {
    const found = files.filter((file) => PATH.test(file)).sort();
    return found.length === 0 ? undefined : found;
  },
  open(files) {
    const markets = MARKETS.filter(({ market }) => filesOf(market, files).length > 0);
    return {
      instruments: markets.map(({ market }) => toInstrument(market, filesOf(market, files))),
      assumptions: [
        ...markets.map(
          ({ market, utcOffsetHours }) => `${market} stamps its ticks in UTC${signed(utcOffsetHours)}`,
        ),
        "the stamp is taken as the time of receipt; there are no sizes, and a lot of 1000 units is assumed",
      ],
      records: (pass) =>
        mergeByTime(
          markets.map((market, instrument) => ticks(market, instrument, filesOf(market.market, files), pass)),
        ),
    };
  },
};

function filesOf(market: string, files: readonly SourceFile[]): SourceFile[] {
  return files.filter((file) => file.name.startsWith(`${market}/`));
}

function toInstrument(market: string, files: readonly SourceFile[]): SourceInstrument {
  const pairs = new Set(files.map((file) => parseEntry(file).pair));
  if (pairs.size > 1)
    throw new UserError(`${market} holds more than one pair: ${[...pairs].join(", ")}; import one`);
  const [symbol = ""] = pairs;
  const [base = "", quote = ""] = symbol.split("/");
  const assumedLot = "1000";
  return {
    account: market,
    venue: market,
    symbol,
    kind: "spot",
    base,
    quote,
    settle: quote,
    quoted: true,
    assumedLot,
  };
}

function* ticks(
  { utcOffsetHours }: Market,
  instrument: number,
  files: readonly SourceFile[],
  pass: ImportPass,
): Generator<RawTouch> {
  const offsetUs = utcOffsetHours * 3_600 * MICROS_PER_SECOND;
  const midnights = new Map(files.map((file) => [file.name, parseEntry(file).midnightUs - offsetUs]));
  const lines = pass.lines(files);
  for (let text = lines.next(); text !== undefined; text = lines.next()) {
    const cells = text.split(",");
    const [ms = "", bid = "", ask = ""] = cells;
    if (cells.length !== COLUMNS) lines.refuse(`expected ms,bid,ask, found ${cells.length} columns`);
    const sinceMs = /^\d{1,8}$/.test(ms) ? Number(ms) : DAY_MS;
    if (sinceMs >= DAY_MS) lines.refuse(`${ms} is no time in milliseconds since midnight`);
    const receivedAtUs = lines.inOrder((midnights.get(lines.file) ?? 0) + sinceMs * MICROS_PER_MS);
    yield { kind: "touch", instrument, receivedAtUs, file: lines.file, line: lines.number, bid, ask };
  }
}

function parseEntry({ name, entry = "" }: SourceFile): {
  readonly midnightUs: number;
  readonly pair: string;
} {
  const [, year, month, day, base = "", quote = ""] = ENTRY.exec(entry) ?? [];
  if (year === undefined)
    throw new UserError(
      `${name}: ${entry} is unknown; expected tick quotes, YYYYMMDD_<symbol>_tick_quote.csv`,
    );
  const midnightMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return { midnightUs: midnightMs * MICROS_PER_MS, pair: `${base}/${quote}`.toUpperCase() };
}

function signed(hours: number): string {
  return hours < 0 ? `−${-hours}` : `+${hours}`;
}
