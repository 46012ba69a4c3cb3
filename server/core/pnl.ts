/** P&L by part, in reporting currency, as anyone may look at it: reading changes nothing. */
import type { PnlView } from "../contract/lines.ts";
import { read as readAttribution } from "./ledger/attribution.ts";
import { valueOf } from "./ledger/compensatedSum.ts";
import type { Engine, MarketState } from "./state.ts";

/** Of one market; undefined before its first mark. What its cash has become worth since is the desk's currency part. */
export function readMarketPnl(market: MarketState): PnlView | undefined {
  const view = readAttribution(market.attribution);
  if (view === undefined) return undefined;
  const { spreadCapture, makerFees, takerFees, hedging, reducing, revaluation, total } = view;
  return {
    spreadCapture,
    makerFees,
    takerFees,
    hedging,
    reducing,
    inventory: revaluation,
    currency: 0,
    total,
  };
}

/** Over all markets; the parts sum to the total. */
export function readPnl(engine: Engine): PnlView {
  const { state } = engine;
  let sum = NOTHING;
  for (const market of state.markets) {
    const part = readMarketPnl(market);
    if (part !== undefined) sum = combine(sum, part, 1);
  }
  // What fills moved in every currency, at its rate now, less what it was worth at the rate of each fill.
  let currency = 0;
  for (const account of state.accounts)
    for (const holding of account.holdings.values())
      if (holding.market === undefined)
        currency += holding.inventoryUnits * (state.rates.get(holding.asset)?.value ?? 0);
  for (const market of state.markets) currency -= valueOf(market.attribution.cashQuote);
  return { ...sum, currency, total: sum.total + currency };
}

export function subtractPnl(a: PnlView, b: PnlView): PnlView {
  return combine(a, b, -1);
}

const NOTHING: PnlView = {
  spreadCapture: 0,
  makerFees: 0,
  takerFees: 0,
  hedging: 0,
  reducing: 0,
  inventory: 0,
  currency: 0,
  total: 0,
};

function combine(a: PnlView, b: PnlView, sign: 1 | -1): PnlView {
  return {
    spreadCapture: a.spreadCapture + sign * b.spreadCapture,
    makerFees: a.makerFees + sign * b.makerFees,
    takerFees: a.takerFees + sign * b.takerFees,
    hedging: a.hedging + sign * b.hedging,
    reducing: a.reducing + sign * b.reducing,
    inventory: a.inventory + sign * b.inventory,
    currency: a.currency + sign * b.currency,
    total: a.total + sign * b.total,
  };
}
