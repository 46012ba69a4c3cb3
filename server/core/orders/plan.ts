/** From what a slot wants to what is sent: place, amend, cancel, or leave alone. */
import type { Effect } from "../../contract/effects.ts";
import type { GateReason, WaitReason } from "../../contract/reasons.ts";
import { sideSign } from "../../contract/units.ts";
import { countRefusal } from "../quote/decide.ts";
import { requoteTolerance } from "../quote/tolerance.ts";
import { judge, type OrderIntent } from "../risk/gate.ts";
import type { Engine, InstrumentState, MarketState, QuoteSlot } from "../state.ts";
import { isFinal, isQuiet, type Order } from "./order.ts";
import { costOfMove, hasRoomFor, paceOf } from "./pace.ts";
import { amendOrder, cancelOrder, placeOrder } from "./requests.ts";

/** A size within this share of the wanted one is left alone: an amendment for size costs the queue place. */
const SIZE_TOLERANCE_FRAC = 0.2;

/** Between the first two cancels of an order whose outcome nobody knows; then twice as long each time, up to the last. */
const CANCEL_AGAIN_US = { first: 500_000, last: 5_000_000 };

export function planInstrument(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  out: Effect[],
): void {
  for (let i = 0; i < inst.slots.length; i++) {
    const slot = inst.slots[i];
    if (slot !== undefined) planSlot(engine, inst, market, slot, i, out);
  }
}

function planSlot(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  slot: QuoteSlot,
  slotIndex: number,
  out: Effect[],
): void {
  let order = slot.clientId === undefined ? undefined : engine.state.orders.get(slot.clientId);
  if (order !== undefined && isFinal(order.status)) {
    order = undefined;
    slot.clientId = undefined;
  }
  if (slot.wantedTicks === undefined) {
    if (order !== undefined && mayCancel(engine, order)) cancelOrder(engine, order, out);
    return;
  }
  if (engine.state.nowUs < slot.retryAtUs) {
    // What cannot be moved for now must not wait where it loses: cancels always pass.
    if (order !== undefined && isQuiet(order.status) && isBeyondFair(engine, inst, market, order))
      cancelOrder(engine, order, out);
    if (order === undefined && slot.heldFor !== undefined) refuse(engine, slot, slot.heldFor);
    return;
  }
  if (order !== undefined && (!isQuiet(order.status) || !wantsMove(engine, inst, market, slot, order)))
    return;
  if (order !== undefined && engine.config.accounts[inst.account]?.amend === "none")
    return cancelOrder(engine, order, out);
  const intent: OrderIntent = {
    role: "quote",
    instrument: inst.index,
    side: slot.side,
    priceTicks: slot.wantedTicks,
    sizeLots: slot.wantedLots + (order?.filledLots ?? 0),
    amends: order,
    held: false,
  };
  if (order === undefined) return placeIfApproved(engine, inst, slot, slotIndex, intent, out);
  const verdict = judge(engine, intent);
  if (verdict.ok) {
    slot.refusedFor = undefined;
    return amendOrder(engine, verdict.order, out);
  }
  // Our other side still stands in the way: it is moving, and this quote is only too timid meanwhile.
  if (verdict.code === "SELF_CROSS") return;
  // A quote that may not be moved must not be left where it is known to be wrong.
  refuse(engine, slot, verdict.code);
  cancelOrder(engine, order, out);
}

/**
 * Judges what rests as it stands: a limit or a state that was tightened, or inventory that moved, must
 * not leave an order out that would not be approved now.
 */
export function reviewHeld(engine: Engine, inst: InstrumentState, out: Effect[]): void {
  for (const slot of inst.slots) {
    const order = slot.clientId === undefined ? undefined : engine.state.orders.get(slot.clientId);
    if (order === undefined || !isQuiet(order.status)) continue;
    const { side, priceTicks, sizeLots } = order;
    const intent: OrderIntent = {
      role: "quote",
      instrument: inst.index,
      side,
      priceTicks,
      sizeLots,
      amends: order,
      held: true,
    };
    const verdict = judge(engine, intent);
    if (verdict.ok) continue;
    refuse(engine, slot, verdict.code);
    cancelOrder(engine, order, out);
  }
}

