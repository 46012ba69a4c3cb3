import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import {
  BTC,
  coldDesk,
  connect,
  newCommandId,
  placeOwn,
  readyDesk,
  restOwn,
  sendBalances,
  sendOpenOrders,
  type Desk,
} from "../../../support/desk.ts";
import { sayStatus, sayUnknown } from "../../../support/orderReports.ts";

/** Its budget of reads has room for one comparison in half a minute. */
const SLOW = { account: { reconcileEveryMs: 30_000 } };
const PAUSE_MS = 6_000;
const EXPIRY_MS = 1_500;
const MARGIN_MS = 500;

function questionsIn(effects: readonly Effect[], what: string): number {
  return effects.filter((effect) => effect.type === "query" && effect.what === what).length;
}

/** Milliseconds from here at which a question of the kind leaves, within so long. */
function askedAt(desk: Desk, what: string, forMs: number): number[] {
  const at: number[] = [];
  for (let ms = 250; ms <= forMs; ms += 250) if (questionsIn(desk.wait(250), what) > 0) at.push(ms);
  return at;
}

describe("a venue of which little may be asked", () => {
  it("is compared in quiet times as often as its terms say", () => {
    const desk = readyDesk({ ...SLOW, initialState: "DISARMED" });
    expect(askedAt(desk, "balances", 61_000)).toEqual([30_000, 60_000]);
  });

  it("is asked soon at first while a reconciliation is open, and in the end five times as often as in quiet times", () => {
    const desk = readyDesk(SLOW);
    desk.send({ type: "account", account: 0, status: "down" });
    desk.send({ type: "account", account: 0, status: "up" });
    expect(askedAt(desk, "openOrders", 21_000)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 14_000, 20_000]);
  });

  it("is asked at the first instant at which an answer can prove that no earlier life's order is still to come", () => {
    const desk = coldDesk(SLOW);
    desk.send({ type: "account", account: 0, status: "up" });
    const decidesMs = EXPIRY_MS + MARGIN_MS;
    const again = [0, 500, 1_000, 2_000, 4_000].map((ms) => decidesMs + ms);
    expect(askedAt(desk, "openOrders", 9_000)).toEqual(again);
  });

  it("is not asked again for what has agreed while the rest is open", () => {
    const desk = readyDesk(SLOW);
    desk.send({ type: "account", account: 0, status: "down" });
    desk.send({ type: "account", account: 0, status: "up" });
    sendBalances(desk, 0, 1_000n * BTC);
    const asked = desk.wait(2_000);
    expect([questionsIn(asked, "openOrders"), questionsIn(asked, "balances")]).toEqual([3, 0]);
  });

  it("is looked at again one pause after the last time when a balance differs", () => {
    const desk = readyDesk(SLOW);
    desk.wait(1_000);
    sendBalances(desk, 0, 1_000n * BTC - 2_000_000n);
    expect(askedAt(desk, "balances", 10_000)).toEqual([PAUSE_MS - 1_000]);
  });

  it("is asked for an unknown order once its request has expired, and after every pause", () => {
    const desk = readyDesk(SLOW);
    const order = restOwn(desk);
    sayUnknown(desk, order);
    const provesMs = EXPIRY_MS + MARGIN_MS;
    // Strictly after the instant: the timer that comes next.
    expect(askedAt(desk, "order", 9_000)).toEqual([provesMs + 250, provesMs + 250 + PAUSE_MS]);
  });

  it("is asked for an unknown order again as soon as a second denial settles it", () => {
    const desk = readyDesk(SLOW);
    const order = placeOwn(desk);
    sayUnknown(desk, order);
    desk.wait(EXPIRY_MS + MARGIN_MS + 250);
    sayStatus(desk, order, "absent");
    expect(askedAt(desk, "order", 9_000)).toEqual([3_000, 3_000 + PAUSE_MS]);
  });

  it("that is stopped is asked soon at first, then less and less often", () => {
    const desk = readyDesk(SLOW);
    const scope = { level: "desk" } as const;
    desk.send({
      type: "command",
      commandId: newCommandId(),
      actor: "ann",
      reason: "test",
      command: { type: "setTradingState", scope, state: "KILLED" },
    });
    expect(askedAt(desk, "openOrders", 16_000)).toEqual([250, 750, 1_500, 3_000, 6_000, 12_000]);
    sendOpenOrders(desk, 0, []);
    expect(desk.state.accounts[0]?.seal?.sealedAtUs).toBe(desk.nowUs);
  });
});

describe("a venue of which much may be asked", () => {
  it("is never asked more than twice a second", () => {
    const desk = coldDesk({ account: { reconcileEveryMs: 500 } });
    connect(desk, 0);
    expect(askedAt(desk, "openOrders", 2_000)).toEqual([500, 1_000, 1_500, 2_000]);
  });
});
