/** Orders and trades of an account. */
import type { HttpAnswer, OrderRecord } from "../ports.ts";
import { answerRefusal, envelope, refuse, TOO_MANY } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import type { DeadMan } from "./deadMan.ts";
import { fieldsOf, missing } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { fillRows } from "./fillRows.ts";
import { ACCOUNT_ORDERS } from "./limits.ts";
import type { OrderAction } from "./limits.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { runOrders } from "./orderCalls.ts";
import { orderRow, stateOf } from "./orderRow.ts";
import { refOf } from "./outcome.ts";
import { pageOf, sliceOf } from "./paging.ts";
import type { PrivateCall, PrivateRoute, Routes } from "./rest.ts";
import { msText } from "./text.ts";

export function tradeRoutes(venue: OkxVenue, deadMan: DeadMan): Routes {
  const orders = (action: OrderAction, kind: "single" | "batch") => ({
    access: "private" as const,
    limit: undefined,
    run: (call: PrivateCall) => ordersAnswer(venue, action, call, kind),
  });
  return new Map<string, PrivateRoute>([
    ["POST /api/v5/trade/order", orders("place", "single")],
    ["POST /api/v5/trade/batch-orders", orders("place", "batch")],
    ["POST /api/v5/trade/cancel-order", orders("cancel", "single")],
    ["POST /api/v5/trade/cancel-batch-orders", orders("cancel", "batch")],
    ["POST /api/v5/trade/amend-order", orders("amend", "single")],
    ["POST /api/v5/trade/amend-batch-orders", orders("amend", "batch")],
    ["POST /api/v5/trade/cancel-all-after", limited(1, 1_000, (call) => setCountdown(deadMan, call))],
    ["GET /api/v5/trade/order", limited(60, 2_000, (call) => oneOrder(venue, call))],
    ["GET /api/v5/trade/orders-pending", limited(60, 2_000, (call) => orderRows(venue, call, "pending"))],
    ["GET /api/v5/trade/orders-history", limited(40, 2_000, (call) => orderRows(venue, call, "ended"))],
    ["GET /api/v5/trade/fills", limited(60, 2_000, (call) => ownTrades(venue, call))],
    ["GET /api/v5/trade/fills-history", limited(10, 2_000, (call) => ownTradesOfType(venue, call))],
    ["GET /api/v5/trade/account-rate-limit", limited(1, 1_000, () => [rateLimitRow(venue)])],
  ]);
}

/** So many of one account in a window. */
export function limited(count: number, windowMs: number, run: PrivateRoute["run"]): PrivateRoute {
  return { access: "private", limit: { count, windowMs }, run };
}

function setCountdown(deadMan: DeadMan, { key, body }: PrivateCall): object[] | Refusal {
  if (!key.mayTrade) return refuse("50120");
  const outcome = deadMan.set(key.account, fieldsOf(body) ?? {});
  return "code" in outcome ? outcome : [outcome];
}

function rateLimitRow({ core }: OkxVenue): object {
  return {
    accRateLimit: String(ACCOUNT_ORDERS.count),
    fillRatio: "",
    mainFillRatio: "",
    nextAccRateLimit: "",
    ts: msText(core.nowUs()),
  };
}

function ordersAnswer(
  venue: OkxVenue,
  action: OrderAction,
  { key, body, expTime }: PrivateCall,
  kind: "single" | "batch",
): HttpAnswer | Refusal {
  if (kind === "batch" ? !Array.isArray(body) : Array.isArray(body)) return refuse("50002");
  const inTime = String(venue.core.nowUs());
  const items = kind === "batch" ? (body as unknown[]) : [body];
  const outcome = runOrders(venue, { action, key, items, expTime });
  if ("message" in outcome) return outcome.code === "50011" ? TOO_MANY : answerRefusal(outcome);
  return envelope(200, outcome.code, outcome.msg, outcome.data, {
    inTime,
    outTime: String(venue.core.nowUs()),
  });
}

/** One order by either id. */
function oneOrder(venue: OkxVenue, { key: { account }, fields }: PrivateCall): object[] | Refusal {
  const { instId } = fields;
  if (instId === undefined) return missing("instId");
  const listing = venue.instruments.find({ instId });
  if (listing === undefined) return refuse("51001");
  const ref = refOf(fields);
  if (ref === undefined) return refuse("51003");
  const order = venue.orders.find(account, ref);
  if (order?.instrument !== listing.instrument) return refuse("51603");
  return [orderRow(venue.core, order, venue.orders.extras(account, order))];
}

function orderRows(
  venue: OkxVenue,
  { key: { account }, fields }: PrivateCall,
  which: "pending" | "ended",
): object[] | Refusal {
  const { core, orders } = venue;
  const page = pageOf(fields);
  if ("code" in page) return page;
  const instrument = instrumentOf(venue, fields);
  if (typeof instrument === "object") return instrument;
  const { instType, ordType, state } = fields;
  if (which === "ended" && instType === undefined) return missing("instType");
  if ((instType ?? "SPOT") !== "SPOT") return [];
  const found = which === "pending" ? newestFirst(core.openOrders(account)) : orders.all(account, instrument);
  const rows = found.filter((order) => {
    if (instrument !== undefined && order.instrument !== instrument) return false;
    if (which === "ended" && order.status === "OPEN") return false;
    if (which === "ended" && (order.createdAtUs < page.sinceUs || order.createdAtUs > page.untilUs))
      return false;
    const extras = orders.extras(account, order);
    return (
      (ordType ?? extras.ordType) === extras.ordType &&
      (state ?? stateOf(order, extras)) === stateOf(order, extras)
    );
  });
  return sliceOf(rows, page, ({ venueOrderId }) => venueOrderId).map((order) =>
    orderRow(core, order, orders.extras(account, order)),
  );
}

function ownTrades(venue: OkxVenue, { key: { account }, fields }: PrivateCall): object[] | Refusal {
  const page = pageOf(fields);
  if ("code" in page) return page;
  const instrument = instrumentOf(venue, fields);
  if (typeof instrument === "object") return instrument;
  if ((fields.instType ?? "SPOT") !== "SPOT") return [];
  return fillRows(venue, account, { instrument, venueOrderId: fields.ordId }, page);
}

function ownTradesOfType(venue: OkxVenue, call: PrivateCall): object[] | Refusal {
  return call.fields.instType === undefined ? missing("instType") : ownTrades(venue, call);
}

/** Undefined when none is named. */
function instrumentOf({ instruments }: OkxVenue, { instId }: Fields): number | undefined | Refusal {
  if (instId === undefined) return undefined;
  return instruments.find({ instId })?.instrument ?? refuse("51001");
}

function newestFirst(orders: readonly OrderRecord[]): OrderRecord[] {
  return orders.toReversed();
}
