import { describe, expect, it } from "vitest";
import type { Command } from "../../../../server/contract/commands.ts";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { Order } from "../../../../server/core/orders/order.ts";
import { viewDesk } from "../../../../server/core/view.ts";
import {
  BTC,
  fillOf,
  holdInventory,
  noticesIn,
  quotingDesk,
  readyDesk,
  restOwn,
  sendBalances,
  sendOpenOrders,
  viewOf,
  type Desk,
  newCommandId,
} from "../../../support/desk.ts";
import { sayEnded, sayStatus, sayUnknown } from "../../../support/orderReports.ts";

const OTHER = 1_000n * BTC - 2_000_000n;

function command(desk: Desk, body: Command): readonly Effect[] {
  return desk.send({
    type: "command",
    commandId: newCommandId(),
    actor: "ann",
    reason: "test",
    command: body,
  });
}

function stop(desk: Desk): void {
  command(desk, { type: "setTradingState", scope: { level: "desk" }, state: "KILLED" });
}

function queriesIn(effects: readonly Effect[], what: string): Effect[] {
  return effects.filter((effect) => effect.type === "query" && effect.what === what);
}

function cancelsIn(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === "cancel" ? [effect.clientId] : []));
}

function statusOf(desk: Desk): string | undefined {
  return desk.state.accounts[0]?.status;
}

function brokenBy(desk: Desk): string | undefined {
  return viewDesk(desk.engine).accounts[0]?.brokenBy;
}

function sellingLots(desk: Desk): number | undefined {
  return desk.state.instruments[0]?.workingSellLots;
}

describe("a fill that only its order's report has told of", () => {
  const REPORTS = [
    { name: "its cancel", say: (desk: Desk, order: Order) => sayEnded(desk, order, "orderCanceled", 4) },
    { name: "its expiry", say: (desk: Desk, order: Order) => sayEnded(desk, order, "orderExpired", 4) },
    {
      name: "the list of open orders",
      say: (desk: Desk, order: Order) => sendOpenOrders(desk, 0, [{ ...viewOf(order), filledLots: 4 }]),
    },
    {
      name: "the answer that it is FILLED",
      say: (desk: Desk, order: Order) => sayStatus(desk, order, { status: "FILLED", filledLots: 10 }),
    },
    {
      name: "the answer that it is CANCELED",
      say: (desk: Desk, order: Order) => sayStatus(desk, order, { status: "CANCELED", filledLots: 4 }),
    },
  ] as const;

  it.each(REPORTS)("by $name is asked for every second until it comes, and no longer", ({ say }) => {
    const desk = readyDesk();
    const order = restOwn(desk, { side: "sell" });
    desk.wait(250);
    say(desk, order);
    const missing = order.venueFilledLots;
    const asked = queriesIn(desk.wait(4_000), "fills");
    expect(asked).toEqual(
      Array.from({ length: 4 }, () => ({
        type: "query",
        what: "fills",
        account: 0,
        sinceUs: order.placedAtUs,
      })),
    );
    const effects = desk.send(fillOf(order, missing));
    expect(noticesIn(effects)).toEqual([]);
    expect(order.filledLots).toBe(missing);
    expect(queriesIn(desk.wait(2_000), "fills")).toEqual([]);
  });

  it.each(REPORTS)("by $name keeps its exposure until it is booked, and never twice", ({ name, say }) => {
    const desk = readyDesk();
    const order = restOwn(desk, { side: "sell" });
    desk.wait(250);
    say(desk, order);
    const ended = name !== "the list of open orders" && name !== "the answer that it is FILLED";
    const missing = order.venueFilledLots;
    expect(sellingLots(desk)).toBe(ended ? 4 : 10);
    desk.send(fillOf(order, missing));
    expect(sellingLots(desk)).toBe(10 - missing - (ended ? 6 : 0));
    expect(desk.state.markets[0]?.inventoryBase).toBeCloseTo(-missing / 100, 9);
  });

  it("that came in parts is asked for until the last part has come", () => {
    const desk = readyDesk();
    const order = restOwn(desk, { side: "sell" });
    sayEnded(desk, order, "orderCanceled", 4);
    desk.send(fillOf(order, 3));
    expect(sellingLots(desk)).toBe(1);
    expect(queriesIn(desk.wait(2_000), "fills")).toHaveLength(2);
    desk.send(fillOf(order, 1));
    expect(sellingLots(desk)).toBe(0);
    expect(desk.state.instruments[0]?.live).toEqual([]);
  });

  it("holds the seal up: what may still move the inventory is not settled", () => {
    const desk = readyDesk();
    const order = restOwn(desk, { side: "sell" });
    stop(desk);
    sayEnded(desk, order, "orderCanceled", 4);
    desk.wait(3_000);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["CLEARED"]);
    desk.send(fillOf(order, 4));
    desk.wait(250);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["SEALED"]);
  });
});

