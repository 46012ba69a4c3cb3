import { describe, expect, it } from "vitest";
import type { StateScope } from "../../../../server/contract/commands.ts";
import type { Effect, PlaceEffect } from "../../../../server/contract/effects.ts";
import type { TradingState } from "../../../../server/contract/tradingStates.ts";
import {
  fillOf,
  holdInventory,
  noticesIn,
  quotingDesk,
  readyDesk,
  type Desk,
  newCommandId,
} from "../../../support/desk.ts";

function flatten(desk: Desk, slippageMaxBps = 20): void {
  const command = { type: "flatten", market: "BTC", slippageMaxBps } as const;
  desk.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "test", command });
}

function placed(effects: readonly Effect[]): PlaceEffect[] {
  return effects.filter((effect) => effect.type === "place");
}

function answer(desk: Desk, { account, clientId, sizeLots }: PlaceEffect, lots = sizeLots): void {
  const order = desk.state.orders.get(clientId);
  if (order === undefined) throw new Error("no order");
  desk.send({ type: "orderAccepted", account, clientId, venueOrderId: `v${clientId}` });
  if (lots > 0) desk.send(fillOf(order, lots, { liquidity: "taker" }));
  if (lots < sizeLots) desk.send({ type: "orderCanceled", account, clientId, filledLots: lots });
}

function inventories(desk: Desk): (number | undefined)[] {
  return desk.state.accounts.map(({ holdings }) => holdings.get("BTC")?.inventoryUnits);
}

