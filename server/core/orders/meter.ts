/** A venue's way of counting requests, as plain data: a window that forgets, or a counter that time lowers. */

export type MeterTerms =
  /** At most so much within any time of this length. */
  | { readonly kind: "window"; readonly limit: number; readonly windowMs: number }
  /** A counter that requests raise and time lowers. */
  | { readonly kind: "decay"; readonly limit: number; readonly perSecond: number };

export interface Meter {
  used: number;
  /** Of a counter: when `used` was right, ms. Of a window: its newest slot. */
  at: number;
  /** Of a window: what fell into each slot, in a ring. */
  slots: number[];
}

/** Finer than any wait that matters; a request counts until the slot it fell into has left the window whole. */
const SLOTS = 50;

export function createMeter({ kind }: MeterTerms): Meter {
  // One more than fill a window: the slot of now is not over.
  return { used: 0, at: 0, slots: kind === "window" ? Array.from({ length: SLOTS + 1 }, () => 0) : [] };
}

/** What counts at `nowMs`. */
export function usedOf(meter: Meter, terms: MeterTerms, nowMs: number): number {
  if (terms.kind === "window") advanceWindow(meter, terms.windowMs / SLOTS, nowMs);
  else {
    meter.used = Math.max(0, meter.used - (Math.max(0, nowMs - meter.at) / 1_000) * terms.perSecond);
    meter.at = nowMs;
  }
  return meter.used;
}

/** `sinceMs` is within the window: it leaves the window as what was added then does. A counter has no such instant. */
export function addTo(
  meter: Meter,
  terms: MeterTerms,
  nowMs: number,
  weight: number,
  sinceMs: number = nowMs,
): void {
  usedOf(meter, terms, nowMs);
  meter.used += weight;
  if (terms.kind !== "window") return;
  const slot = Math.max(meter.at - SLOTS, Math.floor(sinceMs / (terms.windowMs / SLOTS)));
  const at = slot % meter.slots.length;
  meter.slots[at] = (meter.slots[at] ?? 0) + weight;
}

/** How long until no more than this is used, if nothing is added; ms. */
export function waitMsFor(meter: Meter, terms: MeterTerms, nowMs: number, atMost: number): number {
  let left = usedOf(meter, terms, nowMs);
  if (left <= atMost) return 0;
  if (terms.kind === "decay") return ((left - atMost) / terms.perSecond) * 1_000;
  const slotMs = terms.windowMs / SLOTS;
  for (let age = SLOTS; age >= 0; age--) {
    const slot = meter.at - age;
    if (slot >= 0) left -= meter.slots[slot % meter.slots.length] ?? 0;
    if (left <= atMost) return Math.max(0, (slot + SLOTS + 1) * slotMs - nowMs);
  }
  return 0;
}

function advanceWindow(meter: Meter, slotMs: number, nowMs: number): void {
  const slot = Math.floor(nowMs / slotMs);
  if (slot - meter.at > SLOTS) {
    meter.slots.fill(0);
    meter.used = 0;
    meter.at = slot;
    return;
  }
  for (; meter.at < slot;) {
    meter.at++;
    const at = meter.at % meter.slots.length;
    meter.used -= meter.slots[at] ?? 0;
    meter.slots[at] = 0;
  }
}
