/**
 * Kraken spot, public, WebSocket v2: as many levels as were subscribed and a CRC32 in place of a sequence. Prices and
 * sizes are numbers in its JSON; their texts, over which the checksum goes, are taken before JSON is parsed.
 */
import type { Instrument } from "../../../../contract/instrument.ts";
import { MICROS_PER_SECOND } from "../../../../contract/units.ts";
import { krakenChecksum } from "../../../../core/book/checksum.ts";
import { callEndpoint } from "../../gateway/ccxt.ts";
import type { BookMessage, MarketMessage, VenueTrade } from "../messages.ts";
import { isFields, parseFields, stepText, textOf, wholeOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { askListed, mentions } from "./listed.ts";
import type { MarketProtocol, VenueTerms } from "./protocol.ts";

const DEPTH = 100;

export const krakenMarket: MarketProtocol = {
  streamUrl: (instance) => (instance.urls.api as { ws: { publicV2: string } }).ws.publicV2,
  symbolOf: ({ symbol }) => symbol,
  subscription: (method, symbol, requestId) => [
    JSON.stringify({ method, params: { channel: "book", symbol, depth: DEPTH }, req_id: requestId }),
    JSON.stringify({ method, params: { channel: "trade", symbol }, req_id: requestId }),
  ],
  listingSubscription: JSON.stringify({
    method: "subscribe",
    params: { channel: "instrument", snapshot: false },
  }),
  read,
  bookLevels: DEPTH,
  checksum: { levels: 10, of: krakenChecksum },
  messagesPerSecondMax: 20,
  silentAfterMs: 10_000,
  silentAfterMaxMs: 10_000,
  async fetchTime(instance) {
    const answer = await callEndpoint(instance, "publicGetTime");
    const atSeconds = wholeOf(resultOf(answer)["unixtime"]);
    if (atSeconds === undefined) throw new Error("Kraken's answer has no time");
    return { atUs: atSeconds * MICROS_PER_SECOND, resolutionUs: MICROS_PER_SECOND };
  },
  async fetchTerms(instance, instruments) {
    const ask = async (pairs: readonly string[]): Promise<readonly Fields[]> => {
      const answer = await callEndpoint(instance, "publicGetAssetPairs", { pair: pairs.join(",") });
      return Object.values(resultOf(answer)).filter(isFields);
    };
    const isNotListed = (error: unknown): boolean => mentions(error, "Unknown asset pair");
    const listed = await askListed(instruments.map(restName), ask, isNotListed);
    return new Map(listed.map((pair) => [socketName(pair["wsname"]), readTerms(pair)]));
  },
};

/** The version 2 sockets call them by their usual names, REST does not. */
const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ["BTC", "XBT"],
  ["DOGE", "XDG"],
]);
const USUAL_NAMES: ReadonlyMap<string, string> = new Map([...OLD_NAMES].map(([usual, old]) => [old, usual]));

function restName({ symbol }: Pick<Instrument, "symbol">): string {
  return renamed(symbol, OLD_NAMES).replace("/", "");
}

function socketName(wsname: unknown): string {
  return renamed(String(wsname), USUAL_NAMES);
}

function renamed(pair: string, names: ReadonlyMap<string, string>): string {
  return pair
    .split("/")
    .map((asset) => names.get(asset) ?? asset)
    .join("/");
}

/**
 * `"price":45285.20` becomes `"price":"45285.20"`; one with an exponent, which no grid takes, must not break its frame.
 */
const NUMBER_FIELDS = /"(price|qty)":\s*(\d[\d.]*(?:[eE][-+]?\d+)?)/g;

