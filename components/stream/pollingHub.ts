import { createHub, type Hub } from "./hub.ts";
import { streamOpener } from "./openStream.ts";
import { polled } from "./polling.ts";

/** What the shared worker does, inside one tab and by polling. */
export function createPollingHub(): Hub {
  return createHub(polled(streamOpener(location.origin)), {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
  });
}