function placeIfApproved(
  engine: Engine,
  inst: InstrumentState,
  slot: QuoteSlot,
  slotIndex: number,
  intent: OrderIntent,
  out: Effect[],
): void {
  const verdict = judge(engine, intent);
  if (!verdict.ok) return refuse(engine, slot, verdict.code);
  if (!hasRoomFor(engine, inst, "place", 0)) return refuse(engine, slot, "ORDER_BUDGET");
  slot.refusedFor = undefined;
  slot.clientId = placeOrder(engine, verdict.order, slotIndex, out).clientId;
}

/** Until something is sent for the slot. */
function refuse(engine: Engine, slot: QuoteSlot, code: GateReason | WaitReason): void {
  if (slot.refusedFor === code) return;
  slot.refusedFor = code;
  slot.refusedSinceUs = engine.state.nowUs;
  countRefusal(engine, code);
}

/** A cancel that is on its way is waited for; of an unknown order it may be lost, so it is repeated. */
function mayCancel({ state }: Engine, order: Order): boolean {
  if (order.status !== "UNKNOWN") return order.status !== "PENDING_CANCEL";
  const { cancelAskedAtUs, unknownAtUs = state.nowUs } = order;
  if (cancelAskedAtUs === undefined) return true;
  const { first, last } = CANCEL_AGAIN_US;
  const pauseUs = Math.min(Math.max(first, cancelAskedAtUs - unknownAtUs), last);
  return state.nowUs - cancelAskedAtUs >= pauseUs;
}

/**
 * A quote moves once it is off by more than the tolerance, has lived its minimum, and the venue's counter has room for
 * improvements; what the counter asks more for has to be off by more. Two moves away from the market wait for less: one
 * off the wrong side of fair value waits for neither life nor room, and for the root of a stretched tolerance (at every
 * tick a quote that stays there would use up a small budget, and a side without room for an order earns nothing); and one
 * on the side that adds inventory does not wait for its minimum life and has more room in the counter.
 */
function wantsMove(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  slot: QuoteSlot,
  order: Order,
): boolean {
  const { state } = engine;
  const { params } = inst;
  const wanted = slot.wantedTicks;
  const rate = state.rates.get(inst.definition.quote)?.value;
  const k = inst.pricing?.localK;
  if (wanted === undefined || rate === undefined || market.fair === undefined || k === undefined)
    return false;
  const sign = sideSign(slot.side);
  const towardsMarketTicks = sign * (wanted - order.priceTicks);
  const addsInventory = sign * market.inventoryBase >= 0;
  const { stretch } = paceOf(engine, inst);
  const isOff = (toleranceK: number): boolean =>
    Math.abs(towardsMarketTicks) * inst.tickQuote > requoteTolerance(inst.tickQuote, toleranceK, k * rate);
  const { requoteToleranceK } = params;
  const restedUs = state.nowUs - order.quotedAtUs;
  const cost = costOfMove(engine, inst, restedUs);
  // A skewed quote may be wanted there: what is hardly off it is not urgent.
  const urgentK = requoteToleranceK * Math.sqrt(stretch * cost);
  if (towardsMarketTicks < 0 && isOff(urgentK) && isBeyondFair(engine, inst, market, order)) return true;

  const off = isOff(requoteToleranceK * stretch * Math.sqrt(cost));
  if (off && towardsMarketTicks < 0 && addsInventory && market.inventoryBase !== 0)
    return hasRoomFor(engine, inst, "protect", restedUs);
  const remaining = order.sizeLots - order.filledLots;
  const resized = Math.abs(slot.wantedLots - remaining) > SIZE_TOLERANCE_FRAC * slot.wantedLots;
  if (!off && !resized) return false;
  if (restedUs < params.quoteLifeMinMs * stretch * 1_000) return false;
  return hasRoomFor(engine, inst, "improve", restedUs);
}

/** A bid above what the market is worth at the venue, or an ask below. */
function isBeyondFair(
  { state }: Engine,
  inst: InstrumentState,
  market: MarketState,
  { side, priceTicks }: Order,
): boolean {
  const rate = state.rates.get(inst.definition.quote)?.value;
  if (rate === undefined || market.fair === undefined) return false;
  return sideSign(side) * (priceTicks * inst.tickQuote * rate - market.fair - inst.basis.valuePrice) > 0;
}
