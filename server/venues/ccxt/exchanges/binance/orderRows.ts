/** An order as REST lists it, and as the answer to a request tells it. */
import type { OrderStatus, RawOrder, RawOrderNews, SymbolOf } from "../exchange.ts";
import { AnswerError, sideIn, textAt, textIn } from "../fields.ts";

const STATUS: Readonly<Record<string, OrderStatus>> = {
  NEW: "OPEN",
  PENDING_NEW: "OPEN",
  PARTIALLY_FILLED: "OPEN",
  PENDING_CANCEL: "OPEN",
  FILLED: "FILLED",
  CANCELED: "CANCELED",
  EXPIRED: "EXPIRED",
  EXPIRED_IN_MATCH: "EXPIRED",
  REJECTED: "REJECTED",
};

export function readOrder(order: Record<string, unknown>, symbolOf: SymbolOf): RawOrder {
  const marketId = textIn(order, "symbol");
  return {
    symbol: symbolOf(marketId) ?? marketId,
    marketId,
    clientId: textAt(order, "clientOrderId") ?? "",
    venueOrderId: textIn(order, "orderId"),
    side: sideIn(order, "side"),
    status: statusOf(textIn(order, "status")),
    price: textIn(order, "price"),
    size: textIn(order, "origQty"),
    filled: textIn(order, "executedQty"),
  };
}

export function readOrderNews(order: Record<string, unknown>): RawOrderNews {
  return {
    // The answer to a cancel carries the cancel's own id beside that of the order.
    clientId: textAt(order, "origClientOrderId") ?? textAt(order, "clientOrderId"),
    venueOrderId: textAt(order, "orderId"),
    status: STATUS[textAt(order, "status") ?? ""],
    price: textAt(order, "price"),
    size: textAt(order, "origQty"),
    filled: textAt(order, "executedQty"),
  };
}

export function statusOf(text: string): OrderStatus {
  const status = STATUS[text];
  if (status === undefined) throw new AnswerError(`binance says "${text}" of an order`);
  return status;
}
