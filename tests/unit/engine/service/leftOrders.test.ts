import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fixtureConfig } from "../../../../server/bench/deskFixture.ts";
import { EngineConfig } from "../../../../server/contract/config.ts";
import { cancelLeftOrders } from "../../../../server/engine/service/leftOrders.ts";
import { createLog } from "../../../../server/host/log.ts";
import type { Venue, VenueSink } from "../../../../server/venues/venue.ts";

const raw = fixtureConfig({ venues: 2, symbols: 1 });
const { accounts } = EngineConfig.parse({
  ...raw,
  accounts: raw.accounts.map((account, index) => ({
    ...account,
    requestExpiryMs: index === 0 ? 500 : 2_000,
  })),
});

let sink: VenueSink | undefined;
let sent: number[];
let logged: string[];
beforeEach(() => {
  vi.useFakeTimers();
  sink = undefined;
  sent = [];
  logged = [];
});
afterEach(() => vi.useRealTimers());

function venue(change: Partial<Venue> = {}): Venue {
  return {
    open: (opened) => (sink = opened),
    send: ({ type, account }) => {
      expect(type).toBe("cancelAll");
      sent.push(account);
    },
    consumed: () => undefined,
    close: () => {
      sink = undefined;
      return Promise.resolve();
    },
    ...change,
  };
}

/** Starts it; tells whether it has come to its end. */
function start(change: Partial<Venue> = {}, expiries = accounts): () => boolean {
  let isDone = false;
  const log = createLog("engine", (line) => logged.push(line));
  void cancelLeftOrders({ venue: venue(change), accounts: expiries, clockSpeed: 1, log }).then(
    () => (isDone = true),
  );
  return () => isDone;
}

it("cancels at each account as soon as it is connected, and again when no request can arrive any more", async () => {
  const isDone = start();
  sink?.connection(0, true);
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual([0]);
  sink?.connection(1, true);
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual([0, 1]);
  await vi.advanceTimersByTimeAsync(1_700);
  expect(sent).toEqual([0, 1]);
  await vi.advanceTimersByTimeAsync(300);
  expect(sent).toEqual([0, 1, 0, 1]);
  expect(isDone()).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  expect(isDone()).toBe(true);
  expect(sink).toBeUndefined();
  expect(logged.join("")).toContain("asked twice");
});

it("waits for an account that goes before the second time", async () => {
  start();
  for (const account of [0, 1]) sink?.connection(account, true);
  await vi.advanceTimersByTimeAsync(100);
  sink?.connection(1, false);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent).toEqual([0, 1, 0]);
  sink?.connection(1, true);
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual([0, 1, 0, 1]);
});

it("names after ten seconds what could not be reached, and closes", async () => {
  const isDone = start();
  sink?.connection(0, true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(isDone()).toBe(true);
  expect(sent).toEqual([0, 0]);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain("could not cancel everything");
  expect(logged[0]).toContain("venue1");
  expect(logged[0]).not.toContain("venue0");
  expect(sink).toBeUndefined();
});

it("does not wait longer for requests that live longer", async () => {
  const isDone = start(
    {},
    accounts.map((account) => ({ ...account, requestExpiryMs: 60_000 })),
  );
  for (const account of [0, 1]) sink?.connection(account, true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(isDone()).toBe(true);
  expect(logged.join("")).toContain("could not cancel everything");
});

it("leaves the word to the error of the start when the venues fail, too", async () => {
  const isDone = start({
    open: () => {
      throw new Error("no venue");
    },
    close: () => Promise.reject(new Error("never open")),
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(isDone()).toBe(true);
  expect(logged.join("")).toContain("no venue");
});