describe("an accepted order that open orders and status deny", () => {
  /** Denies the order by both questions every half second; gives when it ended, and what was told. */
  function deny(
    desk: Desk,
    order: Order,
    forMs: number,
  ): { endedAfterMs: number | undefined; told: string[] } {
    const told: string[] = [];
    for (let passedMs = 0; passedMs < forMs; passedMs += 500) {
      told.push(...noticesIn(desk.wait(500)));
      told.push(...noticesIn(sendOpenOrders(desk, 0, [])));
      told.push(...noticesIn(sayStatus(desk, order, "absent")));
      if (order.status === "CANCELED") return { endedAfterMs: passedMs + 500, told };
    }
    return { endedAfterMs: undefined, told };
  }

  it("is ended five seconds after it was first missed, with ORDER_FORGOTTEN, and its fills were asked for", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const startUs = desk.nowUs;
    const { told } = deny(desk, order, 20_000);
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 0 });
    expect(told.filter((code) => code === "ORDER_FORGOTTEN")).toHaveLength(1);
    const missingSinceUs = order.missingSinceUs ?? 0;
    // It may be missed by an answer only once nothing of it can be on the wire any more: 1.5 s and a margin.
    expect(missingSinceUs - startUs).toBe(2_500_000);
    expect(desk.nowUs - missingSinceUs).toBe(5_000_000);
    expect(desk.state.counts.anomalies).toBe(1);
    expect(statusOf(desk)).toBe("READY");
  });

  it("has its fills asked for meanwhile, and is kept while one of them is awaited", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    desk.wait(250);
    sendOpenOrders(desk, 0, [{ ...viewOf(order), filledLots: 3 }]);
    expect(deny(desk, order, 15_000).endedAfterMs).toBeUndefined();
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
    expect(queriesIn(desk.wait(1_000), "fills").length).toBeGreaterThan(0);
    desk.send(fillOf(order, 3));
    expect(deny(desk, order, 1_000).endedAfterMs).toBeDefined();
    expect(order).toMatchObject({ status: "CANCELED", filledLots: 3, exposureLots: 0 });
  });

  it("is not ended while the list shows it: an answer about one order may be wrong", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    sayUnknown(desk, order, "amend");
    for (let i = 0; i < 20; i++) {
      desk.wait(500);
      sendOpenOrders(desk, 0, [viewOf(order)]);
      sayStatus(desk, order, "absent");
    }
    expect(order.status).toBe("UNKNOWN");
  });

  it("that the list shows again is missed anew from then on", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    expect(deny(desk, order, 6_000).endedAfterMs).toBeUndefined();
    sendOpenOrders(desk, 0, [viewOf(order)]);
    expect(deny(desk, order, 4_500).endedAfterMs).toBeUndefined();
    expect(deny(desk, order, 2_000).endedAfterMs).toBeDefined();
  });
});

