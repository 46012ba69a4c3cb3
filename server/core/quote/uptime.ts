/** Time with both sides live at a venue: what quoting programmes pay for. */
import type { Engine, InstrumentState } from "../state.ts";
import type { OrderStatus } from "../orders/order.ts";

/** Resting as far as anyone knows; an order whose cancel is under way no longer counts. */
const RESTING: ReadonlySet<OrderStatus> = new Set(["OPEN", "PARTIALLY_FILLED", "PENDING_AMEND"]);

export function updateUptime(engine: Engine, inst: InstrumentState): void {
  if (!inst.definition.quoted) return;
  const { uptime } = inst;
  const { nowUs, orders } = engine.state;
  uptime.startedAtUs ??= nowUs;
  const twoSided = inst.slots.every((slot) => {
    const order = slot.clientId === undefined ? undefined : orders.get(slot.clientId);
    return order !== undefined && RESTING.has(order.status);
  });
  if (twoSided === uptime.twoSided) return;
  if (uptime.twoSided) uptime.twoSidedUs += nowUs - uptime.sinceUs;
  uptime.twoSided = twoSided;
  uptime.sinceUs = nowUs;
}

/** Share of the time since the first decision, 0 … 1. */
export function uptimeShare(inst: InstrumentState, nowUs: number): number {
  const { startedAtUs, twoSided, twoSidedUs, sinceUs } = inst.uptime;
  if (startedAtUs === undefined || nowUs <= startedAtUs) return 0;
  return (twoSidedUs + (twoSided ? nowUs - sinceUs : 0)) / (nowUs - startedAtUs);
}
