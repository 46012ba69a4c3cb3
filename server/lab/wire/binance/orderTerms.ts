/** The terms of a new order, from parameters to a request at the core: the venue's checks in the venue's words. */
import { decimalToScaled } from "../../../core/decimal.ts";
import type { PlaceRequest, SelfTradeMode } from "../../ports.ts";
import { parsePrice, parseSize, valueText } from "../decimals.ts";
import { clientIdText, decimal, needText, oneOf } from "./params.ts";
import type { Params } from "./params.ts";
import { filterFailure, invalidMessage, invalidParam, invalidSide } from "./refusal.ts";
import { invalidTimeInForce, invalidType, marketClosed, missingParam } from "./refusal.ts";
import { needlessParam, newOrderRejected } from "./refusal.ts";
import { decimalsMax, tickLotsOf } from "./symbols.ts";
import type { Market } from "./symbols.ts";
import type { Venue } from "./venue.ts";

export const ORDER_PARAMS = [
  "symbol",
  "side",
  "type",
  "timeInForce",
  "quantity",
  "quoteOrderQty",
  "price",
  "newClientOrderId",
  "newOrderRespType",
  "selfTradePreventionMode",
] as const;

export const ORDER_TYPES = ["LIMIT", "LIMIT_MAKER", "MARKET"] as const;
export const SELF_TRADE_MODES: readonly SelfTradeMode[] = [
  "NONE",
  "EXPIRE_TAKER",
  "EXPIRE_MAKER",
  "EXPIRE_BOTH",
  "DECREMENT",
];
/** What most symbols of the venue do with an order that says nothing. */
export const SELF_TRADE_DEFAULT: SelfTradeMode = "EXPIRE_MAKER";

const RESPONSE_TYPES = ["ACK", "RESULT", "FULL"] as const;

export interface OrderTerms {
  readonly market: Market;
  readonly request: PlaceRequest;
  readonly responseType: (typeof RESPONSE_TYPES)[number];
}

/** Throws a Refusal. `expiresAtUs` is of the request that asks. */
export function parseTerms(venue: Venue, params: Params, expiresAtUs: number): OrderTerms {
  const market = venue.symbols.named(needText(params, "symbol"));
  needText(params, "side");
  const side = oneOf(params, "side", ["BUY", "SELL"], invalidSide) === "BUY" ? "buy" : "sell";
  needText(params, "type");
  const type = oneOf(params, "type", ORDER_TYPES, invalidType) ?? "LIMIT";
  const base = {
    clientId: clientIdText(params, "newClientOrderId") ?? venue.nextClientId(),
    instrument: market.instrument,
    side,
    selfTrade: parseSelfTrade(params),
    requestExpiresAtUs: expiresAtUs,
  } as const;
  const usual = type === "LIMIT_MAKER" ? "ACK" : "FULL";
  const responseType =
    oneOf(params, "newOrderRespType", RESPONSE_TYPES, () => invalidParam("newOrderRespType")) ?? usual;
  const texts = parseTexts(params, type, decimalsMax(market.definition));
  if (market.definition.status !== "TRADING") throw marketClosed();
  const sized = { ...base, sizeLots: parseLots(market, texts.quantity) };
  if (texts.price === undefined) return { market, request: { ...sized, timeInForce: "IOC" }, responseType };
  const priceTicks = parseTicks(market, texts.price);
  checkNotional(market, priceTicks, sized.sizeLots);
  return { market, request: { ...sized, timeInForce: texts.timeInForce, priceTicks }, responseType };
}

interface Texts {
  readonly quantity: string;
  readonly price: string | undefined;
  readonly timeInForce: "GTC" | "IOC" | "FOK" | "POST_ONLY";
}

function parseTexts(params: Params, type: (typeof ORDER_TYPES)[number], decimals: number): Texts {
  const timeInForce = oneOf(params, "timeInForce", ["GTC", "IOC", "FOK"], invalidTimeInForce);
  const price = decimal(params, "price", decimals);
  const quantity = decimal(params, "quantity", decimals);
  if (decimal(params, "quoteOrderQty", decimals) !== undefined) {
    if (type !== "MARKET") throw needlessParam("quoteOrderQty");
    // As exchangeInfo says of every symbol here.
    throw newOrderRejected("Quote order qty market orders are not support for this symbol.");
  }
  if (type === "LIMIT" && timeInForce === undefined) throw missingParam("timeInForce");
  if (type !== "LIMIT" && timeInForce !== undefined) throw needlessParam("timeInForce");
  if (quantity === undefined) throw missingParam("quantity");
  if (type !== "MARKET" && price === undefined) throw missingParam("price");
  if (type === "MARKET" && price !== undefined) throw needlessParam("price");
  return { quantity, price, timeInForce: type === "LIMIT_MAKER" ? "POST_ONLY" : (timeInForce ?? "IOC") };
}

function parseSelfTrade(params: Params): SelfTradeMode {
  return (
    oneOf(params, "selfTradePreventionMode", SELF_TRADE_MODES, () =>
      invalidParam("selfTradePreventionMode"),
    ) ?? SELF_TRADE_DEFAULT
  );
}

/** Of 100 million ticks and 900 million lots, as the venue lists its larger symbols. */
export const PRICE_MAX_TICKS = 100_000_000;
export const SIZE_MAX_LOTS = 900_000_000;

function parseTicks({ definition }: Market, text: string): number {
  const ticks = parsePrice(definition, text);
  if (ticks === 0) throw invalidMessage("Invalid price.");
  if (ticks === undefined || ticks > PRICE_MAX_TICKS) throw filterFailure("PRICE_FILTER");
  return ticks;
}

function parseLots({ definition }: Market, text: string): number {
  const lots = parseSize(definition, text);
  if (lots === 0) throw invalidMessage("Invalid quantity.");
  if (lots === undefined || lots < definition.sizeMinLots || lots > SIZE_MAX_LOTS)
    throw filterFailure("LOT_SIZE");
  return lots;
}

function checkNotional({ definition }: Market, priceTicks: number, sizeLots: number): void {
  const { notionalMinQuote } = definition;
  if (notionalMinQuote === undefined) return;
  const value = valueText(definition, tickLotsOf(priceTicks, sizeLots));
  const decimals = Math.max(...[value, notionalMinQuote].map((text) => text.split(".")[1]?.length ?? 0));
  if (decimalToScaled(value, decimals) < decimalToScaled(notionalMinQuote, decimals))
    throw filterFailure("NOTIONAL");
}
