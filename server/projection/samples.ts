/** One instant of a market for a chart, in reporting currency; what was not there is absent. */
import { readMarketPnl } from "../core/pnl.ts";
import { isFinal } from "../core/orders/order.ts";
import type { Engine, InstrumentState, MarketState } from "../core/state.ts";
import type { Side } from "../contract/units.ts";
import { priceOf } from "./figures.ts";

export interface MarketSample {
  readonly market: string;
  readonly atUs: number;
  readonly fair: number | undefined;
  readonly inventoryBase: number;
  readonly pnl: number | undefined;
  /** In the order of the market's instruments. */
  readonly instruments: readonly InstrumentSample[];
}

export interface InstrumentSample {
  readonly account: string;
  readonly symbol: string;
  /** Of the venue's book without our own orders. */
  readonly mid: number | undefined;
  /** Our own quotes. */
  readonly bid: number | undefined;
  readonly ask: number | undefined;
}

export function sampleMarket(engine: Engine, market: MarketState): MarketSample {
  const { state } = engine;
  return {
    market: market.market,
    atUs: state.nowUs,
    fair: market.fair,
    inventoryBase: market.inventoryBase,
    pnl: readMarketPnl(market)?.total,
    instruments: market.instruments.flatMap((index) => {
      const inst = state.instruments[index];
      return inst === undefined ? [] : [sampleInstrument(engine, inst)];
    }),
  };
}

function sampleInstrument(engine: Engine, inst: InstrumentState): InstrumentSample {
  const { account, symbol } = inst.definition;
  return {
    account,
    symbol,
    mid: inst.midReporting,
    bid: quotedPrice(engine, inst, "buy"),
    ask: quotedPrice(engine, inst, "sell"),
  };
}

function quotedPrice({ state }: Engine, inst: InstrumentState, side: Side): number | undefined {
  const rate = state.rates.get(inst.definition.quote)?.value;
  const slot = inst.slots.find((candidate) => candidate.side === side);
  const order = slot?.clientId === undefined ? undefined : state.orders.get(slot.clientId);
  if (rate === undefined || order === undefined || isFinal(order.status)) return undefined;
  return priceOf(inst, order.priceTicks) * rate;
}
