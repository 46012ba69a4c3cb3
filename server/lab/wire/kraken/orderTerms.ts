/**
 * An order as a client asks for it, REST or socket, checked as the venue checks it before its engine sees it: the
 * first thing that is wrong is the error.
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { Side } from "../../../contract/units.ts";
import { decimalToScaled } from "../../../core/decimal.ts";
import type { SelfTradeMode } from "../../ports.ts";
import { parsePrice, parseSize, valueText } from "../decimals.ts";
import { isClOrdId } from "./clientIds.ts";
import { ERRORS, invalidArgument } from "./errors.ts";
import type { Pair } from "./pairs.ts";
import { right, wrong, wrongArgument } from "./params.ts";
import type { Checked } from "./params.ts";
import { parseRfc3339 } from "./time.ts";

/** By the names of the request's own protocol, for the errors. */
export interface OrderInput {
  readonly side: string | undefined;
  readonly orderType: string | undefined;
  readonly volume: string | undefined;
  readonly price: string | undefined;
  readonly isPostOnly: boolean;
  readonly feePreference: "fciq" | "fcib";
  readonly timeInForce: string | undefined;
  readonly clOrdId: string | undefined;
  readonly userref: string | undefined;
  readonly selfTrade: string | undefined;
}

export interface OrderTerms {
  readonly pair: Pair;
  readonly side: Side;
  readonly orderType: "limit" | "market";
  readonly sizeLots: number;
  /** Of a limit order. */
  readonly priceTicks: number | undefined;
  readonly timeInForce: "POST_ONLY" | "GTC" | "IOC" | "FOK";
  readonly feePreference: "fciq" | "fcib";
  readonly clOrdId: string | undefined;
  readonly userref: number;
  readonly selfTrade: SelfTradeMode;
}

/** "Range of valid offsets (from current time) is 500 milliseconds to 60 seconds." */
const DEADLINE_AHEAD_MIN_US = MICROS_PER_SECOND / 2;
const DEADLINE_AHEAD_MAX_US = 60 * MICROS_PER_SECOND;

const SELF_TRADE: Readonly<Record<string, SelfTradeMode>> = {
  "cancel-newest": "EXPIRE_TAKER",
  "cancel-oldest": "EXPIRE_MAKER",
  "cancel-both": "EXPIRE_BOTH",
};

/** Decimals enough for the value of any pair. */
const VALUE_DECIMALS = 36;

export function checkOrder(pair: Pair, input: OrderInput): Checked<OrderTerms> {
  const { side, orderType, feePreference, clOrdId } = input;
  if (side !== "buy" && side !== "sell") return wrongArgument("type");
  // Triggered and trailing orders are not offered here.
  if (orderType !== "limit" && orderType !== "market") return wrongArgument("ordertype");
  const size = checkSize(pair, input.volume);
  if (!size.ok) return size;
  const price: Checked<number | undefined> =
    orderType === "limit" ? checkPrice(pair, input.price) : right(undefined);
  if (!price.ok) return price;
  if (price.value !== undefined && isBelowCostMinimum(pair, price.value, size.value))
    return wrong(ERRORS.costMinimum);
  const timeInForce = timeInForceOf(input, orderType);
  if (timeInForce === undefined) return wrongArgument("timeinforce");
  if (clOrdId !== undefined && !isClOrdId(clOrdId)) return wrongArgument("cl_ord_id");
  const userref = Number(input.userref ?? 0);
  if (!Number.isInteger(userref) || Math.abs(userref) > 0x7fffffff) return wrongArgument("userref");
  const selfTrade = SELF_TRADE[(input.selfTrade ?? "cancel-newest").replaceAll("_", "-")];
  if (selfTrade === undefined) return wrongArgument("stp_type");
  const who = { pair, side, orderType, feePreference, clOrdId, userref } as const;
  return right({ ...who, selfTrade, timeInForce, sizeLots: size.value, priceTicks: price.value });
}

/** A size that the pair takes. */
export function checkSize(pair: Pair, text: string | undefined): Checked<number> {
  const lots = text === undefined ? undefined : parseSize(pair.definition, text);
  if (lots === undefined || lots <= 0) return wrongArgument("volume");
  return lots < pair.definition.sizeMinLots ? wrong(ERRORS.orderMinimum) : right(lots);
}

/** A price on the pair's grid. */
export function checkPrice(pair: Pair, text: string | undefined): Checked<number> {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) return wrongArgument("price");
  const ticks = parsePrice(pair.definition, text);
  if (ticks !== undefined) return ticks > 0 ? right(ticks) : wrong(ERRORS.invalidPrice);
  const decimals = text.replace(/^\d+\.?|0+$/g, "").length;
  return decimals <= pair.priceDecimals
    ? wrong(ERRORS.tickSize)
    : wrong(
        `${ERRORS.invalidPrice}:${pair.altname} price can only be specified up to ${pair.priceDecimals} decimals.`,
      );
}

/** Price × size against the pair's minimum. */
export function isBelowCostMinimum({ definition }: Pair, priceTicks: number, sizeLots: number): boolean {
  if (definition.notionalMinQuote === undefined) return false;
  const value = valueText(definition, BigInt(priceTicks) * BigInt(sizeLots));
  return (
    decimalToScaled(value, VALUE_DECIMALS) < decimalToScaled(definition.notionalMinQuote, VALUE_DECIMALS)
  );
}

/** The error, or undefined for a request that comes in time or names no deadline. */
export function checkDeadline(text: string | undefined, nowUs: number): string | undefined {
  if (text === undefined) return undefined;
  const deadlineUs = parseRfc3339(text);
  if (deadlineUs === undefined || deadlineUs > nowUs + DEADLINE_AHEAD_MAX_US)
    return invalidArgument("deadline");
  if (deadlineUs < nowUs) return ERRORS.deadline;
  return deadlineUs < nowUs + DEADLINE_AHEAD_MIN_US ? invalidArgument("deadline") : undefined;
}

/** Good-till-date is not offered. A market order takes what is there, now. */
function timeInForceOf(
  { timeInForce = "GTC", isPostOnly }: OrderInput,
  orderType: "limit" | "market",
): OrderTerms["timeInForce"] | undefined {
  const wanted = timeInForce.toUpperCase();
  if (wanted !== "GTC" && wanted !== "IOC" && wanted !== "FOK") return undefined;
  if (isPostOnly) return wanted === "GTC" && orderType === "limit" ? "POST_ONLY" : undefined;
  return orderType === "market" && wanted === "GTC" ? "IOC" : wanted;
}
