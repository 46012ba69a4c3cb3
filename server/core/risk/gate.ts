/**
 * The risk gate: the one way to an approved order, and an approved order is what placing requires. It
 * judges the worst case, w = q + this order + everything open, in flight, UNKNOWN and unconfirmed on
 * that side, and refuses whenever something it needs to know is missing.
 */
import { lowestFeeFrac } from "../../contract/instrument.ts";
import type { GateReason } from "../../contract/reasons.ts";
import { sideSign, type Side } from "../../contract/units.ts";
import { freshRate } from "../estimate/rates.ts";
import type { Order, OrderRole } from "../orders/order.ts";
import { holdingOf, holdOf } from "../orders/exposure.ts";
import { withinLimit } from "../quote/inventory.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";
import { effectiveState } from "./tradingState.ts";

/** Fair value older than this judges nothing. */
export const REFERENCE_AGE_MAX_US = 5_000_000;

export interface OrderIntent {
  readonly role: OrderRole;
  readonly instrument: number;
  readonly side: Side;
  readonly priceTicks: number;
  /** Total size; for an amendment including what has been filled. */
  readonly sizeLots: number;
  /** The order that this amends. */
  readonly amends?: Order | undefined;
  /** That order as it rests, judged again: it adds nothing, and what is being cancelled already counts as gone. */
  readonly held?: boolean | undefined;
  /** A reducing order that no person asked for: it passes only where the desk may trade by itself. */
  readonly automatic?: boolean | undefined;
}

declare const approved: unique symbol;
export type ApprovedOrder = OrderIntent & { readonly [approved]: true };

export type Verdict =
  { readonly ok: true; readonly order: ApprovedOrder } | { readonly ok: false; readonly code: GateReason };

export function judge(engine: Engine, intent: OrderIntent): Verdict {
  const code = findRefusal(engine, intent);
  return code === undefined ? { ok: true, order: intent as ApprovedOrder } : { ok: false, code };
}

function findRefusal(engine: Engine, intent: OrderIntent): GateReason | undefined {
  const { state } = engine;
  const inst = state.instruments[intent.instrument];
  if (inst === undefined || inst.market === undefined) return "NO_REFERENCE";
  // What cannot be written down is done only for a person who asks for it.
  if (state.storage !== "OK" && (intent.role !== "reduce" || intent.automatic === true)) return "STORAGE";
  const market = state.markets[inst.market];
  if (market === undefined || market.fair === undefined) return "NO_REFERENCE";
  if (state.nowUs - market.fairAtUs > REFERENCE_AGE_MAX_US) return "STALE_REFERENCE";
  if (state.accounts[inst.account]?.status !== "READY") return "ACCOUNT_NOT_READY";
  return (
    checkFilters(inst, intent) ??
    checkPrice(engine, inst, market.fair, intent) ??
    checkExposure(engine, inst, market, market.fair, intent) ??
    checkBalance(engine, inst, intent) ??
    (intent.held === true ? undefined : checkSelfCross(engine, inst, intent))
  );
}

function checkFilters(inst: InstrumentState, intent: OrderIntent): GateReason | undefined {
  const { definition } = inst;
  const whole = Number.isSafeInteger(intent.priceTicks) && Number.isSafeInteger(intent.sizeLots);
  if (!whole || intent.priceTicks <= 0 || intent.sizeLots < definition.sizeMinLots) return "FILTER";
  if (definition.status !== "TRADING" || definition.kind !== "spot") return "FILTER";
  if (definition.notionalMinQuote === undefined) return undefined;
  const notional = intent.priceTicks * inst.tickQuote * intent.sizeLots * inst.lotBase;
  return notional < Number(definition.notionalMinQuote) ? "FILTER" : undefined;
}

