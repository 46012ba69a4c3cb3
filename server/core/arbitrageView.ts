/** What taking at one venue and giving at another would bring at this instant: shown, and acted on by nobody yet. */
import type { ArbitrageView } from "../contract/estimates.ts";
import { arbitrageThreshold, createArbitrage, isWorthwhile, sizeArbitrage } from "./hedge/arbitrage.ts";
import { ownOnSideTaken, nextLevel, sideTaken, type TakerVenue } from "./hedge/takerVenue.ts";
import { holdingOf } from "./orders/exposure.ts";
import { takerVenueOf } from "./orders/takers.ts";
import type { Engine, InstrumentState, MarketState } from "./state.ts";

/** Standard deviations of the price between the two legs that the edge has to cover. */
const LEG_Z = 1;

interface Leg {
  readonly inst: InstrumentState;
  readonly venue: TakerVenue;
}

/** The pair of usable venues with the best edge, be it a loss; undefined while fewer than two can be compared. */
export function viewArbitrage(
  engine: Engine,
  market: MarketState,
  at: { readonly fair: number; readonly sigma: number | undefined },
): ArbitrageView | undefined {
  const legs = market.instruments.flatMap((index): Leg[] => {
    const inst = engine.state.instruments[index];
    if (inst === undefined || inst.reason !== undefined || !inst.definition.quoted) return [];
    const venue = takerVenueOf(engine, inst);
    return venue === undefined ? [] : [{ inst, venue }];
  });
  let best: { readonly buy: Leg; readonly sell: Leg; readonly edge: number } | undefined;
  for (const buy of legs)
    for (const sell of legs) {
      const edge = buy.inst.account === sell.inst.account ? undefined : edgeOf(buy.venue, sell.venue);
      if (edge !== undefined && edge > (best?.edge ?? -Infinity)) best = { buy, sell, edge };
    }
  return best && describe(engine, best, at);
}

/** Of the best prices, after both taker fees, per base unit in the reporting currency. */
function edgeOf(buy: TakerVenue, sell: TakerVenue): number | undefined {
  const ask = bestPrice(buy, "buy");
  const bid = bestPrice(sell, "sell");
  return ask === undefined || bid === undefined
    ? undefined
    : bid * (1 - sell.takerFrac) - ask * (1 + buy.takerFrac);
}

function bestPrice(venue: TakerVenue, side: "buy" | "sell"): number | undefined {
  const taken = sideTaken(venue.book, side);
  const level = nextLevel(taken, ownOnSideTaken(venue, side), taken.depth - 1);
  return level < 0 ? undefined : (taken.priceTicks[level] ?? 0) * venue.tickReporting;
}

function describe(
  engine: Engine,
  { buy, sell, edge }: { readonly buy: Leg; readonly sell: Leg; readonly edge: number },
  { fair, sigma }: { readonly fair: number; readonly sigma: number | undefined },
): ArbitrageView {
  const found = createArbitrage();
  const sizeMaxBase = affordableBase(engine, buy, sell);
  sizeArbitrage(buy.venue, sell.venue, { edgeMin: 0, sizeMaxBase }, found);
  const legsS = (buy.inst.params.quoteLatencyMs + sell.inst.params.quoteLatencyMs) / 1e3;
  const risk =
    sigma === undefined
      ? undefined
      : { rebalanceCost: 0, z: LEG_Z, sigma, legsS, failFrac: 0, unwindCost: 0 };
  const bps = 1e4 / fair;
  return {
    buyAt: buy.inst.definition.account,
    sellAt: sell.inst.definition.account,
    edgeBps: edge * bps,
    sizeBase: found.sizeBase,
    profit: found.profit,
    legRiskBps: risk && arbitrageThreshold(risk) * bps,
    worthwhile: risk !== undefined && isWorthwhile(found, risk),
  };
}

/** What the balances on the two sides pay for; nothing while one of them is not known. */
function affordableBase(engine: Engine, buy: Leg, sell: Leg): number {
  const sellable = freeUnits(engine, sell.inst, sell.inst.definition.base);
  const payable = freeUnits(engine, buy.inst, buy.inst.definition.quote);
  const price = bestPrice(buy.venue, "buy");
  const rate = engine.state.rates.get(buy.inst.definition.quote)?.value;
  if (price === undefined || rate === undefined) return 0;
  return Math.max(0, Math.min(sellable, (payable * rate) / (price * (1 + buy.venue.takerFrac))));
}

function freeUnits(engine: Engine, inst: InstrumentState, asset: string): number {
  const { balanceAtoms, heldAtoms, decimals } = holdingOf(engine, inst.account, asset);
  return balanceAtoms === undefined ? 0 : Number(balanceAtoms - heldAtoms) / 10 ** decimals;
}