describe("a flatten", () => {
  it("trades each venue back to its baseline with one reducing IOC order, and leaves the stock", () => {
    const desk = readyDesk({ venues: 3 });
    holdInventory(desk, 300, 0);
    holdInventory(desk, -200, 1);
    flatten(desk);
    const orders = placed(desk.wait(250));
    expect(orders).toMatchObject([
      {
        account: 0,
        side: "sell",
        sizeLots: 300,
        priceTicks: 9_980,
        timeInForce: "IOC",
        selfTrade: "EXPIRE_MAKER",
      },
      {
        account: 1,
        side: "buy",
        sizeLots: 200,
        priceTicks: 10_020,
        timeInForce: "IOC",
        selfTrade: "EXPIRE_MAKER",
      },
    ]);
    for (const order of orders) answer(desk, order);
    expect(inventories(desk)).toEqual([0, 0, 0]);
    expect(desk.state.accounts.map(({ holdings }) => holdings.get("BTC")?.balanceAtoms)).toEqual(
      desk.state.accounts.map(({ holdings }) => holdings.get("BTC")?.baselineAtoms),
    );
    const done = desk.wait(500);
    expect(done).toContainEqual({
      type: "notice",
      code: "FLATTEN",
      scope: "BTC",
      text: "inventory is back at its baseline",
    });
    expect(desk.state.markets[0]?.flatten).toBeUndefined();
  });

  it("pulls the quotes first and waits until the last of them has gone", () => {
    const desk = quotingDesk();
    holdInventory(desk, 100);
    desk.answers = false;
    flatten(desk);
    const quotes = [...desk.state.orders.values()].filter(({ status }) => status === "PENDING_CANCEL");
    expect(quotes).toHaveLength(2);
    expect(desk.state.instruments[0]?.slots.map(({ reason }) => reason)).toEqual([
      "FLATTENING",
      "FLATTENING",
    ]);
    expect(placed(desk.wait(500))).toEqual([]);
    for (const { account, clientId } of quotes)
      desk.send({ type: "orderCanceled", account, clientId, filledLots: 0 });
    expect(placed(desk.wait(500))).toMatchObject([{ side: "sell", sizeLots: 100 }]);
  });

  it("goes on with what is left, by what the venue holds then", () => {
    const desk = readyDesk();
    holdInventory(desk, 300);
    flatten(desk);
    for (const order of placed(desk.wait(250))) answer(desk, order, 120);
    expect(placed(desk.wait(500))).toMatchObject([{ sizeLots: 180 }]);
  });

  it("sends nothing more while the outcome of an order is UNKNOWN", () => {
    const desk = readyDesk();
    holdInventory(desk, 300);
    flatten(desk);
    expect(placed(desk.wait(10_000))).toHaveLength(1);
    expect([...desk.state.orders.values()].map(({ status }) => status)).toEqual(["UNKNOWN"]);
  });

  it("does not take inventory without a rate for inventory that is gone", () => {
    const desk = readyDesk();
    holdInventory(desk, 300);
    desk.state.rates.delete("USD");
    flatten(desk);
    desk.wait(5_000);
    expect(desk.state.markets[0]?.flatten).toBeDefined();
    expect(inventories(desk)).toEqual([3]);
  });

  it("gives up after a minute of orders that nobody filled, and says where inventory is left", () => {
    const desk = readyDesk();
    holdInventory(desk, 300);
    flatten(desk);
    let sent = 0;
    const notices: string[] = [];
    for (let i = 0; i < 260; i++) {
      const effects = desk.wait(250);
      notices.push(...noticesIn(effects));
      for (const order of placed(effects)) {
        answer(desk, order, 0);
        sent += 1;
      }
    }
    expect(sent).toBeGreaterThan(50);
    expect(notices.filter((code) => code === "FLATTEN")).toHaveLength(1);
    expect(desk.state.markets[0]?.flatten).toBeUndefined();
    expect(inventories(desk)).toEqual([3]);
  });

  it("never pays more than the slippage it was given, nor leaves the collar", () => {
    for (const [slippage, priceTicks] of [
      [5, 9_995],
      [500, 9_900],
    ] as const) {
      const desk = readyDesk();
      holdInventory(desk, 100);
      flatten(desk, slippage);
      expect(placed(desk.wait(250))).toMatchObject([{ priceTicks }]);
    }
  });

  it.each(["DISK_LOW", "JOURNAL_STALLED"] as const)("passes under %s: a person asked for it", (status) => {
    const desk = readyDesk();
    holdInventory(desk, 100);
    desk.send({ type: "storage", status, text: "a test" });
    flatten(desk);
    expect(placed(desk.wait(250))).toMatchObject([{ side: "sell", sizeLots: 100 }]);
  });

  it.each(["PAUSED", "DISARMED", "KILLED"] as const)(
    "passes while the desk is %s: a person asked for it",
    (state) => {
      const desk = readyDesk();
      holdInventory(desk, 100);
      const command = { type: "setTradingState", scope: { level: "desk" }, state } as const;
      desk.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "test", command });
      flatten(desk);
      expect(placed(desk.wait(250))).toMatchObject([{ side: "sell", sizeLots: 100 }]);
    },
  );

  it("of inventories that hide each other goes down in the halves that the limit lets pass", () => {
    const desk = readyDesk({ venues: 2 });
    holdInventory(desk, 1_200, 0);
    holdInventory(desk, -1_200, 1);
    flatten(desk);
    const sizes: number[][] = [];
    for (let round = 0; round < 4; round++) {
      const orders = placed(desk.wait(500));
      sizes.push(orders.map(({ sizeLots }) => sizeLots));
      for (const order of orders) answer(desk, order);
    }
    expect(sizes[0]).toEqual([600, 600]);
    expect(inventories(desk)).toEqual([0, 0]);
  });

  it("that the gate lets nothing of pass says what stood in the way", () => {
    const desk = readyDesk();
    holdInventory(desk, 100);
    flatten(desk);
    desk.send({ type: "account", account: 0, status: "down" });
    expect(desk.wait(61_000)).toContainEqual({
      type: "notice",
      code: "FLATTEN",
      scope: "BTC",
      text: "gave up with inventory left at v0: ACCOUNT_NOT_READY stood in the way",
    });
  });

  it("of a flat market ends at once", () => {
    const desk = readyDesk();
    flatten(desk);
    expect(noticesIn(desk.wait(250))).toEqual(["FLATTEN"]);
    expect(desk.state.markets[0]?.flatten).toBeUndefined();
  });
});

