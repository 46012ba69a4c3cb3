/** The channel of executions: orders and fills in one, numbered from 1 on each connection. */
import { addDecimals } from "../decimals.ts";
import type { PrivateNote, RawFill, SymbolOf } from "../exchange.ts";
import { AnswerError, asList, recordOf, sideIn, textAt, textIn } from "../fields.ts";
import { statusOf } from "./orderStatus.ts";

export function readPrivate(message: unknown, symbolOf: SymbolOf): readonly PrivateNote[] | undefined {
  const { channel, data } = recordOf(message);
  if (channel !== "executions" || data === undefined) return undefined;
  return asList(data, "the list of executions").flatMap((row) => readExecution(recordOf(row), symbolOf));
}

export function confirmsPrivate(message: unknown): boolean {
  const { method, success, result } = recordOf(message);
  return method === "subscribe" && success === true && recordOf(result)["channel"] === "executions";
}

export function sequenceOf(message: unknown): number | undefined {
  const { channel, sequence } = recordOf(message);
  return channel === "executions" && typeof sequence === "number" ? sequence : undefined;
}

function readExecution(row: Record<string, unknown>, symbolOf: SymbolOf): PrivateNote[] {
  const symbol = textAt(row, "symbol") ?? "";
  const status = textAt(row, "order_status");
  const news: PrivateNote = {
    type: "order",
    symbol,
    news: {
      clientId: textAt(row, "cl_ord_id"),
      venueOrderId: textIn(row, "order_id"),
      side: textAt(row, "side") === undefined ? undefined : sideIn(row, "side"),
      status: status === undefined ? undefined : statusOf(status),
      price: textAt(row, "limit_price"),
      size: textAt(row, "order_qty"),
      filled: textAt(row, "cum_qty"),
      refusal: /post.only/i.test(textAt(row, "reason") ?? "") ? "POST_ONLY_WOULD_TAKE" : undefined,
    },
  };
  if (row["exec_type"] !== "trade") return [news];
  if (symbolOf(symbol) === undefined) return [];
  return [{ type: "fill", fill: readFill(row, symbol) }, news];
}

function readFill(row: Record<string, unknown>, symbol: string): RawFill {
  const [paid, ...otherFees] = feesIn(row);
  return {
    symbol,
    tradeId: textIn(row, "exec_id"),
    venueOrderId: textIn(row, "order_id"),
    clientId: textAt(row, "cl_ord_id"),
    side: sideIn(row, "side"),
    price: textIn(row, "last_price"),
    size: textIn(row, "last_qty"),
    liquidity: row["liquidity_ind"] === "m" ? "maker" : "taker",
    venueAtMs: timeIn(row, "timestamp"),
    feeAsset: paid?.asset ?? symbol.split("/")[1] ?? "",
    fee: paid?.fee ?? "0",
    otherFees,
  };
}

/** One of each asset, in the venue's order. A trade that was free may name none. */
function feesIn(row: Record<string, unknown>): readonly { readonly asset: string; readonly fee: string }[] {
  const totals = new Map<string, string>();
  for (const fee of asList(row["fees"] ?? [], "the list of fees").map(recordOf)) {
    const asset = textIn(fee, "asset");
    totals.set(asset, addDecimals(totals.get(asset) ?? "0", textIn(fee, "qty")));
  }
  return Array.from(totals, ([asset, fee]) => ({ asset, fee }));
}

/** Milliseconds. Throws AnswerError where it is no time. */
function timeIn(row: Record<string, unknown>, key: string): number {
  const atMs = Date.parse(textIn(row, key));
  if (!Number.isFinite(atMs)) throw new AnswerError(`${key} in a message of kraken is no time`);
  return atMs;
}
