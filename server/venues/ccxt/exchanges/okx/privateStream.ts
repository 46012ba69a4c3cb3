/** The channel of orders, where a change that is a fill carries it. */
import type { PrivateNote, SymbolOf } from "../exchange.ts";
import { asList, recordOf, sideIn, textAt, textIn } from "../fields.ts";
import { POST_ONLY_SOURCE, readFill, statusOf, STREAMED } from "./rows.ts";

export function readPrivate(message: unknown, symbolOf: SymbolOf): readonly PrivateNote[] | undefined {
  const { arg, data } = recordOf(message);
  if (recordOf(arg)["channel"] !== "orders" || data === undefined) return undefined;
  return asList(data, "the list of orders").flatMap((row) => readOrderRow(recordOf(row), symbolOf));
}

export function confirmsPrivate(message: unknown): boolean {
  const { event, arg } = recordOf(message);
  return event === "subscribe" && recordOf(arg)["channel"] === "orders";
}

function readOrderRow(row: Record<string, unknown>, symbolOf: SymbolOf): PrivateNote[] {
  const symbol = symbolOf(textIn(row, "instId"));
  if (symbol === undefined) return [];
  const order: PrivateNote = {
    type: "order",
    symbol,
    news: {
      clientId: textAt(row, "clOrdId"),
      venueOrderId: textIn(row, "ordId"),
      side: sideIn(row, "side"),
      status: statusOf(row),
      price: textAt(row, "px"),
      size: textAt(row, "sz"),
      filled: textAt(row, "accFillSz"),
      refusal: textAt(row, "cancelSource") === POST_ONLY_SOURCE ? "POST_ONLY_WOULD_TAKE" : undefined,
    },
  };
  // The last fill stays in the row of later changes, without its size.
  if (textAt(row, "tradeId") === undefined || !isPositive(textAt(row, "fillSz"))) return [order];
  return [...readFill(row, symbolOf, STREAMED).map((fill): PrivateNote => ({ type: "fill", fill })), order];
}

function isPositive(text: string | undefined): boolean {
  return text !== undefined && Number(text) > 0;
}
