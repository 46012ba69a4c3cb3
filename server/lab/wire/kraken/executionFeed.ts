/** The `executions` channel: what happens to the orders of an account, numbered for each subscriber. */
import type { PrivateReport } from "../../ports.ts";
import type { OrderRecord } from "../ports.ts";
import { changed, ended, opened, openOrder, traded, usdOf, wholeOrder } from "./executionView.ts";
import type { ExecutionRow } from "./executionView.ts";
import { statusOf } from "./orderView.ts";
import { flagOf } from "./params.ts";
import type { Params } from "./params.ts";
import { channelText, sendText } from "./session.ts";
import type { Session } from "./session.ts";
import type { KrakenVenue } from "./venue.ts";

export interface ExecutionFeed {
  has(session: Session): boolean;
  add(session: Session, account: number, params: Params): void;
  drop(session: Session): void;
  /** Keeps what the venue itself knows of the order up to date, and tells who listens. */
  report(account: number, report: PrivateReport): void;
}

interface Subscriber {
  readonly account: number;
  /** False: only that an order opened and that it ended, not what lies between. */
  readonly wantsAll: boolean;
  sequence: number;
}

/** As many of the last fills as the venue gives. */
const SNAPSHOT_TRADES = 50;

export function createExecutionFeed(venue: KrakenVenue): ExecutionFeed {
  const { core, details } = venue;
  const subscribers = new Map<Session, Subscriber>();

  function send(
    session: Session,
    to: Subscriber,
    type: "snapshot" | "update",
    rows: readonly ExecutionRow[],
  ): void {
    sendText(session, channelText("executions", type, rows, ++to.sequence), "report", core.nowUs());
  }

  /** One event a message: clients judge a message by its first. */
  function tell(account: number, row: ExecutionRow, isBetween = false): void {
    for (const [session, to] of subscribers)
      if (to.account === account && (to.wantsAll || !isBetween)) send(session, to, "update", [row]);
  }

  function tellNew(account: number, order: OrderRecord): void {
    const told = { venue, order };
    for (const [session, to] of subscribers) {
      if (to.account !== account) continue;
      if (to.wantsAll) send(session, to, "update", [wholeOrder(told, "pending_new", "pending_new")]);
      send(session, to, "update", [to.wantsAll ? opened(told) : wholeOrder(told, "new", "new")]);
    }
  }

  function orderOf(account: number, clientId: string): OrderRecord {
    const order = core.order(account, { clientId });
    if (order === undefined) throw new Error(`invariant: ${clientId} was reported and is not known`);
    return order;
  }

  return {
    has: (session) => subscribers.has(session),
    add(session, account, params) {
      const subscriber = { account, wantsAll: params["order_status"] !== false, sequence: 0 };
      subscribers.set(session, subscriber);
      const rows: ExecutionRow[] = [];
      if (flagOf(params, "snap_trades"))
        for (const fill of core.fills(account, { order: "newest", limit: SNAPSHOT_TRADES })) {
          const order = core.order(account, { clientId: fill.clientId });
          if (order !== undefined) rows.push(traded({ venue, order }, fill, "filled"));
        }
      if (params["snap_orders"] !== false)
        for (const order of core.openOrders(account)) rows.push(openOrder({ venue, order }));
      send(session, subscriber, "snapshot", rows);
    },
    drop: (session) => void subscribers.delete(session),
    report(account, report) {
      switch (report.type) {
        case "orderAccepted": {
          const placing = venue.underWay?.placing;
          if (placing !== undefined) details.set(report.venueOrderId, placing);
          return tellNew(account, orderOf(account, report.clientId));
        }
        case "fill": {
          const order = orderOf(account, report.clientId);
          const detail = details.of(order);
          const feeUsd = detail.feeUsd + usdOf(venue, report.feeAsset, report.feeAtoms);
          details.set(order.venueOrderId, { ...detail, feeUsd });
          tell(account, traded({ venue, order }, report, "partially_filled"));
          if (order.status === "FILLED") tell(account, ended({ venue, order }));
          return;
        }
        case "orderCanceled":
        case "orderExpired": {
          const order = orderOf(account, report.clientId);
          const endReason = venue.underWay?.reason ?? ownReason(order);
          details.set(order.venueOrderId, { ...details.of(order), endReason });
          return tell(account, ended({ venue, order }));
        }
        case "orderAmended": {
          const reason = venue.underWay?.reason;
          const { priceTicks, sizeLots } = report;
          // Told before it is carried out: what takes at the new price is told after it.
          const order = {
            ...orderOf(account, report.clientId),
            priceTicks,
            sizeLots,
            updatedAtUs: core.nowUs(),
          };
          const execType = reason === undefined ? "restated" : "amended";
          return tell(account, changed({ venue, order }, execType, reason), true);
        }
        case "orderRejected":
        case "amendRejected":
        case "cancelRejected":
      }
    },
  };
}

/** Why the venue ended it by itself. */
function ownReason(order: OrderRecord): string {
  if (order.status === "CANCELED") return "Market delisted";
  return statusOf(order) === "expired" ? "Order expired" : "Self trade prevention";
}
