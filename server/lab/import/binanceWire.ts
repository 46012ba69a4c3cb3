/**
 * Raw Binance streams as they came over the wire: `<receive time in ns> <message>` a line, one file
 * per symbol and day, the days of a symbol read as one session. Depth goes through the sequence
 * rules, trades become prints, and bookTicker proves the rebuilt book instead of being recorded.
 */
import { UserError } from "../../contract/errors.ts";
import { BinanceBook } from "./binanceBook.ts";
import type { DepthMessage, Market } from "./binanceMessages.ts";
import { parseMessage } from "./binanceMessages.ts";
import type { Importer, RawRecord, SourceInstrument } from "./importer.ts";
import type { Lines } from "./lines.ts";
import { mergeByTime } from "./merge.ts";
import type { ImportPass } from "./pass.ts";
import type { SourceFile } from "./unpack.ts";

const FILE = /^(spot|usdm|cm)_([a-z0-9]+(?:_perp)?)_(\d{8})\.gz$/;
const PAIR = /^([A-Z0-9]{2,12}?)(USDT|USDC|FDUSD|TUSD|BTC|ETH|BNB|EUR)$/;

export const binanceWire: Importer = {
  name: "binance-wire",
  revision: 1,
  source: { name: "nkaz001/hftbacktest, Binance streams", licence: "MIT" },
  looksLike: "spot_<symbol>_YYYYMMDD.gz, usdm_<symbol>_YYYYMMDD.gz",
  detect(files) {
    const found = files.filter((file) => FILE.test(file)).sort();
    return found.length === 0 ? undefined : found;
  },
  open(files) {
    const sessions = groupSessions(files);
    return {
      instruments: sessions.map(toInstrument),
      assumptions: [
        "depth received before a snapshot and newer than it is applied right after it, at its time of receipt",
        "the perpetual informs fair value and is never quoted",
      ],
      *records(pass) {
        for (const file of files)
          if (marketOf(file) === "cm")
            pass.defect(
              "INVERSE_SKIPPED",
              `${file.name}: contracts settled in coin are no instrument kind here; not read`,
            );
        yield* mergeByTime(sessions.map((session, instrument) => readSession(session, instrument, pass)));
      },
    };
  },
};

/** All days of one symbol of one market. */
interface Session {
  readonly market: Market;
  /** As Binance writes it, such as BTCUSDT. */
  readonly symbol: string;
  readonly files: SourceFile[];
}

function marketOf(file: SourceFile): string | undefined {
  return FILE.exec(file.name)?.[1];
}

function groupSessions(files: readonly SourceFile[]): Session[] {
  const sessions = new Map<string, Session>();
  for (const file of files) {
    const [, market, name = ""] = FILE.exec(file.name) ?? [];
    if (market !== "spot" && market !== "usdm") continue;
    const key = `${market} ${name}`;
    const session = sessions.get(key) ?? { market, symbol: name.toUpperCase(), files: [] };
    session.files.push(file);
    sessions.set(key, session);
  }
  if (sessions.size === 0)
    throw new UserError("only coin-margined files are there: add a spot_… or usdm_… file");
  return [...sessions.values()];
}

function toInstrument({ market, symbol, files }: Session): SourceInstrument {
  const [, base, quote] = PAIR.exec(symbol) ?? [];
  if (base === undefined || quote === undefined)
    throw new UserError(
      `${files[0]?.name}: the symbol ${symbol} is unknown; its quote currency must be a known one`,
    );
  const common = { venue: "binance", base, quote, settle: quote };
  return market === "spot"
    ? { ...common, account: "binance", symbol: `${base}/${quote}`, kind: "spot", quoted: true }
    : {
        ...common,
        account: "binance-usdm",
        symbol: `${base}/${quote}:${quote}`,
        kind: "linear-perpetual",
        quoted: false,
      };
}

function* readSession(
  { market, symbol, files }: Session,
  instrument: number,
  pass: ImportPass,
): Generator<RawRecord> {
  const book = new BinanceBook(market, symbol, pass);
  const lines = pass.lines(files);
  for (let text = lines.next(); text !== undefined; text = lines.next()) {
    const space = text.indexOf(" ");
    const receivedAtUs = lines.inOrder(parseReceiveTime(text.slice(0, space), lines));
    const raw = parseJson(text.slice(space + 1), lines);
    const message = parseMessage(raw) ?? lines.refuse("this is no message that Binance sends");
    const common = { instrument, receivedAtUs, file: lines.file, line: lines.number };
    if (message.symbol !== undefined && message.symbol !== symbol)
      lines.refuse(`the symbol ${message.symbol} is unknown here; the file name says ${symbol}`);
    switch (message.type) {
      case "snapshot":
        for (const step of book.onSnapshot(message)) yield { ...common, ...toRaw(step) };
        break;
      case "depth":
        for (const step of book.onDepth(message, lines.file)) yield { ...common, ...toRaw(step) };
        break;
      case "ticker":
        book.onTicker(message);
        break;
      case "trade": {
        const { venueAtUs, price, size, aggressor } = message;
        yield { kind: "print", ...common, venueAtUs, price, size, aggressor };
        break;
      }
      case "other":
        pass.defect(
          "OTHER_MESSAGE",
          `${symbol}: messages that are neither depth, trade nor bookTicker; not recorded`,
        );
        break;
    }
  }
  book.end();
}

type Step = ReturnType<BinanceBook["onDepth"]>[number];

function toRaw(step: Step) {
  if (step === "gap") return { kind: "gap" } as const;
  const { kind, message } = step;
  const { venueAtUs, lastId: updateId, bids, asks }: DepthMessage = message;
  return { kind, venueAtUs, updateId, bids, asks } as const;
}

/** Nanoseconds, cut to microseconds as text: they exceed what a number holds. */
function parseReceiveTime(text: string, lines: Lines): number {
  if (!/^\d{16,19}$/.test(text)) lines.refuse("expected a receive time in ns, a space, and a message");
  return Number(text.slice(0, -3));
}

function parseJson(text: string, lines: Lines): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return lines.refuse("the message is no JSON: the line is damaged or cut off");
  }
}
