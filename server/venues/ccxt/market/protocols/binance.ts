/**
 * Binance spot, public: depth every 100 ms by ranges of update ids, over a snapshot by REST
 * (developers.binance.com, WebSocket streams and market data endpoints).
 */
import type { Instrument } from "../../../../contract/instrument.ts";
import { callEndpoint } from "../../gateway/ccxt.ts";
import type { CcxtInstance } from "../../gateway/ccxt.ts";
import type { BookMessage, MarketMessage, TradesMessage } from "../messages.ts";
import { flatPairs, isFields, parseFields, stepText, textOf, timeOfMs, usOfMs, wholeOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { askListed, mentions } from "./listed.ts";
import type { MarketProtocol, VenueTerms } from "./protocol.ts";

/** The venue allows 5,000 at five times the weight. */
const SNAPSHOT_LEVELS = 1_000;

export const binanceMarket: MarketProtocol = {
  // As ccxt numbers its own sockets.
  streamUrl: (instance) => `${(instance.urls.api as { ws: { spot: string } }).ws.spot}/0`,
  symbolOf,
  subscription: (kind, symbols, requestId) => {
    const names = symbols.map((symbol) => symbol.toLowerCase());
    const params = names.flatMap((name) => [`${name}@depth@100ms`, `${name}@trade`]);
    return [JSON.stringify({ method: kind.toUpperCase(), params, id: requestId })];
  },
  read,
  snapshot: { fetch: fetchSnapshot, levelsMax: SNAPSHOT_LEVELS },
  // Deltas add levels around those of the snapshot.
  bookLevels: 5_000,
  // The venue ends a connection that sends more than five, and counts pings.
  messagesPerSecondMax: 3,
  silentAfterMs: 10_000,
  // With each goes a snapshot.
  silentAfterMaxMs: 80_000,
  async fetchTime(instance) {
    const answer = await callEndpoint(instance, "publicGetTime");
    return required(timeOfMs(isFields(answer) ? answer["serverTime"] : undefined), "a time");
  },
  fetchTerms,
};

function symbolOf({ symbol }: Pick<Instrument, "symbol">): string {
  return symbol.replace("/", "");
}

function read(text: string): MarketMessage | undefined {
  const raw = parseFields(text);
  if (raw === undefined) return undefined;
  const data = isFields(raw["data"]) ? raw["data"] : raw;
  switch (data["e"]) {
    case "depthUpdate":
      return readDepth(data) ?? { type: "unreadable", of: "book", symbol: textOf(data["s"]) };
    case "trade":
      return readTrade(data) ?? { type: "unreadable", of: "trades" };
    default:
      return readAnswer(raw);
  }
}

function readDepth(data: Fields): BookMessage | undefined {
  const symbol = textOf(data["s"]);
  const first = wholeOf(data["U"]);
  const last = wholeOf(data["u"]);
  const bids = flatPairs(data["b"]);
  const asks = flatPairs(data["a"]);
  if (symbol === undefined || first === undefined || last === undefined || !bids || !asks) return undefined;
  const link = { rule: "range", first, last } as const;
  return { type: "book", kind: "delta", symbol, venueAtUs: usOfMs(data["E"]), bids, asks, link };
}

function readTrade(data: Fields): TradesMessage | undefined {
  const { t, p: price, q: size, m: buyerIsMaker } = data;
  const symbol = textOf(data["s"]);
  const tradeId = wholeOf(t);
  if (symbol === undefined || tradeId === undefined || typeof buyerIsMaker !== "boolean") return undefined;
  if (typeof price !== "string" || typeof size !== "string") return undefined;
  const aggressor = buyerIsMaker ? "sell" : "buy";
  const trade = { tradeId, venueAtUs: usOfMs(data["T"]), price, size, aggressor } as const;
  return { type: "trades", symbol, isHistory: false, trades: [trade] };
}

function readAnswer(raw: Fields): MarketMessage | undefined {
  const requestId = wholeOf(raw["id"]);
  const error = isFields(raw["error"]) ? raw["error"] : raw;
  if ("msg" in error) return { type: "refused", requestId, text: String(error["msg"]) };
  return requestId !== undefined && raw["result"] === null ? { type: "accepted", requestId } : undefined;
}

async function fetchSnapshot(instance: CcxtInstance, symbol: string): Promise<BookMessage> {
  const answer = await callEndpoint(instance, "publicGetDepth", { symbol, limit: SNAPSHOT_LEVELS });
  const raw = isFields(answer) ? answer : {};
  const last = required(wholeOf(raw["lastUpdateId"]), "an update id");
  const bids = required(flatPairs(raw["bids"]), "bids");
  const asks = required(flatPairs(raw["asks"]), "asks");
  const link = { rule: "range", first: last, last } as const;
  return { type: "book", kind: "snapshot", symbol, venueAtUs: undefined, bids, asks, link };
}

async function fetchTerms(
  instance: CcxtInstance,
  instruments: readonly Instrument[],
): Promise<ReadonlyMap<string, VenueTerms>> {
  const ask = async (symbols: readonly string[]): Promise<readonly unknown[]> => {
    const answer = await callEndpoint(instance, "publicGetExchangeInfo", {
      symbols: JSON.stringify(symbols),
    });
    return required(listOf(isFields(answer) ? answer["symbols"] : undefined), "a list of symbols");
  };
  const isNotListed = (error: unknown): boolean => mentions(error, "-1121");
  return new Map((await askListed(instruments.map(symbolOf), ask, isNotListed)).map(readTerms));
}

function listOf(raw: unknown): readonly unknown[] | undefined {
  return Array.isArray(raw) ? (raw as unknown[]) : undefined;
}

function readTerms(raw: unknown): [string, VenueTerms] {
  const fields = isFields(raw) ? raw : {};
  const filters = (listOf(fields["filters"]) ?? []).filter(isFields);
  const filter = (...types: readonly string[]): Fields =>
    filters.find(({ filterType }) => types.includes(String(filterType))) ?? {};
  const size = filter("LOT_SIZE");
  const terms = {
    tick: required(stepText(filter("PRICE_FILTER")["tickSize"]), "a tick"),
    lot: required(stepText(size["stepSize"]), "a lot"),
    sizeMin: required(stepText(size["minQty"]), "a minimum size"),
    notionalMinQuote: stepText(filter("NOTIONAL", "MIN_NOTIONAL")["minNotional"]),
    priceBandFrac: bandOf(filter("PERCENT_PRICE_BY_SIDE")),
    status: fields["status"] === "TRADING" ? "TRADING" : "HALTED",
  } as const;
  return [required(textOf(fields["symbol"]), "a symbol"), terms];
}

/** The narrower half: a bid far below and an ask far above are what we place. */
function bandOf(filter: Fields): number | undefined {
  const down = Number(filter["bidMultiplierDown"]);
  const up = Number(filter["askMultiplierUp"]);
  const band = Math.round(Math.min(1 - down, up - 1) * 1e6) / 1e6;
  return band > 0 && band < 1 ? band : undefined;
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`Binance's answer has not ${what} where one should be`);
  return value;
}
