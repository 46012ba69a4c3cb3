import { RateLimitExceeded } from "ccxt";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CcxtInstance, CcxtMarket } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { refusalOf } from "../../../../../server/venues/ccxt/certify/refusal.ts";
import { Trial } from "../../../../../server/venues/ccxt/certify/trial.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("an order that has to be sent again for the venue's budget has the time of then", async () => {
  const { session } = quietSession();
  const placedAtMs: number[] = [];
  const { entry } = session.exchange;
  const place = (terms: Parameters<typeof entry.place>[0]) => {
    placedAtMs.push(terms.expiresAtMs);
    return entry.place(terms);
  };
  Object.assign(session, { exchange: { ...session.exchange, entry: { ...entry, place } } });
  let calls = 0;
  const privatePostOrder = async (): Promise<never> => {
    throw calls++ === 0 ? new RateLimitExceeded("too many") : new Error("nobody knows");
  };
  const instance = { id: "binance", privatePostOrder } as unknown as CcxtInstance;
  vi.spyOn(session, "instance").mockResolvedValue(instance);
  vi.spyOn(session, "market").mockResolvedValue({ id: "BTCUSDT", info: {} } as CcxtMarket);
  const trial = new Trial(session);
  const order = trial.order({ side: "buy", priceTicks: 1, sizeLots: 1 });
  const failure = refusalOf(trial, order, 0).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(String(await failure)).toContain("nobody knows what became of it");
  expect(placedAtMs).toHaveLength(2);
  expect((placedAtMs[1] ?? 0) - (placedAtMs[0] ?? 0)).toBe(3_000);
});
