/** What happens to an order at the venue, told to its owner in the order in which it happened. */
import type { Liquidity } from "../../contract/units.ts";
import type { ExchangeOutput } from "../ports.ts";
import { endOrder, remainingLots, settleFill } from "./account.ts";
import type { FillReport, VenueOrder } from "./account.ts";
import { reduceOwn } from "./levels.ts";
import { restingSide } from "./market.ts";
import type { InstrumentMarket } from "./market.ts";
import type { SpotMoney } from "./money.ts";

/** One call at the exchange: its instant, where its reports go, and whether fills are kept for the tests. */
export interface Call {
  readonly atUs: number;
  readonly output: ExchangeOutput;
  readonly keepFills: boolean;
}

/** An order of ours that rests trades at its own price. */
export function fillMaker(market: InstrumentMarket, order: VenueOrder, sizeLots: number, call: Call): void {
  report(market, { order, priceTicks: order.priceTicks, sizeLots, liquidity: "maker" }, call);
  const leaves = remainingLots(order) === 0;
  reduceOwn(restingSide(market, order.side), order, { lots: sizeLots, leaves });
}

/** An order of ours that came to take trades at the price of what rests. */
export function fillTaker(
  market: InstrumentMarket,
  order: VenueOrder,
  at: { readonly priceTicks: number; readonly sizeLots: number },
  call: Call,
): void {
  report(market, { order, ...at, liquidity: "taker" }, call);
}

/** Ends an order that still has lots open; one that rests leaves its level. */
export function cancelOrder(market: InstrumentMarket, order: VenueOrder, call: Call): void {
  if (order.timeInForce === "POST_ONLY")
    reduceOwn(restingSide(market, order.side), order, { lots: remainingLots(order), leaves: true });
  endOrder(market.account, moneyOf(market), order, "CANCELED");
  const { clientId, filledLots } = order;
  call.output.private(market.account.index, { type: "orderCanceled", clientId, filledLots });
}

export function moneyOf(market: InstrumentMarket): SpotMoney {
  if (market.money === undefined)
    throw new Error(`invariant: ${market.definition.symbol} takes no orders, it is a reference only`);
  return market.money;
}

function report(
  market: InstrumentMarket,
  fill: {
    readonly order: VenueOrder;
    readonly priceTicks: number;
    readonly sizeLots: number;
    readonly liquidity: Liquidity;
  },
  call: Call,
): void {
  const { account, traded } = market;
  const { order, priceTicks, sizeLots, liquidity } = fill;
  if (sizeLots > remainingLots(order)) throw new Error(`invariant: ${order.clientId} filled beyond its size`);
  order.filledLots += sizeLots;
  traded.fills++;
  if (order.side === "buy") traded.boughtLots += sizeLots;
  else traded.soldLots += sizeLots;
  const fee = settleFill(account, moneyOf(market), fill);
  if (remainingLots(order) === 0) endOrder(account, moneyOf(market), order, "FILLED");
  const told: FillReport = {
    type: "fill",
    instrument: order.instrument,
    clientId: order.clientId,
    venueOrderId: order.venueOrderId,
    tradeId: String(traded.fills),
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
