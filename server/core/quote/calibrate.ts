/** The slow part of quoting, once a second: order sizes, costs and the model of a market. */
import { volatilityStatus } from "../estimate/volatility.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";
import { solveModel, type MemberFlow, type ModelInputs } from "./model.ts";
import { pricingOf } from "./pricing.ts";
import { targetOf } from "./target.ts";

export function calibrateModel(engine: Engine, market: MarketState): void {
  refreshPricing(engine, market);
  const inputs = modelInputs(engine, market);
  market.model = inputs && solveModel(market.params.model, inputs);
  market.targetBase = market.model === undefined ? 0 : targetOf(engine, market, market.model);
}

/** Order sizes and what flow offers at each venue now. */
function refreshPricing(engine: Engine, market: MarketState): void {
  const { state } = engine;
  const { fair } = market;
  const sigma = knownVolatility(engine, market);
  for (const index of market.instruments) {
    const inst = state.instruments[index];
    if (inst === undefined || !inst.definition.quoted) continue;
    inst.pricing =
      fair === undefined || sigma === undefined ? undefined : pricingOf(engine, inst, market, fair);
    if (fair === undefined) continue;
    const orderBase = (state.deskParams.capital * inst.params.orderNotionalPct) / 100 / fair;
    inst.orderLots = Math.floor(orderBase / inst.lotBase + 1e-9);
  }
}

/** What every model is solved from; undefined while volatility is not known or no venue's flow is. */
export function modelInputs(engine: Engine, market: MarketState): ModelInputs | undefined {
  const { state } = engine;
  const { fair, params } = market;
  const sigma = knownVolatility(engine, market);
  if (fair === undefined || sigma === undefined) return undefined;
  const venues: MemberFlow[] = [];
  for (const index of market.instruments) {
    const inst = state.instruments[index];
    if (inst?.pricing === undefined) continue;
    const { A, k, localK, costBid, costAsk } = inst.pricing;
    venues.push({
      member: inst.member,
      params: inst.params,
      A,
      k,
      localK,
      orderSize: Math.max(inst.orderLots, 1) * inst.lotBase,
      cost: makerFrac(engine, inst) * fair + (costBid + costAsk) / 2,
    });
  }
  if (venues.length === 0) return undefined;
  return {
    params,
    fair,
    sigma,
    limitBase: (state.deskParams.capital * params.assetMaxPct) / 100 / fair,
    venues,
    members: market.instruments.length,
  };
}

function knownVolatility({ state }: Engine, { volatility }: MarketState): number | undefined {
  const status = volatilityStatus(volatility, state.nowUs);
  return status === "COLD" || status === "STALE" ? undefined : volatility.valuePerSqrtS;
}

function makerFrac(engine: Engine, inst: InstrumentState): number {
  return engine.config.accounts[inst.account]?.fees.makerFrac ?? 0;
}
