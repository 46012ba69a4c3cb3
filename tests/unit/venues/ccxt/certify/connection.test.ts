import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CHECK_NAMES } from "../../../../../server/venues/ccxt/certify/checkNames.ts";
import { CONNECTION_CHECKS } from "../../../../../server/venues/ccxt/certify/connection.ts";
import { runCheck } from "../../../../../server/venues/ccxt/certify/runCheck.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ETH = { symbol: "ETH/USDT", venueOrderId: "9", side: "buy", price: "1", size: "1" } as const;

/** Looks for orders of others where these rest in another symbol. */
async function lookAround(clientIds: readonly string[]) {
  const { session, sent } = quietSession((effect) => {
    if (effect.type !== "query") return [];
    const asked = { account: 0, askedAtUs: Date.now() * 1_000 };
    const elsewhere = clientIds.map((clientId) => ({ ...ETH, clientId }));
    return effect.what === "balances"
      ? [{ type: "balances", ...asked, balances: [] }]
      : [{ type: "openOrders", ...asked, orders: [], elsewhere }];
  });
  const alone = CONNECTION_CHECKS.find(({ name }) => name === CHECK_NAMES.alone);
  if (alone === undefined) throw new Error("no such check");
  const result = runCheck(alone, session, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(5_000);
  return {
    ...(await result),
    asked: sent.flatMap((effect) => (effect.type === "query" ? [effect.what] : [])),
  };
}

it("an order of an earlier trial in another symbol is named as one, and no stranger's", async () => {
  expect(await lookAround(["qzcf00010000001"])).toMatchObject({
    outcome: "failed",
    evidence: "an earlier trial left ETH/USDT qzcf00010000001: cancel that at the venue",
  });
  expect((await lookAround(["hand1"])).evidence).toMatch(/^1 rest, hand1: everything is canceled/);
});

it("notes the balances of before the first order", async () => {
  const { outcome, asked } = await lookAround([]);
  expect(outcome).toBe("passed");
  expect(asked).toEqual(["openOrders", "balances"]);
});
