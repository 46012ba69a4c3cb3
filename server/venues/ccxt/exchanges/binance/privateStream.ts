/** Reports of our orders and fills, told by the WebSocket API itself. */
import type { PrivateNote, RawFill, SymbolOf } from "../exchange.ts";
import { numberIn, recordOf, sideIn, textAt, textIn } from "../fields.ts";
import { statusOf } from "./orderRows.ts";

export function readPrivate(message: unknown, symbolOf: SymbolOf): readonly PrivateNote[] | undefined {
  const event = recordOf(recordOf(message)["event"]);
  // The socket stays open, and says nothing more.
  if (event["e"] === "eventStreamTerminated") throw new Error("the venue has ended the stream of reports");
  if (event["e"] !== "executionReport") return undefined;
  const symbol = symbolOf(textIn(event, "s"));
  return symbol === undefined ? [] : readReport(event, symbol);
}

export function confirmsPrivate(message: unknown): boolean {
  return recordOf(recordOf(message)["result"])["subscriptionId"] !== undefined;
}

function readReport(event: Record<string, unknown>, symbol: string): PrivateNote[] {
  const canceled = event["x"] === "CANCELED" || event["x"] === "REPLACED";
  const clientId = (canceled ? textAt(event, "C") : undefined) ?? textIn(event, "c");
  const order: PrivateNote = {
    type: "order",
    symbol,
    news: {
      clientId,
      venueOrderId: textIn(event, "i"),
      side: sideIn(event, "S"),
      status: statusOf(textIn(event, "X")),
      price: textAt(event, "p"),
      size: textAt(event, "q"),
      filled: textAt(event, "z"),
    },
  };
  if (event["x"] !== "TRADE") return [order];
  const fill: RawFill = {
    symbol,
    tradeId: textIn(event, "t"),
    venueOrderId: textIn(event, "i"),
    clientId,
    side: sideIn(event, "S"),
    price: textIn(event, "L"),
    size: textIn(event, "l"),
    liquidity: event["m"] === true ? "maker" : "taker",
    venueAtMs: numberIn(event, "T"),
    feeAsset: textAt(event, "N") ?? "",
    fee: textIn(event, "n"),
  };
  // The fill first: an order that is told as ended waits for none.
  return [{ type: "fill", fill }, order];
}
