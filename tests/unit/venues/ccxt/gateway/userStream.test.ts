import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { UserStream } from "../../../../../server/venues/ccxt/gateway/userStream.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

/** A stream whose every login is refused at once. */
function refused(isHalted: boolean) {
  const loggedInAtMs: number[] = [];
  const told: string[] = [];
  const instance = {
    handleMessage: () => undefined,
    onConnected: () => undefined,
    markets_by_id: {},
    markets: {},
    watchMyTrades() {
      loggedInAtMs.push(Date.now());
      return Promise.reject(new Error("refused"));
    },
  } as unknown as CcxtInstance;
  const stream = new UserStream({
    exchange: {
      readPrivate: () => undefined,
      confirmsPrivate: () => false,
      heartbeat: undefined,
    } as unknown as ConstructorParameters<typeof UserStream>[0]["exchange"],
    create: () => Promise.resolve(instance),
    close: () => Promise.resolve(),
    monotonicMs: () => Date.now(),
    onNotes: () => undefined,
    onUp: () => Promise.resolve(void told.push("up")),
    onDown: (why) => void told.push(why),
    onError: () => undefined,
    isHalted: () => isHalted,
  });
  return { stream, loggedInAtMs, told };
}

it("logs in again later each time that it is refused, and is never up meanwhile", async () => {
  const { stream, loggedInAtMs, told } = refused(false);
  stream.start();
  await vi.advanceTimersByTimeAsync(60_000);
  const pausesMs = loggedInAtMs.map((at, n) => at - (loggedInAtMs[n - 1] ?? 0)).slice(1);
  expect(pausesMs.slice(0, 8)).toEqual([1, 100, 200, 400, 800, 1_600, 3_200, 5_000]);
  expect(loggedInAtMs.length).toBeLessThan(20);
  expect(new Set(told)).toEqual(new Set(["Error: refused"]));
  await stream.stop();
});

it("logs in once a minute while a person has to look first", async () => {
  const { stream, loggedInAtMs } = refused(true);
  stream.start();
  await vi.advanceTimersByTimeAsync(150_000);
  expect(loggedInAtMs).toEqual([0, 60_000, 120_000]);
  await stream.stop();
});