function checkPrice(
  engine: Engine,
  inst: InstrumentState,
  fair: number,
  intent: OrderIntent,
): GateReason | undefined {
  const rate = freshRate(engine, inst.definition.quote);
  if (rate === undefined) return "NO_REFERENCE";
  const priceReporting = intent.priceTicks * inst.tickQuote * rate;
  const reference = fair + inst.basis.valuePrice;
  if (!(Math.abs(priceReporting - reference) <= fair * inst.params.collarBps * 1e-4)) return "PRICE_COLLAR";
  const band = inst.definition.priceBandFrac;
  if (band === undefined) return undefined;
  if (inst.midReporting === undefined) return "NO_REFERENCE";
  return Math.abs(priceReporting - inst.midReporting) <= inst.midReporting * band ? undefined : "PRICE_BAND";
}

function checkExposure(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  fair: number,
  intent: OrderIntent,
): GateReason | undefined {
  const { state } = engine;
  const sign = sideSign(intent.side);
  const addedBase = sign * addedLots(engine, intent) * inst.lotBase;
  const held = intent.held === true;
  const worst = market.inventoryBase + sign * workingBase(engine, market, sign, held) + addedBase;
  // A rebate that is paid in base comes on top of what a buy brings.
  const rebate = sign > 0 ? baseRebateFrac(engine, market) : 0;

  const atVenue = holdingOf(engine, inst.account, inst.definition.base).inventoryUnits;
  const worstAtVenue = atVenue + workingAtVenue(engine, inst.account, market, sign, held) + addedBase;

  const lotNoise = inst.lotBase * 1e-3;
  const trading = effectiveState(state, inst, intent.side);
  if (intent.role === "reduce") {
    if (intent.automatic === true && trading !== "ACTIVE" && trading !== "REDUCE_ONLY") return "STATE";
    if (!reduces(atVenue, withRebate(atVenue, worstAtVenue, rebate), lotNoise)) return "REDUCE_ONLY";
  } else if (trading === "REDUCE_ONLY") {
    if (!reduces(market.inventoryBase, withRebate(market.inventoryBase, worst, rebate), lotNoise))
      return "REDUCE_ONLY";
  } else if (trading !== "ACTIVE") return "STATE";

  const { capital, netMaxPct, grossMaxPct } = state.deskParams;
  const limits = [
    (capital * market.params.assetMaxPct) / 100 / fair,
    (capital * inst.params.venueMaxPct) / 100 / fair,
    (capital * netMaxPct) / 100,
    (capital * grossMaxPct) / 100,
  ] as const;
  if (!limits.every((limit) => limit > 0)) return "NO_LIMIT";
  if (!withinLimit(market.inventoryBase, worst, limits[0])) return "ASSET_LIMIT";
  if (!withinLimit(atVenue, worstAtVenue, limits[1])) return "VENUE_LIMIT";

  const shrinks = reduces(market.inventoryBase, worst, lotNoise);
  let net = 0;
  let netWorst = addedBase * fair;
  let gross = 0;
  let grossWorst = 0;
  for (const other of state.markets) {
    const buys = workingBase(engine, other, 1, held);
    const sells = workingBase(engine, other, -1, held);
    if (other.inventoryBase === 0 && buys === 0 && sells === 0 && other !== market) continue;
    if (other.fair === undefined) return "NO_REFERENCE";
    // What cannot be valued now bounds nothing; an order that shrinks its own market may pass all the same.
    if (!shrinks && state.nowUs - other.fairAtUs > REFERENCE_AGE_MAX_US) return "STALE_REFERENCE";
    const added = other === market ? addedBase : 0;
    const up = other.inventoryBase + buys + Math.max(0, added);
    const down = other.inventoryBase - sells + Math.min(0, added);
    net += other.inventoryBase * other.fair;
    netWorst += (other.inventoryBase + (sign > 0 ? buys : -sells)) * other.fair;
    gross += Math.abs(other.inventoryBase) * other.fair;
    grossWorst += Math.max(Math.abs(up), Math.abs(down)) * other.fair;
  }
  if (!withinLimit(net, netWorst, limits[2])) return "NET_LIMIT";
  if (!shrinks && !withinLimit(gross, grossWorst, limits[3])) return "GROSS_LIMIT";
  return undefined;
}