describe("balances that were asked for before the private stream came back", () => {
  it("do not make the account READY; those asked for after it do", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const askedAtUs = desk.nowUs;
    desk.send({ type: "account", account: 0, status: "down" });
    for (const { clientId } of [...desk.state.orders.values()])
      desk.send({ type: "orderCanceled", account: 0, clientId, filledLots: 0 });
    desk.wait(250);
    desk.send({ type: "account", account: 0, status: "up" });
    sendOpenOrders(desk, 0, []);
    const balances = desk.engine.config.assets.map(({ asset }) => ({
      asset,
      totalAtoms: desk.state.accounts[0]?.holdings.get(asset)?.balanceAtoms ?? 0n,
    }));
    desk.send({ type: "balances", account: 0, askedAtUs, balances });
    expect(desk.state.accounts[0]?.status).toBe("RECONCILING");
    desk.send({ type: "balances", account: 0, askedAtUs: desk.nowUs, balances });
    expect(desk.state.accounts[0]?.status).toBe("READY");
  });
});

describe("a balance that differs", () => {
  function broken(): Desk {
    const desk = readyDesk();
    for (let i = 0; i < 3; i++) sendBalances(desk, 0, OTHER);
    return desk;
  }

  it("while READY degrades once it has outlasted three polls, and is polled for sooner meanwhile", () => {
    const desk = readyDesk();
    expect(queriesIn(desk.wait(4_750), "balances")).toEqual([]);
    expect(queriesIn(desk.wait(250), "balances")).toHaveLength(1);
    sendBalances(desk, 0, OTHER);
    expect(queriesIn(desk.wait(1_000), "balances")).toHaveLength(1);
    sendBalances(desk, 0, OTHER);
    expect(queriesIn(desk.wait(1_000), "balances")).toHaveLength(1);
    expect(statusOf(desk)).toBe("READY");
    expect(noticesIn(sendBalances(desk, 0, OTHER))).toEqual(["BALANCE_BREAK", "ACCOUNT_STATUS"]);
    expect(statusOf(desk)).toBe("DEGRADED");
    expect(brokenBy(desk)).toBe("BTC: venue 999.98, ours 1000");
  });

  it("twice and then not is nothing: a fill was under way", () => {
    const desk = readyDesk();
    for (const btc of [OTHER, OTHER, undefined, OTHER, OTHER]) sendBalances(desk, 0, btc);
    expect(statusOf(desk)).toBe("READY");
    expect(desk.state.counts.anomalies).toBe(0);
  });

  it("stays a break while it stands, told once and looked at every five seconds", () => {
    const desk = broken();
    let polls = 0;
    for (let i = 0; i < 80; i++) {
      const asked = queriesIn(desk.wait(250), "balances").length;
      polls += asked;
      if (asked > 0) expect(noticesIn(sendBalances(desk, 0, OTHER))).toEqual([]);
    }
    expect(statusOf(desk)).toBe("DEGRADED");
    expect(polls).toBeGreaterThanOrEqual(4);
    expect(desk.state.counts.anomalies).toBe(1);
  });

  it("clears by itself once it ties out: through RECONCILING to READY", () => {
    const desk = broken();
    expect(queriesIn(desk.wait(6_000), "balances").length).toBeGreaterThan(0);
    const effects = sendBalances(desk, 0);
    expect(statusOf(desk)).toBe("RECONCILING");
    expect(brokenBy(desk)).toBeUndefined();
    expect(queriesIn(effects, "openOrders")).toHaveLength(1);
    sendOpenOrders(desk, 0, []);
    expect(statusOf(desk)).toBe("RECONCILING");
    sendBalances(desk, 0);
    expect(statusOf(desk)).toBe("READY");
  });

  it("ties out when the fill that explains it comes late", () => {
    const desk = broken();
    holdInventory(desk, -2);
    sendBalances(desk, 0, OTHER, 1_000_002n * BTC);
    expect(statusOf(desk)).toBe("RECONCILING");
  });

  it("is no reason to come back while the private stream is lost", () => {
    const desk = broken();
    desk.send({ type: "account", account: 0, status: "down" });
    sendBalances(desk, 0);
    expect(statusOf(desk)).toBe("DEGRADED");
    expect(queriesIn(desk.wait(10_000), "balances")).toEqual([]);
  });
});

