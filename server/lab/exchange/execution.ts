/** What happens to an order at the venue, told to its owner in the order in which it happened. */
import type { Liquidity } from "../../contract/units.ts";
import type { ExchangeOutput } from "../ports.ts";
import { endOrder, remainingLots, tryHold } from "./account.ts";
import type { FillReport, VenueOrder } from "./account.ts";
import { reduceOwn } from "./levels.ts";
import { restingSide } from "./market.ts";
import type { InstrumentMarket } from "./market.ts";
import type { SpotMoney } from "./money.ts";
import { holdNeeded, settleFill } from "./settlement.ts";

/** One call at the exchange: its instant, where its reports go, and whether fills are kept for the tests. */
export interface Call {
  readonly atUs: number;
  readonly output: ExchangeOutput;
  readonly keepFills: boolean;
}

/** An order of ours that rests trades at its own price. Returns the trade's id. */
export function fillMaker(market: InstrumentMarket, order: VenueOrder, sizeLots: number, call: Call): string {
  const tradeId = nextTradeId(market);
  report(market, { order, priceTicks: order.priceTicks, sizeLots, liquidity: "maker", tradeId }, call);
  const leaves = remainingLots(order) === 0;
  reduceOwn(restingSide(market, order.side), order, { lots: sizeLots, leaves });
  return tradeId;
}

/** An order of ours that came to take trades at the price of what rests; with our own order under that order's trade. */
export function fillTaker(
  market: InstrumentMarket,
  order: VenueOrder,
  at: { readonly priceTicks: number; readonly sizeLots: number; readonly tradeId?: string },
  call: Call,
): void {
  report(market, { order, tradeId: nextTradeId(market), ...at, liquidity: "taker" }, call);
}

/** Ends an order that still has lots open, as its owner asked. */
export function cancelOrder(market: InstrumentMarket, order: VenueOrder, call: Call): void {
  endEarly(market, order, "CANCELED", call);
}

/** Ends an order that still has lots open by the venue's own rules. */
export function expireOrder(market: InstrumentMarket, order: VenueOrder, call: Call): void {
  endEarly(market, order, "EXPIRED", call);
}

/** Takes lots off an order without a trade; one that has none left expires. */
export function decrementOrder(market: InstrumentMarket, order: VenueOrder, lots: number, call: Call): void {
  if (lots === remainingLots(order)) return expireOrder(market, order, call);
  if (order.status === "OPEN") reduceOwn(restingSide(market, order.side), order, { lots, leaves: false });
  order.sizeLots -= lots;
  order.updatedAtUs = call.atUs;
  if (order.status === "OPEN")
    tryHold(market.account, moneyOf(market), order, holdNeeded(market.account, moneyOf(market), order));
  const { clientId, venueOrderId, priceTicks, sizeLots } = order;
  call.output.private(market.account.index, {
    type: "orderAmended",
    clientId,
    venueOrderId,
    priceTicks,
    sizeLots,
  });
}

export function moneyOf(market: InstrumentMarket): SpotMoney {
  if (market.money === undefined)
    throw new Error(`invariant: ${market.definition.symbol} takes no orders, it is a reference only`);
  return market.money;
}

function endEarly(
  market: InstrumentMarket,
  order: VenueOrder,
  status: "CANCELED" | "EXPIRED",
  call: Call,
): void {
  if (order.status === "OPEN")
    reduceOwn(restingSide(market, order.side), order, { lots: remainingLots(order), leaves: true });
  order.updatedAtUs = call.atUs;
  endOrder(market.account, moneyOf(market), order, status);
  const type = status === "CANCELED" ? "orderCanceled" : "orderExpired";
  const { clientId, filledLots } = order;
  call.output.private(market.account.index, { type, clientId, filledLots });
}

function nextTradeId({ traded }: InstrumentMarket): string {
  return String(traded.fills + 1);
}

function report(
  market: InstrumentMarket,
  fill: {
    readonly order: VenueOrder;
    readonly priceTicks: number;
    readonly sizeLots: number;
    readonly liquidity: Liquidity;
    readonly tradeId: string;
  },
  call: Call,
): void {
  const { account, traded } = market;
  const { order, priceTicks, sizeLots, liquidity, tradeId } = fill;
  if (sizeLots > remainingLots(order)) throw new Error(`invariant: ${order.clientId} filled beyond its size`);
  order.filledLots += sizeLots;
  order.filledTickLots += BigInt(priceTicks) * BigInt(sizeLots);
  order.updatedAtUs = call.atUs;
  traded.fills++;
  if (order.side === "buy") traded.boughtLots += sizeLots;
  else traded.soldLots += sizeLots;
  const fee = settleFill(market, moneyOf(market), fill, call.atUs);
  if (remainingLots(order) === 0) endOrder(account, moneyOf(market), order, "FILLED");
  const told: FillReport = {
    type: "fill",
    instrument: order.instrument,
    clientId: order.clientId,
    venueOrderId: order.venueOrderId,
    tradeId,
    side: order.side,
    priceTicks,
    sizeLots,
    liquidity,
    venueAtUs: call.atUs,
    feeAsset: fee.feeAsset,
    feeAtoms: fee.feeAtoms,
  };
  if (call.keepFills) account.fills.push(told);
  call.output.private(account.index, told);
}
