/**
 * Taking off what inventory exceeds its band, at the cheapest venue, with one IOC order at a time per market. Only
 * where the configuration says that hedging is simulated.
 */
import type { Effect } from "../../contract/effects.ts";
import type { GateReason } from "../../contract/reasons.ts";
import { bpsOf, sideSign, type Side } from "../../contract/units.ts";
import { ceilToTicks, floorToTicks } from "../decimal.ts";
import { balancedFillVariance, hedgeExcess, internalisationBand } from "../hedge/band.ts";
import { chooseHedgeVenue, hedgeCost, type HedgeOrder, type HedgeVenue } from "../hedge/hedgeVenue.ts";
import { takePrice } from "../hedge/takerVenue.ts";
import { countRefusal, minimumLots } from "../quote/decide.ts";
import { judge, type OrderIntent } from "../risk/gate.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";
import { placeOrder } from "./requests.ts";
import { takerVenueOf } from "./takers.ts";

/** A thousandth of the excess is not worth an order. */
const HALVINGS_MAX = 10;

interface Candidate extends HedgeVenue {
  readonly inst: InstrumentState;
  readonly rate: number;
}

/** After fills and on timers. */
export function planHedge(engine: Engine, market: MarketState, out: Effect[]): void {
  const { params, fair, model, flatten } = market;
  if (engine.config.hedging === "off" || params.hedging === "none") return;
  if (fair === undefined || model === undefined || flatten !== undefined || isHedging(engine, market)) return;
  const sigma = model.sigmaPerSqrtS;
  const venues = candidates(engine, market);
  const inventory = market.inventoryBase - market.targetBase;
  const side: Side = inventory > 0 ? "sell" : "buy";
  const excess = Math.abs(hedgeExcess(inventory, bandBase(engine, market, venues, side)));
  if (excess === 0) return;
  let refusedFor: GateReason | undefined;
  // Where no venue shows or may carry all of it, a half, a quarter, …: what is left is hedged next.
  let sizeBase = excess;
  for (let halving = 0; halving < HALVINGS_MAX; halving++) {
    const order = { side, sizeBase, fair, sigma };
    for (const venue of cheapestFirst(venues, order)) {
      const intent = intentAt(venue, order);
      if (intent === undefined) continue;
      const verdict = judge(engine, intent);
      if (verdict.ok) return void placeOrder(engine, verdict.order, -1, out);
      refusedFor ??= verdict.code;
    }
    sizeBase /= 2;
  }
  if (refusedFor !== undefined) countRefusal(engine, refusedFor);
}

/** Those that show the whole size. */
function* cheapestFirst(venues: readonly Candidate[], order: HedgeOrder): Generator<Candidate> {
  const left = [...venues];
  for (;;) {
    const at = chooseHedgeVenue(left, order);
    if (at === undefined) return;
    yield* left.splice(at, 1);
  }
}

/** Undefined where the order is smaller than the venue takes. */
function intentAt(venue: Candidate, { side, sizeBase, fair }: HedgeOrder): OrderIntent | undefined {
  const { inst, rate } = venue;
  const sizeLots = Math.floor(sizeBase / inst.lotBase + 1e-9);
  const vwap = sizeLots > 0 ? takePrice(venue, side, sizeLots * inst.lotBase) : undefined;
  if (vwap === undefined) return undefined;
  const limit = (vwap + sideSign(side) * bpsOf(fair, inst.params.hedgeSlippageBps)) / rate;
  const priceTicks =
    side === "buy" ? floorToTicks(limit, inst.tickQuote) : ceilToTicks(limit, inst.tickQuote);
  if (sizeLots < minimumLots(inst, priceTicks)) return undefined;
  return { role: "hedge", instrument: inst.index, side, priceTicks, sizeLots };
}

/** The next hedge is sized from inventory that the last one has already changed. */
function isHedging({ state }: Engine, market: MarketState): boolean {
  return market.instruments.some((index) =>
    state.instruments[index]?.live.some((id) => state.orders.get(id)?.role === "hedge"),
  );
}

function candidates(engine: Engine, market: MarketState): Candidate[] {
  const { state } = engine;
  const found: Candidate[] = [];
  for (const index of market.instruments) {
    const inst = state.instruments[index];
    if (inst === undefined || !inst.definition.quoted || inst.reason !== undefined) continue;
    const rate = state.rates.get(inst.definition.quote)?.value;
    const taker = takerVenueOf(engine, inst);
    if (rate === undefined || taker === undefined || state.accounts[inst.account]?.status !== "READY")
      continue;
    found.push({
      ...taker,
      inst,
      rate,
      latencyS: inst.params.quoteLatencyMs / 1e3,
      basis: inst.basis.valuePrice,
      fundingPerBase: 0,
    });
  }
  return found;
}

/** Inventory that is left to the quotes; everything, while no venue says what taking costs. */
function bandBase({ state }: Engine, market: MarketState, venues: readonly Candidate[], side: Side): number {
  const { params, fair, model } = market;
  if (params.hedging === "every-fill") return 0;
  const first = venues[0]?.inst;
  if (fair === undefined || model === undefined || first === undefined) return Infinity;
  const orderBase = (state.deskParams.capital * first.params.orderNotionalPct) / 100 / fair;
  if (params.hedgeBandOrders > 0) return params.hedgeBandOrders * orderBase;
  if (model.gamma === undefined || !(model.slope > 0)) return Infinity;
  const sigma = model.sigmaPerSqrtS;
  let takingCost = Infinity;
  for (const venue of venues)
    takingCost = Math.min(
      takingCost,
      hedgeCost(venue, { side, sizeBase: orderBase, fair, sigma }) ?? Infinity,
    );
  if (!Number.isFinite(takingCost)) return Infinity;
  return internalisationBand({
    takingCost: Math.max(takingCost, 0),
    slope: model.slope,
    fillVariancePerS: balancedFillVariance(model.fillsPerMinute / 60 / 2, orderBase),
    gamma: model.gamma,
    sigma,
  });
}