describe("orders of an account whose private stream is lost", () => {
  it("get a cancel each, whatever they wait for", () => {
    const desk = readyDesk();
    const [quiet, doubtful] = [restOwn(desk), restOwn(desk, { side: "sell" })];
    sayUnknown(desk, doubtful);
    const effects = desk.send({ type: "account", account: 0, status: "down" });
    expect(cancelsIn(effects)).toEqual([quiet.clientId, doubtful.clientId]);
    expect([quiet.status, doubtful.status]).toEqual(["UNKNOWN", "UNKNOWN"]);
  });

  it("that nobody wants any more are cancelled again, later each time, until one has ended", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const quotes = [...desk.state.orders.values()];
    desk.send({ type: "account", account: 0, status: "down" });
    expect(desk.wait(250).filter(({ type }) => type === "cancel")).toEqual([]);
    const ids = quotes.map(({ clientId }) => clientId);
    expect(cancelsIn(desk.wait(250))).toEqual(ids);
    // After 1, 2 and 4 s.
    expect(cancelsIn(desk.wait(3_500))).toEqual([...ids, ...ids, ...ids]);
    const [bid, ask] = quotes;
    if (bid === undefined || ask === undefined) throw new Error("not quoting");
    sayEnded(desk, bid, "orderCanceled", 0);
    expect(cancelsIn(desk.wait(10_000))).toEqual([ask.clientId, ask.clientId]);
  });
});

describe("a seal", () => {
  function sealed(held = 0): Desk {
    const desk = readyDesk();
    if (held !== 0) holdInventory(desk, held);
    stop(desk);
    desk.wait(3_000);
    sendOpenOrders(desk, 0, []);
    expect(desk.state.accounts[0]?.seal?.sealedAtUs).toBe(desk.nowUs);
    return desk;
  }

  it("is opened by a person's reduction and closed again only once that cannot arrive any more", () => {
    const desk = sealed(100);
    command(desk, { type: "flatten", market: "BTC", slippageMaxBps: 20 });
    const [sent] = desk.wait(250).filter((effect) => effect.type === "place");
    const order = sent?.type === "place" ? desk.state.orders.get(sent.clientId) : undefined;
    if (order === undefined) throw new Error("nothing was placed");
    const seal = desk.state.accounts[0]?.seal;
    expect(seal).toMatchObject({ clearedAtUs: undefined, sealedAtUs: undefined });
    desk.send(fillOf(order, 100, { liquidity: "taker" }));
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["CLEARED"]);
    expect(queriesIn(desk.wait(2_250), "openOrders").length).toBeGreaterThan(2);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["SEALED"]);
    expect(queriesIn(desk.wait(1_000), "openOrders")).toEqual([]);
  });

  it("is gone once the desk is armed", () => {
    const desk = sealed();
    command(desk, { type: "arm", scope: { level: "desk" } });
    expect(desk.state.trading.desk).toBe("ACTIVE");
    expect(desk.state.accounts[0]?.seal).toBeUndefined();
  });

  it("of an account stands while the desk around it is still stopped", () => {
    const desk = readyDesk();
    const scope = { level: "account", account: "v0" } as const;
    command(desk, { type: "setTradingState", scope, state: "KILLED" });
    stop(desk);
    desk.wait(3_000);
    sendOpenOrders(desk, 0, []);
    command(desk, { type: "arm", scope });
    expect(desk.state.trading.accounts[0]).toBe("ACTIVE");
    expect(desk.state.accounts[0]?.seal?.sealedAtUs).toBeDefined();
  });
});
