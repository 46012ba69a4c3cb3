/** Orders, fills and trades as the venue's JSON says them. */
import type { FillRecord, OrderRecord, VenueCore } from "../ports.ts";
import type { OrderNotes } from "./orderNotes.ts";
import { amountOf, msOf, priceOf, sizeOf, tickLotsOf, valueOf, ZERO } from "./symbols.ts";
import type { Market, Symbols } from "./symbols.ts";

/** What a view needs to know of the venue. */
export interface ViewSource {
  readonly core: Pick<VenueCore, "assets" | "definitionOf">;
  readonly symbols: Pick<Symbols, "of">;
  readonly notes: Pick<OrderNotes, "of">;
}

export type OrderStatus = "NEW" | "PARTIALLY_FILLED" | "FILLED" | "CANCELED" | "EXPIRED" | "EXPIRED_IN_MATCH";

/** The market of a record on the grid that the record was made on. */
export function marketOf(
  { core, symbols }: Pick<ViewSource, "core" | "symbols">,
  record: Pick<OrderRecord, "instrument" | "venueOrderId">,
): Market {
  const market = symbols.of(record.instrument);
  if (market === undefined) throw new Error(`invariant: instrument ${record.instrument} is not traded here`);
  return { ...market, definition: core.definitionOf(record) };
}

/** Every text and word of an order that its views share. */
export function orderFacts(source: ViewSource, account: number, order: OrderRecord) {
  const market = marketOf(source, order);
  const { isMarket, prevented } = source.notes.of(account, order);
  return {
    symbol: market.symbol,
    orderId: Number(order.venueOrderId),
    price: isMarket ? ZERO : priceOf(market, order.priceTicks),
    origQty: sizeOf(market, order.sizeLots),
    executedQty: sizeOf(market, order.filledLots),
    cummulativeQuoteQty: valueOf(market, order.filledTickLots),
    status: statusOf(order, prevented !== undefined),
    timeInForce: order.timeInForce === "POST_ONLY" || isMarket ? "GTC" : order.timeInForce,
    type: isMarket ? "MARKET" : order.timeInForce === "POST_ONLY" ? "LIMIT_MAKER" : "LIMIT",
    side: order.side === "buy" ? "BUY" : "SELL",
  };
}

/** The self-trade mode, and what it has cost the order. */
function selfTradeFacts(source: ViewSource, account: number, order: OrderRecord) {
  const { prevented } = source.notes.of(account, order);
  const mode = { selfTradePreventionMode: order.selfTrade };
  if (prevented === undefined) return mode;
  const preventedQuantity = sizeOf(marketOf(source, order), prevented.lots);
  return { ...mode, preventedMatchId: prevented.matchId, preventedQuantity };
}

/** As queries give it. */
export function orderView(source: ViewSource, account: number, order: OrderRecord) {
  const facts = orderFacts(source, account, order);
  return {
    ...facts,
    orderListId: -1,
    clientOrderId: order.clientId,
    stopPrice: ZERO,
    icebergQty: ZERO,
    time: msOf(order.createdAtUs),
    updateTime: msOf(order.updatedAtUs),
    isWorking: true,
    workingTime: msOf(order.createdAtUs),
    origQuoteOrderQty: ZERO,
    ...selfTradeFacts(source, account, order),
  };
}

/** As the answer to a new order: bare, with its result, or with its fills too. */
export function placedView(
  source: ViewSource,
  account: number,
  { order, fills }: { readonly order: OrderRecord; readonly fills: readonly FillRecord[] },
  responseType: "ACK" | "RESULT" | "FULL",
) {
  const facts = orderFacts(source, account, order);
  const ack = {
    symbol: facts.symbol,
    orderId: facts.orderId,
    orderListId: -1,
    clientOrderId: order.clientId,
    transactTime: msOf(order.createdAtUs),
  };
  if (responseType === "ACK") return ack;
  const result = {
    ...ack,
    ...facts,
    origQuoteOrderQty: ZERO,
    workingTime: msOf(order.createdAtUs),
    ...selfTradeFacts(source, account, order),
  };
  if (responseType === "RESULT") return result;
  return { ...result, fills: fills.map((fill) => placedFill(source, fill)) };
}

/** As the answer to a cancel, which has an id of its own. */
export function canceledView(source: ViewSource, account: number, order: OrderRecord, cancelId: string) {
  const facts = orderFacts(source, account, order);
  return {
    ...facts,
    orderListId: -1,
    origClientOrderId: order.clientId,
    clientOrderId: cancelId,
    transactTime: msOf(order.updatedAtUs),
    origQuoteOrderQty: ZERO,
    ...selfTradeFacts(source, account, order),
  };
}

/** As myTrades gives it. */
export function tradeView(source: ViewSource, fill: FillRecord) {
  const market = marketOf(source, fill);
  return {
    symbol: market.symbol,
    id: Number(fill.tradeId),
    orderId: Number(fill.venueOrderId),
    orderListId: -1,
    price: priceOf(market, fill.priceTicks),
    qty: sizeOf(market, fill.sizeLots),
    quoteQty: valueOf(market, tickLotsOf(fill.priceTicks, fill.sizeLots)),
    commission: amountOf(source.core, fill.feeAsset, fill.feeAtoms),
    commissionAsset: fill.feeAsset,
    time: msOf(fill.venueAtUs),
    isBuyer: fill.side === "buy",
    isMaker: fill.liquidity === "maker",
    isBestMatch: true,
  };
}

function statusOf(order: OrderRecord, isPrevented: boolean): OrderStatus {
  switch (order.status) {
    case "OPEN":
      return order.filledLots > 0 ? "PARTIALLY_FILLED" : "NEW";
    case "EXPIRED":
      return isPrevented ? "EXPIRED_IN_MATCH" : "EXPIRED";
    case "FILLED":
    case "CANCELED":
      return order.status;
  }
}

function placedFill(source: ViewSource, fill: FillRecord) {
  const market = marketOf(source, fill);
  return {
    price: priceOf(market, fill.priceTicks),
    qty: sizeOf(market, fill.sizeLots),
    commission: amountOf(source.core, fill.feeAsset, fill.feeAtoms),
    commissionAsset: fill.feeAsset,
    tradeId: Number(fill.tradeId),
  };
}
