import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFinal, isQuiet } from "../../server/core/orders/order.ts";
import { LOTS } from "../support/desk.ts";
import { audit } from "../support/exposureAuditor.ts";
import { play, runs, settle, type Played } from "../support/randomTrading.ts";

function heldLots({ desk }: Played, account: number): number {
  return Math.round((desk.state.accounts[account]?.holdings.get("BTC")?.inventoryUnits ?? 0) * LOTS);
}

/** What the desk reckons with is never less than what may happen: a fill under way is in one or the other. */
function expectNothingForgotten(played: Played, startLots: readonly number[]): void {
  for (const [account, start] of startLots.entries()) {
    const { filledLots, buyLots, sellLots } = audit(played.venues, account);
    const { workingBuyLots = 0, workingSellLots = 0 } = played.desk.state.instruments[account] ?? {};
    const held = heldLots(played, account);
    if (held + workingBuyLots < start + filledLots + buyLots) expect.fail("a buy is forgotten");
    if (held - workingSellLots > start + filledLots - sellLots) expect.fail("a sell is forgotten");
  }
}

describe("orders, whatever venues and network do", () => {
  it("are never reckoned with for less than they may still fill", () => {
    fc.assert(
      fc.property(runs(1), (run) => {
        play(run, {}, (played) => expectNothingForgotten(played, run.startLots));
      }),
      { numRuns: 400, seed: 21 },
    );
  });

  it("are known again once everything has arrived: each fill booked once, no exposure kept, none stuck", () => {
    fc.assert(
      fc.property(runs(2), (run) => {
        const played = play(run);
        settle(played);
        const { desk, venues } = played;
        for (const [account, start] of run.startLots.entries()) {
          const { filledLots, buyLots, sellLots } = audit(venues, account);
          expect(heldLots(played, account)).toBe(start + filledLots);
          expect(desk.state.instruments[account]).toMatchObject({
            workingBuyLots: buyLots,
            workingSellLots: sellLots,
          });
        }
        const live = [...desk.state.orders.values()].filter(({ status }) => !isFinal(status));
        expect(live.filter((order) => !isQuiet(order.status) || order.exposureLots === 0)).toEqual([]);
      }),
      { numRuns: 200, seed: 22 },
    );
  });

  it("end once: no report or fill brings an ended order back to life", () => {
    fc.assert(
      fc.property(runs(1), (run) => {
        const ended = new Map<string, string>();
        play(run, {}, ({ desk }) => {
          for (const { clientId, status } of desk.state.orders.values()) {
            const before = ended.get(clientId);
            if (before !== undefined && before !== status && status !== "FILLED")
              expect.fail(`${clientId} went from ${before} to ${status}`);
            if (isFinal(status)) ended.set(clientId, status);
          }
        });
      }),
      { numRuns: 100, seed: 23 },
    );
  });
});
