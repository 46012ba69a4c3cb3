/** A venue's way of counting requests, on our side of the wire. */
import type { LimitScope } from "../exchanges/exchange.ts";

export interface Meter {
  used(nowMs: number): number;
  add(nowMs: number, weight: number): void;
  /** How long until no more than this is used, if nothing is added. */
  waitMs(nowMs: number, atMost: number): number;
  readonly limit: number;
}

export function createMeter(scope: LimitScope): Meter {
  return scope.kind === "window" ? windowMeter(scope) : decayMeter(scope);
}

/** Finer than any wait that matters; a request counts until the slot it fell into has left the window whole. */
const SLOTS = 50;

function windowMeter({ limit, windowMs }: Extract<LimitScope, { kind: "window" }>): Meter {
  const slotMs = windowMs / SLOTS;
  /** One more than fill a window: the slot of now is not over. */
  const counts = new Float64Array(SLOTS + 1);
  let newest = 0;
  let total = 0;

  function advance(nowMs: number): void {
    const slot = Math.floor(nowMs / slotMs);
    if (slot - newest > SLOTS) {
      counts.fill(0);
      total = 0;
      newest = slot;
      return;
    }
    for (; newest < slot;) {
      newest++;
      const at = newest % counts.length;
      total -= counts[at] ?? 0;
      counts[at] = 0;
    }
  }

  return {
    limit,
    used(nowMs) {
      advance(nowMs);
      return total;
    },
    add(nowMs, weight) {
      advance(nowMs);
      const at = newest % counts.length;
      counts[at] = (counts[at] ?? 0) + weight;
      total += weight;
    },
    waitMs(nowMs, atMost) {
      advance(nowMs);
      let left = total;
      for (let age = SLOTS; age >= 0 && left > atMost; age--) {
        const slot = newest - age;
        if (slot >= 0) left -= counts[slot % counts.length] ?? 0;
        if (left <= atMost) return Math.max(0, (slot + SLOTS + 1) * slotMs - nowMs);
      }
      return 0;
    },
  };
}

function decayMeter({ limit, perSecond }: Extract<LimitScope, { kind: "decay" }>): Meter {
  let level = 0;
  let atMs = 0;
  function advance(nowMs: number): void {
    level = Math.max(0, level - (Math.max(0, nowMs - atMs) / 1_000) * perSecond);
    atMs = nowMs;
  }
  return {
    limit,
    used(nowMs) {
      advance(nowMs);
      return level;
    },
    add(nowMs, weight) {
      advance(nowMs);
      level += weight;
    },
    waitMs(nowMs, atMost) {
      advance(nowMs);
      return level <= atMost ? 0 : ((level - atMost) / perSecond) * 1_000;
    },
  };
}
