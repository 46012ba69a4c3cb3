/**
 * OKX spot, public: the 400 best levels every 100 ms, each frame naming the one before it (docs-v5, order book
 * channel).
 */
import type { Instrument } from "../../../../contract/instrument.ts";
import { crc32 } from "../../../../core/book/checksum.ts";
import type { TextLevel } from "../../../../core/book/checksum.ts";
import { callEndpoint } from "../../gateway/ccxt.ts";
import type { BookMessage, MarketMessage, VenueTrade } from "../messages.ts";
import { flatPairs, isFields, parseFields, stepText, textOf, timeOfMs, usOfMs, wholeOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { MarketProtocol, VenueTerms } from "./protocol.ts";

export const okxMarket: MarketProtocol = {
  streamUrl: (instance) => `${(instance.urls.api as { ws: string }).ws}/public`,
  symbolOf,
  subscription: (op, symbols) => {
    const channels = ["books", "trades"];
    const args = symbols.flatMap((instId) => channels.map((channel) => ({ channel, instId })));
    return [JSON.stringify({ op, args })];
  },
  listingSubscription: JSON.stringify({
    op: "subscribe",
    args: [{ channel: "instruments", instType: "SPOT" }],
  }),
  read,
  bookLevels: 400,
  checksum: { levels: 25, of: okxChecksum },
  messagesPerSecondMax: 20,
  silentAfterMs: 20_000,
  // A connection may subscribe and unsubscribe 480 times an hour, whatever the number of its instruments.
  silentAfterMaxMs: 160_000,
  async fetchTime(instance) {
    const [first] = dataOf(await callEndpoint(instance, "publicGetPublicTime"));
    return required(timeOfMs(first?.["ts"]), "a time");
  },
  async fetchTerms(instance, instruments) {
    // All of the venue's in one answer: it takes 20 questions in 2 s, and an account may have more instruments.
    const listed = dataOf(await callEndpoint(instance, "publicGetPublicInstruments", { instType: "SPOT" }));
    if (listed.length === 0) throw new Error("OKX lists no instrument at all");
    const wanted = new Set(instruments.map(symbolOf));
    return new Map(
      listed.flatMap((row): [string, VenueTerms][] => {
        const instId = textOf(row["instId"]);
        return instId !== undefined && wanted.has(instId) ? [[instId, readTerms(row)]] : [];
      }),
    );
  },
};

function symbolOf({ symbol }: Pick<Instrument, "symbol">): string {
  return symbol.replace("/", "-");
}

function read(text: string): MarketMessage | undefined {
  // Answers to ccxt's own pings: a sign of life that ccxt counts as well.
  if (text === "pong") return undefined;
  const raw = parseFields(text);
  if (raw === undefined) return undefined;
  if (raw["event"] === "error") return { type: "refused", requestId: undefined, text: String(raw["msg"]) };
  // 64008: the connection will be closed for a service upgrade.
  if (raw["event"] === "notice") return { type: "leaving" };
  const arg = isFields(raw["arg"]) ? raw["arg"] : {};
  if (!Array.isArray(raw["data"])) return undefined;
  switch (arg["channel"]) {
    case "books":
      return readBook(raw, arg) ?? { type: "unreadable", of: "book", symbol: textOf(arg["instId"]) };
    case "trades":
      return readTrades(raw, arg) ?? { type: "unreadable", of: "trades" };
    case "instruments":
      return { type: "listing" };
    default:
      return undefined;
  }
}

function readBook(raw: Fields, arg: Fields): BookMessage | undefined {
  const symbol = textOf(arg["instId"]);
  const [data] = dataOf(raw);
  if (symbol === undefined || data === undefined) return undefined;
  const last = wholeOf(data["seqId"]);
  const previous = wholeOf(data["prevSeqId"]);
  const bids = flatPairs(data["bids"]);
  const asks = flatPairs(data["asks"]);
  if (last === undefined || previous === undefined || bids === undefined || asks === undefined)
    return undefined;
  const kind = raw["action"] === "snapshot" ? "snapshot" : "delta";
  const link = { rule: "previous", previous, last } as const;
  return {
    type: "book",
    kind,
    symbol,
    venueAtUs: usOfMs(data["ts"]),
    bids,
    asks,
    link,
    crc: crcOf(data["checksum"]),
  };
}

/** A venue that does not compute it any more sends 0. */
function crcOf(raw: unknown): number | undefined {
  const crc = wholeOf(raw);
  return crc === 0 ? undefined : crc;
}

/** Bid and ask in turns, each as price and size, for as far as either side goes; signed (docs-v5, checksum). */
function okxChecksum(bids: readonly TextLevel[], asks: readonly TextLevel[]): number {
  const parts: string[] = [];
  for (let rank = 0; rank < Math.max(bids.length, asks.length); rank++)
    for (const level of [bids[rank], asks[rank]]) if (level !== undefined) parts.push(level.price, level.qty);
  return crc32(parts.join(":")) | 0;
}

function readTrades(raw: Fields, arg: Fields): MarketMessage | undefined {
  const symbol = textOf(arg["instId"]);
  const trades = dataOf(raw).map(readTrade);
  if (symbol === undefined || trades.includes(undefined)) return undefined;
  return { type: "trades", symbol, isHistory: false, trades: trades as VenueTrade[] };
}

function readTrade({ tradeId: rawId, px: price, sz: size, side, ts }: Fields): VenueTrade | undefined {
  const tradeId = wholeOf(rawId);
  if (tradeId === undefined || typeof price !== "string" || typeof size !== "string") return undefined;
  if (side !== "buy" && side !== "sell") return undefined;
  return { tradeId, venueAtUs: usOfMs(ts), price, size, aggressor: side };
}

function readTerms(listed: Fields): VenueTerms {
  return {
    tick: required(stepText(listed["tickSz"]), "a tick"),
    lot: required(stepText(listed["lotSz"]), "a lot"),
    sizeMin: required(stepText(listed["minSz"]), "a minimum size"),
    notionalMinQuote: undefined,
    priceBandFrac: undefined,
    status: listed["state"] === "live" ? "TRADING" : "HALTED",
  };
}

function dataOf(answer: unknown): Fields[] {
  const data = isFields(answer) ? answer["data"] : undefined;
  return Array.isArray(data) ? (data as unknown[]).filter(isFields) : [];
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`OKX's answer has not ${what} where one should be`);
  return value;
}
