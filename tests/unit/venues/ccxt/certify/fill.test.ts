import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PlaceEffect } from "../../../../../server/contract/effects.ts";
import { fillCheck } from "../../../../../server/venues/ccxt/certify/fill.ts";
import { runCheck } from "../../../../../server/venues/ccxt/certify/runCheck.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The buy is filled, with a fee of 0.0000002 BTC; the sale is answered as `onSell` says. */
function account(onSell: (order: PlaceEffect) => VenueEvent[]) {
  const { session } = quietSession((effect) => {
    if (effect.type === "query" && effect.what === "balances")
      return [{ type: "balances", account: 0, askedAtUs: Date.now() * 1_000, balances: [] }];
    if (effect.type !== "place") return [];
    if (effect.side === "sell") return onSell(effect);
    const { clientId, side, sizeLots, priceTicks } = effect;
    const order = { account: 0, clientId, venueOrderId: "v" };
    const terms = { instrument: 0, side, sizeLots, priceTicks, liquidity: "taker", venueAtUs: 1 } as const;
    const fee = { feeAsset: "BTC", feeAtoms: 200_000_000_000n };
    return [{ type: "fill", ...order, ...terms, tradeId: "1", ...fee }];
  });
  const book = { type: "book", instrument: 0, kind: "snapshot" } as const;
  session.book.hear({ ...book, bids: [6_000_000, 1], asks: [6_000_001, 1] });
  return session;
}

it("names what was bought and stays, when it is not sold again", async () => {
  const session = account(({ clientId }) => [
    { type: "orderRejected", account: 0, clientId, reason: "FILTER" },
  ]);
  const result = runCheck(
    fillCheck(() => undefined),
    session,
    new AbortController().signal,
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await result).toMatchObject({ outcome: "failed" });
  expect((await result).evidence).toMatch(
    /^the venue refused an order to sell: FILTER; 0\.0000\d+98 BTC of it stays in the account$/,
  );
});

it("names it, too, when a person ends it between the two", async () => {
  const ended = new AbortController();
  const session = account(() => []);
  const result = runCheck(
    fillCheck(() => undefined),
    session,
    ended.signal,
  );
  await vi.advanceTimersByTimeAsync(1_000);
  ended.abort();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await result).toMatchObject({ outcome: "skipped" });
  expect((await result).evidence).toContain("BTC of it stays in the account");
});

it("places nothing when nobody can be told what it may cost", async () => {
  const session = account(() => []);
  const unheard = (): void => {
    throw new Error("nobody is there");
  };
  const result = runCheck(fillCheck(unheard), session, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await result).toMatchObject({ outcome: "failed", evidence: "Error: nobody is there" });
  expect(session.clientIds).toEqual([]);
});

it("says beforehand what five trades there and back may cost", async () => {
  const costs: string[] = [];
  const ended = new AbortController();
  const result = runCheck(
    fillCheck((cost) => void costs.push(cost)),
    account(() => []),
    ended.signal,
  );
  await vi.advanceTimersByTimeAsync(1_000);
  ended.abort();
  await vi.advanceTimersByTimeAsync(1_000);
  await result;
  // Ten times half a percent and the fee of a tenth of one.
  expect(costs).toEqual(["0.11 USDT on 1.80 USDT"]);
});
