/** What the engine shows of one market, of its orders, its scopes and its parameters: derived, never state. */
import type {
  DeskShape,
  LadderView,
  MarketDetail,
  OpenOrderLine,
  ParametersAnswer,
} from "../../contract/link.ts";
import { PARAM_LEVELS, type ParamLevel } from "../../contract/params/param.ts";
import { priceFromBest, sizeFromBest, type BookSide } from "../../core/book/book.ts";
import type { OwnLevels } from "../../core/book/ownOrders.ts";
import { isFinal, type Order } from "../../core/orders/order.ts";
import { explainQuote } from "../../core/quote/explain.ts";
import type { Engine, InstrumentState } from "../../core/state.ts";
import { priceOf, sizeOf } from "../../projection/figures.ts";

/** What a screen has room for. */
const LADDER_LEVELS = 15;

/** Undefined when the desk has no such market. */
export function viewMarketDetail(engine: Engine, name: string): MarketDetail | undefined {
  const { state } = engine;
  const market = state.markets.find((candidate) => candidate.market === name);
  if (market === undefined) return undefined;
  const members = market.instruments.flatMap((index) => state.instruments[index] ?? []);
  return {
    atUs: state.nowUs,
    market: name,
    ladders: members.map((inst) => viewLadder(engine, inst)),
    quotes: members
      .filter((inst) => inst.definition.quoted)
      .map((inst) => ({
        account: inst.definition.account,
        symbol: inst.definition.symbol,
        explanation: explainQuote(engine, inst.index),
      })),
  };
}

function viewLadder(engine: Engine, inst: InstrumentState): LadderView {
  const { account, symbol, quote, tick, lot } = inst.definition;
  return {
    account,
    symbol,
    quote,
    tick,
    lot,
    rate: engine.state.rates.get(quote)?.value,
    bids: othersLevels(engine, inst, inst.book.bids, inst.ownBids),
    asks: othersLevels(engine, inst, inst.book.asks, inst.ownAsks),
    own: liveOrders(engine, inst).map((order) => ({
      clientId: order.clientId,
      side: order.side,
      status: order.status,
      price: priceOf(inst, order.priceTicks),
      remainingBase: sizeOf(engine, inst, order.sizeLots - order.filledLots),
    })),
  };
}

function othersLevels(engine: Engine, inst: InstrumentState, side: BookSide, own: OwnLevels): number[] {
  const levels: number[] = [];
  for (let rank = 0; rank < side.depth && levels.length < 2 * LADDER_LEVELS; rank++) {
    const ticks = priceFromBest(side, rank);
    let lots = sizeFromBest(side, rank) ?? 0;
    for (const [at, price] of own.priceTicks.entries())
      if (price === ticks) lots -= own.remainingLots[at] ?? 0;
    if (ticks !== undefined && lots > 0) levels.push(priceOf(inst, ticks), sizeOf(engine, inst, lots));
  }
  return levels;
}

export function viewOpenOrders(engine: Engine): OpenOrderLine[] {
  return engine.state.instruments.flatMap((inst) =>
    liveOrders(engine, inst).map((order) => ({
      account: inst.definition.account,
      symbol: inst.definition.symbol,
      clientId: order.clientId,
      side: order.side,
      status: order.status,
      price: priceOf(inst, order.priceTicks),
      sizeBase: sizeOf(engine, inst, order.sizeLots),
      filledBase: sizeOf(engine, inst, order.filledLots),
      placedAtUs: order.placedAtUs,
    })),
  );
}

function liveOrders(engine: Engine, inst: InstrumentState): Order[] {
  return inst.live
    .flatMap((id) => engine.state.orders.get(id) ?? [])
    .filter((order) => !isFinal(order.status));
}

export function viewShape(engine: Engine, profile: string): DeskShape {
  const { config, state } = engine;
  return {
    profile,
    deskCode: config.deskCode,
    epoch: config.epoch,
    reportingAsset: config.reportingAsset,
    hedging: config.hedging,
    accounts: config.accounts.map(({ account, venue }) => ({ account, venue })),
    markets: config.markets.map(({ market, base }) => ({ market, base })),
    instruments: state.instruments.map(({ definition, market }) => ({
      account: definition.account,
      symbol: definition.symbol,
      market: market === undefined ? undefined : state.markets[market]?.market,
      base: definition.base,
      quote: definition.quote,
      tick: definition.tick,
      lot: definition.lot,
      quoted: definition.quoted,
    })),
  };
}

export function viewParameters(engine: Engine): ParametersAnswer {
  const { layers } = engine.state;
  return {
    version: layers.version,
    settings: [...layers.set].flatMap(([key, values]) => {
      const { level, scope } = splitScope(key);
      return [...values].map(([name, value]) => ({ level, scope, name, value }));
    }),
  };
}

/** `desk`, or a level with the names that it needs: `instrument kraken BTC/USD`. */
function splitScope(key: string): { readonly level: ParamLevel; readonly scope: string } {
  const level = PARAM_LEVELS.find((candidate) => key === candidate || key.startsWith(`${candidate} `));
  if (level === undefined) throw new Error(`invariant: there is no parameter level in "${key}"`);
  return { level, scope: level === "desk" ? "desk" : key.slice(level.length + 1) };
}