describe("the end of a session", () => {
  /** Sessions of a minute that end 15 s after the desk has begun to quote, and stay flat for their last 10. */
  const SESSION = { model: "avellaneda-stoikov", sessionSeconds: 60, sessionFlattenPct: 100 / 6 } as const;

  const reasonsOf = (desk: Desk): unknown[] =>
    desk.state.instruments[0]?.slots.map(({ reason }) => reason) ?? [];

  it("trades inventory back, keeps quotes out until the next session, and then quotes again", () => {
    const desk = quotingDesk({ parameters: SESSION });
    holdInventory(desk, 100);
    desk.wait(4_000);
    expect(reasonsOf(desk)).toEqual([undefined, undefined]);
    const takes = placed(desk.wait(2_000)).filter(({ timeInForce }) => timeInForce === "IOC");
    expect(takes).toMatchObject([{ side: "sell", sizeLots: 100 }]);
    expect(reasonsOf(desk)).toEqual(["SESSION_END", "SESSION_END"]);
    const [take] = takes;
    const order = desk.state.orders.get(take?.clientId ?? "");
    if (order === undefined) throw new Error("no order");
    desk.send(fillOf(order, 100, { liquidity: "taker" }));
    expect(inventories(desk)).toEqual([0]);
    desk.wait(8_000);
    expect(reasonsOf(desk)).toEqual(["SESSION_END", "SESSION_END"]);
    desk.wait(2_000);
    expect(reasonsOf(desk)).toEqual([undefined, undefined]);
  });

  it("takes nothing when there is nothing to take, and only keeps quotes out", () => {
    const desk = quotingDesk({ parameters: SESSION });
    const effects = desk.wait(6_000);
    expect(placed(effects).filter(({ timeInForce }) => timeInForce === "IOC")).toEqual([]);
    expect(noticesIn(effects)).toEqual([]);
    expect(reasonsOf(desk)).toEqual(["SESSION_END", "SESSION_END"]);
  });

  const setState = (desk: Desk, scope: StateScope, state: TradingState): void => {
    const command = { type: "setTradingState", scope, state } as const;
    desk.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "test", command });
  };
  const takesIn = (effects: readonly Effect[]): PlaceEffect[] =>
    placed(effects).filter(({ timeInForce }) => timeInForce === "IOC");

  const LONG_SIDE = { level: "side", account: "v0", symbol: "BTC/USD", side: "sell" } as const;
  it.each([
    { name: "the desk is DISARMED", scope: { level: "desk" }, state: "DISARMED" },
    { name: "the market is PAUSED", scope: { level: "market", market: "BTC" }, state: "PAUSED" },
    { name: "the account is PAUSED", scope: { level: "account", account: "v0" }, state: "PAUSED" },
    { name: "the side that reduces is PAUSED", scope: LONG_SIDE, state: "PAUSED" },
  ] as const)("takes nothing while $name", ({ scope, state }) => {
    const desk = quotingDesk({ parameters: SESSION });
    holdInventory(desk, 100);
    setState(desk, scope, state);
    const effects = desk.wait(12_000);
    expect(takesIn(effects)).toEqual([]);
    expect(noticesIn(effects)).not.toContain("FLATTEN");
  });

  it.each([
    { name: "the desk", scope: { level: "desk" } },
    { name: "the market", scope: { level: "market", market: "BTC" } },
    { name: "the side that reduces", scope: LONG_SIDE },
  ] as const)("goes on where $name is REDUCE_ONLY", ({ scope }) => {
    const desk = quotingDesk({ parameters: SESSION });
    holdInventory(desk, 100);
    setState(desk, scope, "REDUCE_ONLY");
    expect(takesIn(desk.wait(6_000))).toMatchObject([{ side: "sell", sizeLots: 100 }]);
  });

  it("stops taking after a stop in the middle, and takes up nothing by itself", () => {
    const desk = quotingDesk({ parameters: SESSION });
    holdInventory(desk, 100);
    const [take] = takesIn(desk.wait(6_000));
    if (take === undefined) throw new Error("nothing was taken");
    setState(desk, { level: "desk" }, "KILLED");
    answer(desk, take, 40);
    expect(takesIn(desk.wait(12_000))).toEqual([]);
    expect(inventories(desk)).toEqual([0.6]);
    expect(desk.state.refusals.get("STATE")).toBeGreaterThan(0);
  });

  it("does not begin while the journal's disk is not well, and stops when it falls ill", () => {
    const desk = quotingDesk({ parameters: SESSION });
    holdInventory(desk, 100);
    desk.send({ type: "storage", status: "DISK_LOW", text: "a test" });
    const ill = desk.wait(6_000);
    expect(takesIn(ill)).toEqual([]);
    expect(noticesIn(ill)).not.toContain("FLATTEN");
    desk.send({ type: "storage", status: "OK", text: "well again" });
    const [take] = takesIn(desk.wait(250));
    if (take === undefined) throw new Error("nothing was taken");
    desk.send({ type: "storage", status: "JOURNAL_STALLED", text: "a test" });
    answer(desk, take, 40);
    expect(takesIn(desk.wait(2_000))).toEqual([]);
    expect(desk.state.refusals.get("STORAGE")).toBeGreaterThan(0);
  });

  it("is none for a model without sessions, or where none is flattened", () => {
    for (const parameters of [{ ...SESSION, sessionFlattenPct: 0 }, {}]) {
      const desk = quotingDesk({ parameters });
      holdInventory(desk, 100);
      desk.wait(14_000);
      expect(reasonsOf(desk)).toEqual([undefined, undefined]);
    }
  });
});
