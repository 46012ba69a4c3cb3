/** The fill ledger: every new fill is booked, whatever its order was thought to be. */
import type { Effect } from "../../contract/effects.ts";
import type { FillEvent } from "../../contract/events.ts";
import type { Steps } from "../../contract/instrument.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import { compareSoon } from "../accounts/questions.ts";
import { noteSecondWriter } from "../accounts/secondWriter.ts";
import { atomsToNumber, type Scales } from "../decimal.ts";
import { anomaly } from "../notices.ts";
import { amendIsSecondOrder, refreshExposure } from "../orders/exposure.ts";
import { fillableLots, isFinal, type Order } from "../orders/order.ts";
import { addGhost } from "../orders/ownLevels.ts";
import { move } from "../orders/reports.ts";
import type { AccountState, Engine, InstrumentState, MarketState } from "../state.ts";
import { mayForget, type Retention } from "../retention.ts";
import { inSteps, isSameSteps, recount, scalesIn, stepsOf } from "../steps.ts";
import { bringIn, fill as attributeFill } from "./attribution.ts";
import { moveBalance, refreshInventory } from "./inventory.ts";
import { adjustQuantity, applyTrade } from "./position.ts";
import { observeOwnQuoteFill } from "../estimate/instrumentEstimates.ts";
import { decimalsOf, reportingAtoms } from "./reporting.ts";

/** Keys that an account keeps to recognise a repeated fill, and those that a question may tell again: most of a snapshot. */
export const FILL_KEYS: Retention = { least: 500, withinUs: 600 * MICROS_PER_SECOND, most: 2_000 };

/** Books the fill unless it is known; true when it was new. */
export function bookFill(engine: Engine, event: FillEvent, out: Effect[]): boolean {
  const { state } = engine;
  const inst = state.instruments[event.instrument];
  if (inst === undefined || inst.account !== event.account)
    throw new Error(`a fill names instrument ${event.instrument} of account ${event.account}: there is none`);
  const steps = event.steps ?? stepsOf(inst);
  const scales = scalesIn(engine, inst, steps);
  if (scales === undefined) {
    const text = `trade ${event.tradeId} comes in ticks of ${steps.tick} and lots of ${steps.lot}`;
    anomaly(engine, out, "UNBOOKED_FILL", event.venueOrderId, text);
    return false;
  }
  if (!rememberFill(engine, inst, { event, steps }, out)) return false;

  const sign = event.side === "buy" ? 1n : -1n;
  const baseAtoms = BigInt(event.sizeLots) * scales.baseAtomsPerLot;
  const valueAtoms = BigInt(event.priceTicks) * BigInt(event.sizeLots) * scales.quoteAtomsPerTickLot;
  moveBalance(engine, event.account, inst.definition.base, sign * baseAtoms);
  moveBalance(engine, event.account, inst.definition.quote, -sign * valueAtoms);
  const moved = new Set([inst.definition.base, inst.definition.quote]);
  // A fee in an asset outside the desk is raised below as unpriced: the trade itself is booked all the same.
  const feeHolding = state.accounts[event.account]?.holdings.get(event.feeAsset);
  if (feeHolding !== undefined) {
    moveBalance(engine, event.account, event.feeAsset, -event.feeAtoms);
    moved.add(event.feeAsset);
    const feeMarket = feeHolding.market === undefined ? undefined : state.markets[feeHolding.market];
    if (feeMarket !== undefined && feeMarket.index !== inst.market && feeHolding.balanceAtoms !== undefined)
      payFrom(engine, feeMarket, event.feeAtoms);
  }
  for (const asset of moved) refreshInventory(engine, event.account, asset);

  state.counts.fills += 1;
  const market = inst.market === undefined ? undefined : state.markets[inst.market];
  const order = findOrder(engine, event);
  if (market !== undefined) attribute(engine, inst, market, { event, scales, baseAtoms, order }, out);
  if (order !== undefined)
    applyToOrder(
      engine,
      order,
      { ...event, sizeLots: recount(event.sizeLots, steps.lot, order.steps.lot) },
      out,
    );
  else {
    const text = `trade ${event.tradeId} belongs to no order of this run`;
    anomaly(engine, out, "FOREIGN_FILL", event.venueOrderId, text);
    if (event.clientId !== undefined) noteSecondWriter(engine, event.account, event.clientId, out);
  }
  return true;
}

