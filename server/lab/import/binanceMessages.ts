/** Binance's market messages, checked by hand: a schema library costs more than the parsing itself here. */
import { MICROS_PER_MS } from "../../contract/units.ts";
import type { Side } from "../../contract/units.ts";

export type Market = "spot" | "usdm";

/** Levels are flat `[price, size, …]` in the message's order. */
export interface SnapshotMessage {
  readonly type: "snapshot";
  readonly symbol: string | undefined;
  readonly venueAtUs: number | undefined;
  readonly lastId: number;
  readonly bids: readonly string[];
  readonly asks: readonly string[];
}

export interface DepthMessage {
  readonly type: "depth";
  readonly symbol: string;
  readonly venueAtUs: number | undefined;
  /** Of the updates in it: U and u. */
  readonly firstId: number;
  readonly lastId: number;
  /** The u of the message before, which futures send. */
  readonly previousId: number | undefined;
  readonly bids: readonly string[];
  readonly asks: readonly string[];
}

export interface TickerMessage {
  readonly type: "ticker";
  readonly symbol: string;
  readonly updateId: number;
  readonly top: Top;
}

/** Best bid price and size, best ask price and size. */
export type Top = readonly [bid: number, bidSize: number, ask: number, askSize: number];

export interface TradeMessage {
  readonly type: "trade";
  readonly symbol: string;
  readonly venueAtUs: number | undefined;
  readonly price: string;
  readonly size: string;
  readonly aggressor: Side;
}

export interface OtherMessage {
  readonly type: "other";
  readonly symbol: undefined;
}

export type BinanceMessage = SnapshotMessage | DepthMessage | TickerMessage | TradeMessage | OtherMessage;

/** Undefined when it is no message of Binance, or one whose fields are not what they should be. */
export function parseMessage(raw: unknown): BinanceMessage | undefined {
  if (!isObject(raw)) return undefined;
  if ("lastUpdateId" in raw) return parseSnapshot(raw);
  const { stream, data } = raw;
  if (typeof stream !== "string" || !isObject(data)) return undefined;
  const channel = stream.split("@")[1];
  if (channel === "depth") return parseDepth(data);
  if (channel === "bookTicker") return parseTicker(data);
  if (channel === "trade") return parseTrade(data);
  return { type: "other", symbol: undefined };
}

function parseSnapshot(raw: Fields): SnapshotMessage | undefined {
  const { lastUpdateId, symbol } = raw;
  const bids = flatLevels(raw["bids"]);
  const asks = flatLevels(raw["asks"]);
  if (!isId(lastUpdateId) || bids === undefined || asks === undefined) return undefined;
  return {
    type: "snapshot",
    symbol: typeof symbol === "string" ? symbol : undefined,
    venueAtUs: venueTime(raw),
    lastId: lastUpdateId,
    bids,
    asks,
  };
}

function parseDepth(data: Fields): DepthMessage | undefined {
  const { s: symbol, U: firstId, u: lastId, pu: previousId } = data;
  const bids = flatLevels(data["b"]);
  const asks = flatLevels(data["a"]);
  if (typeof symbol !== "string" || !isId(firstId) || !isId(lastId) || !bids || !asks) return undefined;
  if (previousId !== undefined && !isId(previousId)) return undefined;
  return { type: "depth", symbol, venueAtUs: venueTime(data), firstId, lastId, previousId, bids, asks };
}

function parseTicker(data: Fields): TickerMessage | undefined {
  const { s: symbol, u: updateId, b, B, a, A } = data;
  if (typeof symbol !== "string" || !isId(updateId)) return undefined;
  const top: Top = [Number(b), Number(B), Number(a), Number(A)];
  return top.every(Number.isFinite) ? { type: "ticker", symbol, updateId, top } : undefined;
}

function parseTrade(data: Fields): TradeMessage | OtherMessage | undefined {
  const { s: symbol, p: price, q: size, m: buyerIsMaker, X: origin } = data;
  if (typeof symbol !== "string" || typeof price !== "string" || typeof size !== "string") return undefined;
  if (typeof buyerIsMaker !== "boolean") return undefined;
  // Futures also report what the insurance fund and liquidations settle outside the book.
  if (origin !== undefined && origin !== "MARKET") return { type: "other", symbol: undefined };
  return {
    type: "trade",
    symbol,
    venueAtUs: venueTime(data),
    price,
    size,
    aggressor: buyerIsMaker ? "sell" : "buy",
  };
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(raw: unknown): raw is Fields {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

function isId(raw: unknown): raw is number {
  return typeof raw === "number" && Number.isSafeInteger(raw) && raw >= 0;
}

/** T is the matching engine's time, E the stream's; a spot depth message has only the latter. */
function venueTime({ T, E }: Fields): number | undefined {
  const atMs = T ?? E;
  return isId(atMs) ? atMs * MICROS_PER_MS : undefined;
}

function flatLevels(raw: unknown): string[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const flat: string[] = [];
  for (const level of raw as unknown[]) {
    if (!Array.isArray(level)) return undefined;
    const [price, size] = level as unknown[];
    if (typeof price !== "string" || typeof size !== "string") return undefined;
    flat.push(price, size);
  }
  return flat;
}
