import type { LiveEntry, LiveStore } from "../../../components/stream/store.ts";
import { ALERTS, AUDIT, DESK, DETAIL, FILLS, SYSTEM } from "./samples.ts";

/** Values that never move, as old as the example wants them. */
export function fixedStore(ageMs: () => number): LiveStore {
  const entries = new Map<string, LiveEntry<unknown>>();
  const values: Readonly<Record<string, unknown>> = { desk: DESK, system: SYSTEM, "market BTC": DETAIL };
  const lines: Readonly<Record<string, unknown>> = { fills: FILLS, alerts: ALERTS, audit: AUDIT, orders: [] };
  const listeners = new Set<() => void>();
  const renew = (): void => {
    for (const [topic, value] of Object.entries(values))
      entries.set(topic, { value, atMs: Date.now() - ageMs(), lagMs: 0 });
    for (const listener of listeners) listener();
  };
  renew();
  let timer: ReturnType<typeof setInterval> | undefined;
  const connection = { status: "open", sinceMs: Date.now() } as const;
  return {
    subscribe: (_, listener) => {
      listeners.add(listener);
      if (ageMs() === 0) timer ??= setInterval(renew, 1_000);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    state: (topic) => entries.get(topic) as never,
    lines: (topic) => lines[topic] as never,
    connection: () => connection,
    onConnection: () => () => undefined,
  };
}
