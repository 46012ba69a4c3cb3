import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import { noticesIn, placeOwn, readyDesk, restOwn, sendOpenOrders, type Desk } from "../../../support/desk.ts";
import { sayRefused, sayUnknown } from "../../../support/orderReports.ts";

const KINDS = ["openOrders", "balances", "fills"] as const;

/** How often each kind of question about the account as a whole was asked. */
function comparisons(effects: readonly Effect[]): number[] {
  return KINDS.map(
    (what) => effects.filter((effect) => effect.type === "query" && effect.what === what).length,
  );
}

/** Ready for long, so that no comparison is due and none was lately. */
function quietDesk(): Desk {
  const desk = readyDesk({ account: { reconcileEveryMs: 30_000 }, parameters: { assetMaxPct: 100 } });
  desk.wait(10_000);
  agree(desk);
  return desk;
}

function agree(desk: Desk): void {
  const balances = desk.engine.config.assets.map(({ asset }) => ({
    asset,
    totalAtoms: desk.state.accounts[0]?.holdings.get(asset)?.balanceAtoms ?? 0n,
  }));
  desk.send({ type: "balances", account: 0, askedAtUs: desk.nowUs, balances });
}

describe("a request that came to doubt", () => {
  it.each([
    { name: "without an answer", make: (desk: Desk) => sayUnknown(desk, placeOwn(desk)) },
    { name: "of a cancel that found no order", make: cancelRefused },
  ])(
    "$name has orders, balances and fills asked for on the next timer, not when it is their turn",
    ({ make }) => {
      const desk = quietDesk();
      make(desk);
      expect(comparisons(desk.wait(250))).toEqual([1, 1, 1]);
      expect(comparisons(desk.wait(5_000))).toEqual([0, 0, 0]);
    },
  );

  it("by a time-out has them asked for in the same step", () => {
    const desk = quietDesk();
    placeOwn(desk);
    expect(comparisons(desk.wait(750))).toEqual([0, 0, 0]);
    expect(comparisons(desk.wait(250))).toEqual([1, 1, 1]);
  });

  it("with fifty others costs one comparison", () => {
    const desk = quietDesk();
    const orders = Array.from({ length: 50 }, () => placeOwn(desk, { sizeLots: 1 }));
    for (const order of orders) sayUnknown(desk, order);
    expect(comparisons(desk.wait(5_000))).toEqual([1, 1, 1]);
  });

  it("soon after another is compared at the pace that the venue's budget has for what is open", () => {
    const desk = quietDesk();
    for (let n = 0; n < 10; n++) {
      sayUnknown(desk, placeOwn(desk, { sizeLots: 1 }));
      desk.wait(250);
    }
    // The first was asked for at once: this is what followed within 9 s of it.
    expect(comparisons(desk.wait(6_750))).toEqual([1, 1, 1]);
  });

  it("asks for fills from where balances last agreed, or from its placing", () => {
    const desk = quietDesk();
    const old = restOwn(desk);
    // Not so long that it quotes by itself.
    desk.wait(10_250);
    agree(desk);
    const agreedAtUs = desk.nowUs;
    desk.wait(250);
    sayUnknown(desk, old, "cancel");
    expect(fillsAsked(desk.wait(250))).toEqual([agreedAtUs - 10_000_000]);
    const other = quietDesk();
    const young = placeOwn(other);
    sayUnknown(other, young);
    expect(fillsAsked(other.wait(250))).toEqual([young.placedAtUs]);
  });

  it("only because a list does not show it is no reason for another list at once: that one would lag as well", () => {
    const desk = quietDesk();
    const order = restOwn(desk);
    desk.wait(250);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["ORDER_UNKNOWN"]);
    expect(order.status).toBe("UNKNOWN");
    // Its fills are: what is not open any more may be filled.
    expect(comparisons(desk.wait(2_000))).toEqual([0, 0, 1]);
  });

  it("at a venue whose stream is lost waits for its reconciliation", () => {
    const desk = quietDesk();
    restOwn(desk);
    desk.send({ type: "account", account: 0, status: "down" });
    expect(comparisons(desk.wait(5_000))).toEqual([0, 0, 0]);
    desk.nowUs += 1_000;
    expect(comparisons(desk.send({ type: "account", account: 0, status: "up" }))).toEqual([1, 1, 1]);
  });
});

function cancelRefused(desk: Desk): void {
  const order = restOwn(desk);
  order.status = "PENDING_CANCEL";
  sayRefused(desk, order, "cancelRejected", "UNKNOWN_ORDER");
  expect(order.status).toBe("UNKNOWN");
}

function fillsAsked(effects: readonly Effect[]): number[] {
  return effects.flatMap((effect) =>
    effect.type === "query" && effect.what === "fills" && "sinceUs" in effect ? [effect.sinceUs] : [],
  );
}