/** True when it was new. Streams, cursors and answers tell a fill again as a matter of course: in the same terms. */
function rememberFill(
  engine: Engine,
  inst: InstrumentState,
  { event, steps }: { readonly event: FillEvent; readonly steps: Steps },
  out: Effect[],
): boolean {
  const account = engine.state.accounts[event.account];
  if (account === undefined) throw new Error(`a fill names account ${event.account}: there is none`);
  const { fillKeys } = account;
  // Trade ids are per symbol on some venues, and a self-trade has one id on both of our orders.
  const key = `${inst.definition.symbol} ${event.tradeId} ${event.venueOrderId}`;
  // In decimals: a venue that has changed its tick tells the same fill in other steps.
  const terms = `${event.side} ${inSteps(event.sizeLots, steps.lot)} at ${inSteps(event.priceTicks, steps.tick)}`;
  const known = fillKeys.get(key);
  if (known !== undefined) {
    const [venueAtUs, booked, other] = known;
    if (terms === booked || terms === other) return false;
    fillKeys.set(key, [venueAtUs, booked, terms]);
    const text = `trade ${event.tradeId} is booked as ${booked} and told again as ${terms}`;
    anomaly(engine, out, "DUPLICATE_FILL", event.venueOrderId, text);
    // Which of the two it was the venue's balances show.
    compareSoon(engine, account);
    return false;
  }
  fillKeys.set(key, [event.venueAtUs, terms]);
  for (const [oldest, [venueAtUs]] of fillKeys) {
    if (!mayForget(fillKeys.size, event.venueAtUs - venueAtUs, FILL_KEYS)) break;
    if (fillKeys.size <= FILL_KEYS.most && isHeld(engine, account, venueAtUs)) break;
    fillKeys.delete(oldest);
    account.fillsForgottenToUs = Math.max(account.fillsForgottenToUs, venueAtUs);
  }
  return true;
}

function isHeld({ state }: Engine, account: AccountState, venueAtUs: number): boolean {
  return state.nowUs < account.fillsHeldUntilUs && venueAtUs >= account.fillsHeldFromUs;
}

/**
 * A fee in what another market trades leaves (or, as a rebate, joins) that market's inventory at its mark: the cost
 * is the trade's, so the other market neither earns nor loses by it.
 */
function payFrom(engine: Engine, market: MarketState, feeAtoms: bigint): void {
  if (feeAtoms === 0n) return;
  const feeUnits = atomsToNumber(feeAtoms, decimalsOf(engine, market.base));
  bringIn(market.attribution, -feeUnits);
  adjustQuantity(market.position, {
    deltaAtoms: -feeAtoms,
    valueAtMarkAtoms: reportingAtoms(engine, Math.abs(feeUnits) * (assetRate(engine, market.base) ?? 0)),
    atUs: engine.state.nowUs,
  });
}

/** Reporting currency per unit: by its own market where there is one, so that a fee costs what inventory loses by it. */
function assetRate(engine: Engine, asset: string): number | undefined {
  const { markets, rates } = engine.state;
  return markets.find((market) => market.base === asset)?.fair ?? rates.get(asset)?.value;
}

