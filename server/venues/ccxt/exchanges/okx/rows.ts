/** An order and a fill as REST lists them; the private stream's rows have the same fields. */
import type { OrderStatus, RawFill, RawOrder, SymbolOf } from "../exchange.ts";
import { AnswerError, negated, numberIn, sideIn, textAt, textIn } from "../fields.ts";

const STATUS: Readonly<Record<string, OrderStatus>> = {
  live: "OPEN",
  partially_filled: "OPEN",
  filled: "FILLED",
  canceled: "CANCELED",
  mmp_canceled: "CANCELED",
};

/** Why an order was canceled, where it was not by us: IOC remainder, post-only that would take, self-trade. */
export const POST_ONLY_SOURCE = "31";
const EXPIRY_SOURCES: ReadonlySet<string> = new Set(["13", "14", "15", "32", POST_ONLY_SOURCE]);

export function readOrder(row: Record<string, unknown>, symbolOf: SymbolOf): RawOrder {
  const marketId = textIn(row, "instId");
  return {
    symbol: symbolOf(marketId) ?? marketId,
    marketId,
    clientId: textAt(row, "clOrdId") ?? "",
    venueOrderId: textIn(row, "ordId"),
    side: sideIn(row, "side"),
    status: statusOf(row),
    price: textAt(row, "px") ?? "0",
    size: textIn(row, "sz"),
    filled: textIn(row, "accFillSz"),
  };
}

export function statusOf(row: Record<string, unknown>): OrderStatus {
  const state = textIn(row, "state");
  const status = STATUS[state];
  if (status === undefined) throw new AnswerError(`okx says "${state}" of an order`);
  return status === "CANCELED" && EXPIRY_SOURCES.has(textAt(row, "cancelSource") ?? "") ? "EXPIRED" : status;
}

/** How lists and the stream call the same things. */
export const LISTED = { time: "ts", fee: "fee", feeAsset: "feeCcy" };
export const STREAMED = { time: "fillTime", fee: "fillFee", feeAsset: "fillFeeCcy" };

export function readFill(row: Record<string, unknown>, symbolOf: SymbolOf, names: typeof LISTED): RawFill[] {
  const symbol = symbolOf(textIn(row, "instId"));
  if (symbol === undefined) return [];
  return [
    {
      symbol,
      tradeId: textIn(row, "tradeId"),
      venueOrderId: textIn(row, "ordId"),
      clientId: textAt(row, "clOrdId"),
      side: sideIn(row, "side"),
      price: textIn(row, "fillPx"),
      size: textIn(row, "fillSz"),
      liquidity: textAt(row, "execType") === "M" ? "maker" : "taker",
      venueAtMs: numberIn(row, names.time),
      feeAsset: textIn(row, names.feeAsset),
      // A fee is negative there, a rebate positive.
      fee: negated(textIn(row, names.fee)),
    },
  ];
}
