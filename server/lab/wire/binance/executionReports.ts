/** `executionReport`: one event of an order, with the venue's one-letter fields. */
import type { PlaceRequest } from "../../ports.ts";
import type { FillRecord, OrderRecord } from "../ports.ts";
import { marketOf, orderFacts } from "./orderViews.ts";
import type { OrderStatus, ViewSource } from "./orderViews.ts";
import { amountOf, msOf, priceOf, sizeOf, tickLotsOf, valueOf, ZERO } from "./symbols.ts";
import type { Market } from "./symbols.ts";

export type Execution =
  | { readonly kind: "NEW" }
  | { readonly kind: "TRADE"; readonly fill: FillRecord }
  /** The cancel has an id of its own. */
  | { readonly kind: "CANCELED"; readonly cancelId: string }
  | { readonly kind: "EXPIRED" }
  /** Self-trade prevention took these lots off the order; the order that met it, where it is known. */
  | {
      readonly kind: "TRADE_PREVENTION";
      readonly lots: number;
      readonly matchId: number;
      readonly other: OrderRecord | undefined;
    };

/** The order as it is right after the event. `nowMs` is the instant of both. */
export function executionReport(
  source: ViewSource,
  account: number,
  order: OrderRecord,
  execution: Execution,
  nowMs: number,
) {
  const market = marketOf(source, order);
  const facts = orderFacts(source, account, order);
  const status = execution.kind === "NEW" ? "NEW" : facts.status;
  return {
    ...orderFields(market, facts, nowMs),
    c: execution.kind === "CANCELED" ? execution.cancelId : order.clientId,
    C: execution.kind === "CANCELED" ? order.clientId : "",
    x: execution.kind,
    X: status,
    r: "NONE",
    i: facts.orderId,
    z: facts.executedQty,
    Z: facts.cummulativeQuoteQty,
    w: status === "NEW" || status === "PARTIALLY_FILLED",
    O: msOf(order.createdAtUs),
    W: msOf(order.createdAtUs),
    V: order.selfTrade,
    ...lastFields(source, market, execution),
  };
}

/** The new half of a cancel-replace that the venue refused: the only order that a stream tells of without having it. */
export function rejectedReport(market: Market, request: PlaceRequest, reason: string, nowMs: number) {
  const isMaker = request.timeInForce === "POST_ONLY";
  const facts = {
    side: request.side === "buy" ? "BUY" : "SELL",
    type: isMaker ? "LIMIT_MAKER" : request.priceTicks === undefined ? "MARKET" : "LIMIT",
    timeInForce: isMaker ? "GTC" : request.timeInForce,
    origQty: sizeOf(market, request.sizeLots),
    price: request.priceTicks === undefined ? ZERO : priceOf(market, request.priceTicks),
  };
  return {
    ...orderFields(market, facts, nowMs),
    c: request.clientId,
    C: "",
    x: "REJECTED",
    X: "REJECTED" satisfies OrderStatus | "REJECTED",
    r: reason,
    i: -1,
    z: ZERO,
    Z: ZERO,
    w: false,
    O: -1,
    V: request.selfTrade,
    ...NO_TRADE,
  };
}

interface OrderTexts {
  readonly side: string;
  readonly type: string;
  readonly timeInForce: string;
  readonly origQty: string;
  readonly price: string;
}

function orderFields(market: Market, facts: OrderTexts, nowMs: number) {
  return {
    e: "executionReport",
    E: nowMs,
    s: market.symbol,
    S: facts.side,
    o: facts.type,
    f: facts.timeInForce,
    q: facts.origQty,
    p: facts.price,
    P: ZERO,
    F: ZERO,
    g: -1,
    Q: ZERO,
    T: nowMs,
    // Documented as to be ignored; always sent.
    I: nowMs,
    M: false,
  };
}

const NO_TRADE = { l: ZERO, L: ZERO, Y: ZERO, n: "0", N: null, t: -1, m: false };

function lastFields({ core }: ViewSource, market: Market, execution: Execution) {
  switch (execution.kind) {
    case "NEW":
    case "CANCELED":
    case "EXPIRED":
      return NO_TRADE;
    case "TRADE": {
      const { fill } = execution;
      return {
        l: sizeOf(market, fill.sizeLots),
        L: priceOf(market, fill.priceTicks),
        Y: valueOf(market, tickLotsOf(fill.priceTicks, fill.sizeLots)),
        n: amountOf(core, fill.feeAsset, fill.feeAtoms),
        N: fill.feeAsset,
        t: Number(fill.tradeId),
        m: fill.liquidity === "maker",
        M: true,
      };
    }
    case "TRADE_PREVENTION": {
      const quantity = sizeOf(market, execution.lots);
      const prevented = { ...NO_TRADE, v: execution.matchId, A: quantity, B: quantity, u: -1 };
      const { other } = execution;
      if (other === undefined) return prevented;
      return {
        ...prevented,
        U: Number(other.venueOrderId),
        Cs: market.symbol,
        pl: quantity,
        pL: priceOf(market, other.priceTicks),
        pY: valueOf(market, tickLotsOf(other.priceTicks, execution.lots)),
      };
    }
  }
}