function read(text: string): MarketMessage | undefined {
  const raw = parseFields(text.replace(NUMBER_FIELDS, '"$1":"$2"'));
  if (raw === undefined) return undefined;
  switch (raw["channel"]) {
    case "book":
      return (
        readBook(raw) ?? {
          type: "unreadable",
          of: "book",
          symbol: textOf(listOf(raw["data"])[0]?.["symbol"]),
        }
      );
    case "trade":
      return readTrades(raw) ?? { type: "unreadable", of: "trades" };
    case "heartbeat":
      return { type: "heartbeat" };
    case "instrument":
      return raw["type"] === "update" ? { type: "listing" } : undefined;
    default:
      if (raw["method"] === "subscribe" && raw["success"] === false)
        return { type: "refused", requestId: wholeOf(raw["req_id"]), text: String(raw["error"]) };
      return undefined;
  }
}

function readBook(raw: Fields): BookMessage | undefined {
  const [data] = listOf(raw["data"]);
  const symbol = textOf(data?.["symbol"]);
  const crc = wholeOf(data?.["checksum"]);
  const bids = flatLevels(data?.["bids"]);
  const asks = flatLevels(data?.["asks"]);
  if (symbol === undefined || crc === undefined || bids === undefined || asks === undefined) return undefined;
  const kind = raw["type"] === "snapshot" ? "snapshot" : "delta";
  return {
    type: "book",
    kind,
    symbol,
    venueAtUs: usOfIso(data?.["timestamp"]),
    bids,
    asks,
    link: { rule: "checksum" },
    crc,
  };
}

function readTrades(raw: Fields): MarketMessage | undefined {
  const list = listOf(raw["data"]);
  const symbol = textOf(list[0]?.["symbol"]);
  const trades = list.map(readTrade);
  if (symbol === undefined || trades.includes(undefined)) return undefined;
  return { type: "trades", symbol, isHistory: raw["type"] === "snapshot", trades: trades as VenueTrade[] };
}

function readTrade({ trade_id, price, qty: size, side, timestamp }: Fields): VenueTrade | undefined {
  const tradeId = wholeOf(trade_id);
  if (tradeId === undefined || typeof price !== "string" || typeof size !== "string") return undefined;
  if (side !== "buy" && side !== "sell") return undefined;
  return { tradeId, venueAtUs: usOfIso(timestamp), price, size, aggressor: side };
}

function flatLevels(raw: unknown): string[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const flat: string[] = [];
  for (const level of raw as unknown[]) {
    if (!isFields(level)) return undefined;
    const { price, qty } = level;
    if (typeof price !== "string" || typeof qty !== "string") return undefined;
    flat.push(price, qty);
  }
  return flat;
}

/** `2023-10-06T17:35:55.440295Z`, to the microsecond. */
function usOfIso(raw: unknown): number | undefined {
  const match = typeof raw === "string" ? /^(.*?)(?:\.(\d{1,9}))?Z$/.exec(raw) : undefined;
  const atMs = Date.parse(`${match?.[1] ?? ""}Z`);
  if (!Number.isSafeInteger(atMs)) return undefined;
  return atMs * 1_000 + Number((match?.[2] ?? "").padEnd(6, "0").slice(0, 6));
}

function readTerms(pair: Fields): VenueTerms {
  const tick = stepText(pair["tick_size"]);
  const lotDecimals = wholeOf(pair["lot_decimals"]);
  const sizeMin = stepText(pair["ordermin"]);
  if (tick === undefined || lotDecimals === undefined || sizeMin === undefined)
    throw new Error(`Kraken's pair ${String(pair["wsname"])} has no tick, lot or minimum size`);
  return {
    tick,
    lot: lotDecimals === 0 ? "1" : `0.${"1".padStart(lotDecimals, "0")}`,
    sizeMin,
    notionalMinQuote: stepText(pair["costmin"]),
    priceBandFrac: undefined,
    // post_only, limit_only, reduce_only and cancel_only are no markets to hedge in.
    status: pair["status"] === "online" ? "TRADING" : "HALTED",
  };
}

function resultOf(answer: unknown): Fields {
  const result = isFields(answer) ? answer["result"] : undefined;
  if (!isFields(result)) throw new Error("Kraken's answer has no result");
  return result;
}

function listOf(raw: unknown): Fields[] {
  return Array.isArray(raw) ? (raw as unknown[]).filter(isFields) : [];
}
