"use client";

import { useSyncExternalStore } from "react";

/** Ages are shown to a tenth of a second at most; four ticks a second are enough to read them. */
const TICK_MS = 250;

let nowMs = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** The browser's clock, ticking once for all readers; 0 while the server renders. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribe, read, () => 0);
}

/** What follows from the clock; a component renders again only when that changes. */
export function useNowSelect<T extends string | number | boolean>(select: (nowMs: number) => T): T {
  return useSyncExternalStore(
    subscribe,
    () => select(read()),
    () => select(0),
  );
}

function read(): number {
  if (nowMs === 0) nowMs = Date.now();
  return nowMs;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    nowMs = 0;
  };
}

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}
