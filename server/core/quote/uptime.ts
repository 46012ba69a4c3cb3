/** Time with both sides live at a venue, of the time in which the desk was meant to quote there. */
import type { OrderStatus } from "../orders/order.ts";
import { effectiveState } from "../risk/tradingState.ts";
import type { Engine, InstrumentState, Uptime } from "../state.ts";

const SIDES = ["buy", "sell"] as const;

/** Resting as far as anyone knows; an order whose cancel is under way no longer counts. */
const RESTING: ReadonlySet<OrderStatus> = new Set(["OPEN", "PARTIALLY_FILLED", "PENDING_AMEND"]);

export function createUptime(): Uptime {
  return {
    twoSided: false,
    sinceUs: 0,
    startedAtUs: undefined,
    twoSidedUs: 0,
    allowed: false,
    allowedSinceUs: 0,
    allowedUs: 0,
  };
}

export function updateUptime(engine: Engine, inst: InstrumentState): void {
  if (!inst.definition.quoted) return;
  const { uptime } = inst;
  const { nowUs, orders } = engine.state;
  uptime.startedAtUs ??= nowUs;
  // The nearest level: those behind it do not make a market.
  const twoSided = SIDES.every((_, i) => {
    const clientId = inst.slots[i]?.clientId;
    const order = clientId === undefined ? undefined : orders.get(clientId);
    return order !== undefined && RESTING.has(order.status);
  });
  setTwoSided(uptime, twoSided, nowUs);
  const allowed = SIDES.every((side) => effectiveState(engine.state, inst, side) === "ACTIVE");
  setAllowed(uptime, allowed, nowUs);
}

/** Nothing that comes after this instant counts until quotes are decided again. */
export function endUptime(uptime: Uptime, atUs: number): void {
  setTwoSided(uptime, false, atUs);
  setAllowed(uptime, false, atUs);
}

/** Share of the time in which both sides were allowed, 0 … 1. A stop that takes a moment to clear counts for us. */
export function uptimeShare(inst: InstrumentState, nowUs: number): number {
  const { twoSided, twoSidedUs, sinceUs, allowed, allowedUs, allowedSinceUs } = inst.uptime;
  const ofUs = allowedUs + (allowed ? nowUs - allowedSinceUs : 0);
  if (ofUs <= 0) return 0;
  return Math.min(1, (twoSidedUs + (twoSided ? nowUs - sinceUs : 0)) / ofUs);
}

function setTwoSided(uptime: Uptime, twoSided: boolean, atUs: number): void {
  if (twoSided === uptime.twoSided) return;
  if (uptime.twoSided) uptime.twoSidedUs += atUs - uptime.sinceUs;
  uptime.twoSided = twoSided;
  uptime.sinceUs = atUs;
}

function setAllowed(uptime: Uptime, allowed: boolean, atUs: number): void {
  if (allowed === uptime.allowed) return;
  if (uptime.allowed) uptime.allowedUs += atUs - uptime.allowedSinceUs;
  uptime.allowed = allowed;
  uptime.allowedSinceUs = atUs;
}