/** Into the market's position and P&L, in the reporting currency at the rate of this moment. */
function attribute(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  {
    event,
    scales,
    baseAtoms,
    order,
  }: {
    readonly event: FillEvent;
    readonly scales: Scales;
    readonly baseAtoms: bigint;
    readonly order: Order | undefined;
  },
  out: Effect[],
): void {
  const { state } = engine;
  const rate = state.rates.get(inst.definition.quote)?.value;
  const feeInBase = event.feeAsset === inst.definition.base;
  const feeRate = feeInBase ? 0 : assetRate(engine, event.feeAsset);
  if (rate === undefined || feeRate === undefined) {
    const text = `trade ${event.tradeId} in ${inst.definition.quote} with a fee in ${event.feeAsset} has no rate`;
    anomaly(engine, out, "UNPRICED_FILL", market.market, text);
  }
  if (rate === undefined) return;
  const priceQuote = event.priceTicks * scales.tickQuote * rate;
  const quantityBase = event.sizeLots * scales.lotBase;
  const feeUnits =
    feeRate === undefined ? 0 : atomsToNumber(event.feeAtoms, decimalsOf(engine, event.feeAsset));
  state.counts.volumeReporting += priceQuote * quantityBase;
  applyTrade(market.position, {
    side: event.side,
    quantityAtoms: baseAtoms,
    valueAtoms: reportingAtoms(engine, priceQuote * quantityBase),
    atUs: state.nowUs,
  });
  if (feeInBase && event.feeAtoms !== 0n)
    adjustQuantity(market.position, {
      deltaAtoms: -event.feeAtoms,
      valueAtMarkAtoms: reportingAtoms(engine, Math.abs(feeUnits) * (market.fair ?? priceQuote)),
      atUs: state.nowUs,
    });
  // What is learned in ticks and lots of a version ends with it.
  if (order?.role === "quote" && scales === inst && isSameSteps(order.steps, inst.definition))
    observeOwnQuoteFill(
      engine,
      inst,
      market,
      { perUnit: (feeUnits * (feeInBase ? priceQuote : (feeRate ?? 0))) / quantityBase, rate },
      { event, order },
    );
  attributeFill(market.attribution, {
    side: event.side,
    quantityBase,
    priceQuote,
    feeQuote: feeUnits * (feeRate ?? 0),
    feeBase: feeInBase ? feeUnits : 0,
    category: event.liquidity === "maker" ? "maker" : order?.role === "hedge" ? "hedge" : "reduce",
  });
}

function applyToOrder(engine: Engine, order: Order, event: FillEvent, out: Effect[]): void {
  const inst = engine.state.instruments[order.instrument];
  if (inst !== undefined && isSameSteps(order.steps, inst.definition))
    addGhost(engine, order, event.sizeLots);
  order.filledLots += event.sizeLots;
  order.venueFilledLots = Math.max(order.venueFilledLots, order.filledLots);
  order.venueOrderId ??= event.venueOrderId;
  const ended = isFinal(order.status);
  const awaited = ended && order.exposureLots >= event.sizeLots;
  if (ended && !awaited) anomaly(engine, out, "LATE_FILL", order.clientId, `filled while ${order.status}`);
  const fillable = fillableLots(order, amendIsSecondOrder(engine, order));
  if (order.filledLots > fillable)
    anomaly(engine, out, "OVERFILL", order.clientId, `${order.filledLots} of ${order.sizeLots} lots`);
  // An amendment to more may still be under way: only what can no longer grow is FILLED.
  const complete = order.filledLots >= fillable;
  if (order.status === "FILLED" || (ended && !complete)) refreshExposure(engine, order);
  else move(engine, order, complete ? "fullFill" : "partialFill", out);
}

function findOrder(engine: Engine, event: FillEvent): Order | undefined {
  const { orders } = engine.state;
  const named = event.clientId === undefined ? undefined : orders.get(event.clientId);
  if (named !== undefined && named.account === event.account) return named;
  if (event.clientId !== undefined) return undefined;
  for (const order of orders.values())
    if (order.account === event.account && order.venueOrderId === event.venueOrderId) return order;
  return undefined;
}