/** Base units that the market's orders on a side may still fill; without those on their way out, for what is held. */
function workingBase(engine: Engine, market: MarketState, sign: 1 | -1, held: boolean): number {
  const working = sign > 0 ? market.workingBuyBase : market.workingSellBase;
  if (!held) return working;
  let leaving = 0;
  for (const index of market.instruments) leaving += leavingBase(engine, index, sign);
  return working - leaving;
}

function leavingBase(engine: Engine, instrument: number, sign: 1 | -1): number {
  const inst = engine.state.instruments[instrument];
  if (inst === undefined) return 0;
  let lots = 0;
  for (const id of inst.live) {
    const order = engine.state.orders.get(id);
    if (order?.status === "PENDING_CANCEL" && sideSign(order.side) === sign) lots += order.exposureLots;
  }
  return lots * inst.lotBase;
}

/** Signed, of every instrument that trades the asset at the account: two symbols there share one inventory. */
function workingAtVenue(
  engine: Engine,
  account: number,
  market: MarketState,
  sign: 1 | -1,
  held: boolean,
): number {
  let working = 0;
  for (const index of market.instruments) {
    const member = engine.state.instruments[index];
    if (member?.account !== account) continue;
    working += (sign > 0 ? member.workingBuyLots : member.workingSellLots) * member.lotBase;
    if (held) working -= leavingBase(engine, index, sign);
  }
  return sign * working;
}

function withRebate(q: number, worst: number, rebateFrac: number): number {
  return worst + (worst - q) * rebateFrac;
}

/** The largest share of a buy that any account of the market pays back in the base asset. */
export function baseRebateFrac(engine: Engine, market: MarketState): number {
  let largest = 0;
  for (const index of market.accounts) {
    const fees = engine.config.accounts[index]?.fees;
    if (fees?.paidIn === "received") largest = Math.max(largest, -lowestFeeFrac(fees));
  }
  return largest;
}

/** Lots that approval would add to the worst case of the order's side. */
function addedLots(engine: Engine, intent: OrderIntent): number {
  const order = intent.amends;
  if (order === undefined) return intent.sizeLots;
  if (intent.held === true) return 0;
  const remaining = Math.max(0, intent.sizeLots - order.filledLots);
  const secondOrder = engine.config.accounts[order.account]?.amend === "cancel-new";
  return secondOrder ? remaining : Math.max(0, remaining - order.exposureLots);
}

/** By projected size: nearer to zero, and not through it by more than rounding noise. */
function reduces(q: number, worst: number, noise: number): boolean {
  return Math.abs(worst) < Math.abs(q) && (worst * q >= 0 || Math.abs(worst) <= noise);
}

function checkBalance(engine: Engine, inst: InstrumentState, intent: OrderIntent): GateReason | undefined {
  const before = intent.amends;
  const lots = before === undefined ? intent.sizeLots : before.exposureLots + addedLots(engine, intent);
  const price = Math.max(intent.priceTicks, before?.priceTicks ?? 0);
  const hold = holdOf(engine, inst, intent.side, price, lots);
  const holding = holdingOf(engine, inst.account, hold.asset);
  if (holding.balanceAtoms === undefined) return "NO_BALANCE_KNOWN";
  const free = holding.balanceAtoms - holding.heldAtoms + (before?.heldAtoms ?? 0n);
  return hold.atoms <= free ? undefined : "INSUFFICIENT_BALANCE";
}

function checkSelfCross(engine: Engine, inst: InstrumentState, intent: OrderIntent): GateReason | undefined {
  // What takes expires our own quote in its way (the self-trade mode of such an order).
  if (intent.role !== "quote") return undefined;
  for (const id of inst.live) {
    const other = engine.state.orders.get(id);
    if (other === undefined || other.side === intent.side || other.exposureLots === 0) continue;
    const best =
      other.side === "buy"
        ? Math.max(other.priceTicks, other.pendingTicks ?? other.priceTicks)
        : Math.min(other.priceTicks, other.pendingTicks ?? other.priceTicks);
    if (intent.side === "buy" ? intent.priceTicks >= best : intent.priceTicks <= best) return "SELF_CROSS";
  }
  return undefined;
}
