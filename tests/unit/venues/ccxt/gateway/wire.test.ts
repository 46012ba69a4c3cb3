import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { withDeadline } from "../../../../../server/venues/ccxt/gateway/deadline.ts";
import { SocketRefusal } from "../../../../../server/venues/ccxt/gateway/taxonomy.ts";
import { createWire } from "../../../../../server/venues/ccxt/gateway/wire.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How a request ends, and after which time; without one it never does. */
interface Ending {
  readonly afterMs?: number;
  readonly value?: string;
  readonly error?: Error;
}

function work({ afterMs, value, error }: Ending): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (afterMs === undefined) return;
    setTimeout(() => (error === undefined ? resolve(value) : reject(error)), afterMs);
  });
}

/** A cancel that goes both ways, the second one after 300 ms. */
function cancel(bySocket: Ending, overRest: Ending): Promise<string> {
  const wire = createWire({
    socket: {
      isOpen: true,
      drop: () => undefined,
      request: (_frame, withinMs) => withDeadline(work(bySocket), withinMs),
    },
    rest: () => ({ privateCancel: () => work(overRest) }) as unknown as CcxtInstance,
    restWithinMs: 1_000,
  });
  const request = { socket: { op: "cancel" }, rest: { endpoint: "privateCancel", params: {} } };
  return wire.insist(request, 2_000).then(
    (value) => `answered ${String(value)} at ${Date.now() - START_MS}`,
    (error: Error) => `failed with "${error.message}" at ${Date.now() - START_MS}`,
  );
}

const START_MS = 1_700_000_000_000;
const BROKEN = new Error("fetch failed");

it.each<[when: string, Ending, Ending, string]>([
  ["is answered on the socket", { afterMs: 100, value: "a" }, {}, "answered a at 100"],
  [
    "is answered over REST first",
    { afterMs: 900, value: "a" },
    { afterMs: 200, value: "b" },
    "answered b at 500",
  ],
  ["breaks over REST", { afterMs: 900, value: "a" }, { afterMs: 50, error: BROKEN }, "answered a at 900"],
  ["has no answer over REST in time", { afterMs: 1_900, value: "a" }, {}, "answered a at 1900"],
  [
    "is refused on the socket after it broke over REST",
    { afterMs: 900, error: new SocketRefusal({ code: "1" }) },
    { afterMs: 50, error: BROKEN },
    'failed with "the venue refused a request on its socket" at 900',
  ],
  ["is answered neither way", {}, { afterMs: 50, error: BROKEN }, 'failed with "fetch failed" at 2000'],
])("a cancel that %s", async (_, bySocket, overRest, outcome) => {
  vi.setSystemTime(START_MS);
  const told = cancel(bySocket, overRest);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await told).toBe(outcome);
});
