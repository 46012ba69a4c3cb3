import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { OpenOrderView } from "../../../../server/contract/events.ts";
import type { Break } from "../../../../server/contract/views.ts";
import { ORDER_BREAKS_MAX } from "../../../../server/core/accounts/breaks.ts";
import { clientIdOf } from "../../../../server/core/orders/clientId.ts";
import { viewDesk } from "../../../../server/core/view.ts";
import {
  BTC,
  fillOf,
  noticesIn,
  placeOwn,
  readyDesk,
  restOwn,
  sendBalances,
  sendOpenOrders,
  USD,
  viewOf,
  type Desk,
} from "../../../support/desk.ts";

const OTHER = 1_000n * BTC - 2_000_000n;
const DUST = 1_000n * BTC + 1n;

function breaksOf(desk: Desk): readonly Break[] {
  return viewDesk(desk.engine).accounts[0]?.breaks ?? [];
}

function statusOf(desk: Desk): string | undefined {
  return desk.state.accounts[0]?.status;
}

function textsIn(effects: readonly Effect[], code: string): string[] {
  return effects.flatMap((effect) => (effect.type === "notice" && effect.code === code ? [effect.text] : []));
}

function foreign(clientId: string): OpenOrderView {
  return {
    clientId,
    venueOrderId: `v${clientId}`,
    instrument: 0,
    side: "sell",
    priceTicks: 10_050,
    sizeLots: 25,
    filledLots: 0,
  };
}

describe("a balance that differs by a lot or less", () => {
  it("is a break without effect once three comparisons have found it, and is told once", () => {
    const desk = readyDesk();
    const sinceUs = desk.nowUs;
    expect(noticesIn(sendBalances(desk, 0, DUST))).toEqual([]);
    desk.wait(1_000);
    expect(noticesIn(sendBalances(desk, 0, DUST))).toEqual([]);
    expect(breaksOf(desk)).toEqual([]);
    const effects = sendBalances(desk, 0, DUST);
    expect(textsIn(effects, "BREAK")).toEqual(["balance BTC: venue 1000.00000001, ours 1000"]);
    expect(noticesIn(sendBalances(desk, 0, DUST))).toEqual([]);
    expect(breaksOf(desk)).toEqual([
      {
        kind: "balance",
        what: "BTC",
        ours: "1000",
        venue: "1000.00000001",
        sinceUs,
        seenTimes: 4,
        severity: "notice",
      },
    ]);
    expect(statusOf(desk)).toBe("READY");
    expect(desk.state.counts.anomalies).toBe(0);
  });

  it("is gone, and said to be, when it ties out", () => {
    const desk = readyDesk();
    for (let i = 0; i < 3; i++) sendBalances(desk, 0, DUST);
    expect(textsIn(sendBalances(desk, 0), "BREAK_CLEARED")).toEqual([
      "balance BTC: venue 1000.00000001, ours 1000",
    ]);
    expect(breaksOf(desk)).toEqual([]);
  });

  it("twice and then not is never said: a fill was under way", () => {
    const desk = readyDesk();
    const effects = [DUST, DUST, undefined, DUST].flatMap((atoms) => [...sendBalances(desk, 0, atoms)]);
    expect(noticesIn(effects)).toEqual([]);
    expect(breaksOf(desk)).toEqual([]);
  });

  it("makes nothing worse when a larger difference passes over it", () => {
    const desk = readyDesk();
    for (const atoms of [DUST, DUST, DUST, OTHER, OTHER, DUST]) sendBalances(desk, 0, atoms);
    expect(statusOf(desk)).toBe("READY");
    expect(breaksOf(desk)).toMatchObject([{ what: "BTC", severity: "notice", seenTimes: 6 }]);
  });
});

describe("a balance that differs in an asset that is not traded there", () => {
  it("is a break without effect, however large", () => {
    const desk = readyDesk({
      adjust: (config) => ({ ...config, assets: [...config.assets, { asset: "EUR", decimals: 2 }] }),
    });
    const balances = [
      { asset: "BTC", totalAtoms: 1_000n * BTC },
      { asset: "USD", totalAtoms: 1_000_000n * USD },
      { asset: "EUR", totalAtoms: 1_000n * BTC + 123_456n },
    ];
    for (let i = 0; i < 3; i++) desk.send({ type: "balances", account: 0, balances });
    expect(breaksOf(desk)).toMatchObject([{ what: "EUR", venue: "1000001234.56", severity: "notice" }]);
    expect(statusOf(desk)).toBe("READY");
  });
});

describe("a total of an asset outside the desk", () => {
  const say = (desk: Desk, total: string | undefined): readonly Effect[] => {
    const balances = [
      { asset: "BTC", totalAtoms: 1_000n * BTC },
      { asset: "USD", totalAtoms: 1_000_000n * USD },
    ];
    const elsewhere = total === undefined ? [] : [{ asset: "AIR", total }];
    return desk.send({ type: "balances", account: 0, balances, elsewhere });
  };

  it("is taken over at first, and a break without effect when it changes", () => {
    const desk = readyDesk();
    for (const total of ["0.50", "0.5", "0.500"]) expect(noticesIn(say(desk, total))).toEqual([]);
    expect(breaksOf(desk)).toEqual([]);
    for (let i = 0; i < 3; i++) say(desk, "12");
    expect(breaksOf(desk)).toMatchObject([
      { kind: "balance", what: "AIR", ours: "0.5", venue: "12", severity: "notice" },
    ]);
    expect(statusOf(desk)).toBe("READY");
    expect(noticesIn(say(desk, "0.5"))).toEqual(["BREAK_CLEARED"]);
  });

  it("may come, and go, whole", () => {
    const desk = readyDesk();
    say(desk, undefined);
    for (let i = 0; i < 3; i++) say(desk, "7");
    expect(breaksOf(desk)).toMatchObject([{ what: "AIR", ours: "0", venue: "7" }]);
    expect(noticesIn(say(desk, undefined))).toEqual(["BREAK_CLEARED"]);
  });
});

describe("a balance that differs by more than a lot", () => {
  function observing(): Desk {
    const desk = readyDesk();
    for (let i = 0; i < 3; i++) sendBalances(desk, 0, OTHER);
    return desk;
  }

  it("makes the venue observe-only: with the evidence, and both assets where both differ", () => {
    const desk = readyDesk();
    const effects = [1, 2, 3].flatMap(() => [...sendBalances(desk, 0, OTHER, 1_000_500n * USD)]);
    expect(noticesIn(effects)).toEqual(["BALANCE_BREAK", "ACCOUNT_STATUS"]);
    expect(breaksOf(desk)).toMatchObject([
      { what: "USD", venue: "1000500", ours: "1000000", severity: "observe-only" },
      { what: "BTC", venue: "999.98", ours: "1000", severity: "observe-only" },
    ]);
    expect(statusOf(desk)).toBe("DEGRADED");
  });

  it("recovers by itself when it ties out, by way of a reconciliation", () => {
    const desk = observing();
    expect(() => placeOwn(desk)).toThrow("ACCOUNT_NOT_READY");
    const effects = sendBalances(desk, 0);
    expect(noticesIn(effects)).toEqual(["BREAK_CLEARED", "ACCOUNT_STATUS"]);
    expect(breaksOf(desk)).toEqual([]);
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0);
    expect(statusOf(desk)).toBe("READY");
    expect(placeOwn(desk).status).toBe("PENDING_NEW");
  });

  it("that shrinks to dust is dust: the venue comes back and the break stays without effect", () => {
    const desk = observing();
    sendBalances(desk, 0, DUST);
    expect(statusOf(desk)).toBe("RECONCILING");
    expect(breaksOf(desk)).toMatchObject([{ what: "BTC", severity: "notice" }]);
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0, DUST);
    expect(statusOf(desk)).toBe("READY");
  });

  it("in one asset is not forgotten when the other ties out", () => {
    const desk = readyDesk();
    for (let i = 0; i < 3; i++) sendBalances(desk, 0, OTHER, 1_000_500n * USD);
    sendBalances(desk, 0, OTHER);
    expect(statusOf(desk)).toBe("DEGRADED");
    expect(breaksOf(desk)).toMatchObject([{ what: "BTC", severity: "observe-only" }]);
  });

  it("stays to be seen while the private stream is lost, and has to be found again after it", () => {
    const desk = observing();
    desk.send({ type: "account", account: 0, status: "down" });
    expect(breaksOf(desk)).toMatchObject([{ what: "BTC", severity: "notice" }]);
    desk.send({ type: "account", account: 0, status: "up" });
    sendOpenOrders(desk, 0, []);
    for (let i = 0; i < 2; i++) sendBalances(desk, 0, OTHER);
    expect(statusOf(desk)).toBe("RECONCILING");
    sendBalances(desk, 0, OTHER);
    expect(statusOf(desk)).toBe("DEGRADED");
    expect(breaksOf(desk)).toMatchObject([{ what: "BTC", severity: "observe-only", seenTimes: 6 }]);
  });
});

describe("an order of other hands", () => {
  it("is a break from its first sight on, left alone, and gone with it", () => {
    const desk = readyDesk();
    const effects = sendOpenOrders(desk, 0, [foreign("web-1")]);
    expect(effects.filter(({ type }) => type === "cancel")).toEqual([]);
    expect(textsIn(effects, "BREAK")).toEqual(["order web-1: venue BTC/USD sell 0.25 at 100.5, ours none"]);
    expect(noticesIn(sendOpenOrders(desk, 0, [foreign("web-1")]))).toEqual([]);
    expect(breaksOf(desk)).toMatchObject([
      { kind: "order", what: "web-1", ours: "none", seenTimes: 2, severity: "notice" },
    ]);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["BREAK_CLEARED"]);
    expect(breaksOf(desk)).toEqual([]);
    expect(statusOf(desk)).toBe("READY");
  });

  it("is one of many: they are told as one, kept up to a bound, and the rest is counted", () => {
    const desk = readyDesk();
    const many = Array.from({ length: ORDER_BREAKS_MAX + 20 }, (_, at) => foreign(`web-${at}`));
    const effects = sendOpenOrders(desk, 0, many);
    expect(textsIn(effects, "BREAK")).toEqual([
      `order web-0: venue BTC/USD sell 0.25 at 100.5, ours none; and ${ORDER_BREAKS_MAX - 1} more`,
    ]);
    expect(breaksOf(desk)).toHaveLength(ORDER_BREAKS_MAX);
    expect(viewDesk(desk.engine).accounts[0]?.ordersLeftOut).toBe(20);
    // A balance has its place all the same.
    for (let i = 0; i < 3; i++) sendBalances(desk, 0, OTHER);
    expect(statusOf(desk)).toBe("DEGRADED");
    sendOpenOrders(desk, 0, []);
    expect(viewDesk(desk.engine).accounts[0]?.ordersLeftOut).toBe(0);
    expect(breaksOf(desk)).toMatchObject([{ what: "BTC" }]);
  });
});

describe("an order of ours among a hundred of others", () => {
  const many = Array.from({ length: ORDER_BREAKS_MAX + 20 }, (_, at) => foreign(`web-${at}`));

  it("has its place when it is not listed", () => {
    const desk = readyDesk();
    sendOpenOrders(desk, 0, many);
    const own = restOwn(desk);
    desk.wait(3_000);
    for (let i = 0; i < 2; i++) sendOpenOrders(desk, 0, many);
    expect(breaksOf(desk)).toContainEqual(
      expect.objectContaining({ kind: "order", what: own.clientId, venue: "not listed" }),
    );
    expect(viewDesk(desk.engine).accounts[0]?.ordersLeftOut).toBe(20);
  });

  it("has its place when more of it is filled than was told", () => {
    const desk = readyDesk();
    const own = restOwn(desk);
    for (let i = 0; i < 3; i++) sendOpenOrders(desk, 0, [...many, { ...viewOf(own), filledLots: 4 }]);
    expect(breaksOf(desk)).toContainEqual(
      expect.objectContaining({ kind: "fill", what: own.clientId, venue: "0.04 BTC filled" }),
    );
  });
});

describe("an order in a symbol that the desk does not trade", () => {
  const theirs = { symbol: "DOGE/USD", side: "buy", price: "0.1", size: "500", venueOrderId: "v9" } as const;

  function sendElsewhere(desk: Desk, clientId: string): readonly Effect[] {
    const elsewhere = [{ ...theirs, clientId }];
    return desk.send({ type: "openOrders", account: 0, askedAtUs: desk.nowUs, orders: [], elsewhere });
  }

  it("is a break by the venue's name of it, left alone, and gone with it", () => {
    const desk = readyDesk();
    const effects = sendElsewhere(desk, "");
    expect(textsIn(effects, "BREAK")).toEqual(["order v9: venue DOGE/USD buy 500 at 0.1, ours none"]);
    expect(breaksOf(desk)).toMatchObject([{ kind: "order", what: "v9", severity: "notice" }]);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["BREAK_CLEARED"]);
    expect(statusOf(desk)).toBe("READY");
  });

  it("is for a person to cancel where it bears our code", () => {
    const desk = readyDesk();
    const clientId = clientIdOf("quote", "tst", 6, 99);
    const effects = sendElsewhere(desk, clientId);
    expect(effects.filter(({ type }) => type === "cancel")).toEqual([]);
    expect(breaksOf(desk)).toMatchObject([{ what: clientId, ours: expect.stringContaining("by hand") }]);
  });
});

describe("an order with our desk code that this run does not know", () => {
  it("is a break, with what is done about it, until it is gone", () => {
    const desk = readyDesk();
    const orphan = foreign(clientIdOf("quote", "tst", 6, 99));
    expect(noticesIn(sendOpenOrders(desk, 0, [orphan]))).toEqual(["STRAY_ORDER"]);
    expect(breaksOf(desk)).toMatchObject([
      { kind: "order", what: orphan.clientId, ours: "not of this run, cancel sent", severity: "notice" },
    ]);
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["BREAK_CLEARED"]);
  });

  it("of an epoch that was never issued disarms the desk and seals every account", () => {
    const desk = readyDesk({ venues: 2 });
    const second = foreign(clientIdOf("quote", "tst", 8, 1));
    const effects = sendOpenOrders(desk, 0, [second]);
    expect(noticesIn(effects)).toEqual(["SECOND_WRITER", "TRADING_STATE"]);
    expect(desk.state.trading.desk).toBe("DISARMED");
    expect(effects.filter(({ type }) => type === "cancelAll")).toHaveLength(2);
    expect(breaksOf(desk)).toMatchObject([{ kind: "order", what: second.clientId }]);
  });

  it("of this very run, which has not come so far, shows a copy of the desk at work", () => {
    const desk = readyDesk();
    const own = restOwn(desk);
    const counter = desk.state.orderCounter;
    const listed = viewOf(own);
    const copied = foreign(clientIdOf("hedge", "tst", 7, counter + 1));
    expect(textsIn(sendOpenOrders(desk, 0, [listed, copied]), "SECOND_WRITER")).toEqual([
      `${copied.clientId} was placed by another desk in this run's name`,
    ]);
    expect(desk.state.trading.desk).toBe("DISARMED");
    const forgotten = foreign(clientIdOf("hedge", "tst", 7, counter));
    expect(noticesIn(sendOpenOrders(readyDeskAt(counter), 0, [forgotten]))).toEqual(["STRAY_ORDER"]);
  });

  function readyDeskAt(counter: number): Desk {
    const desk = readyDesk();
    desk.state.orderCounter = counter;
    return desk;
  }
});

describe("an order of ours that is not listed though it should rest", () => {
  it("is a break until the venue has said what became of it", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    desk.wait(250);
    sendOpenOrders(desk, 0, []);
    expect(breaksOf(desk)).toEqual([]);
    // Past the expiry of its request nothing that is under way explains it.
    desk.wait(3_000);
    sendOpenOrders(desk, 0, []);
    expect(breaksOf(desk)).toMatchObject([
      {
        kind: "order",
        what: order.clientId,
        ours: "BTC/USD buy 0.1 at 99.9, UNKNOWN",
        venue: "not listed",
        seenTimes: 1,
      },
    ]);
    desk.send({ type: "orderCanceled", account: 0, clientId: order.clientId, filledLots: 0 });
    expect(noticesIn(sendOpenOrders(desk, 0, []))).toEqual(["BREAK_CLEARED"]);
  });
});

describe("a fill that the venue counts and has not told", () => {
  it("is a break at the third comparison, and gone once it is booked", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const listed = { ...viewOf(order), filledLots: 4 };
    for (let i = 0; i < 2; i++) expect(noticesIn(sendOpenOrders(desk, 0, [listed]))).toEqual([]);
    expect(breaksOf(desk)).toEqual([]);
    expect(textsIn(sendOpenOrders(desk, 0, [listed]), "BREAK")).toEqual([
      `fill ${order.clientId}: venue 0.04 BTC filled, ours 0 BTC filled`,
    ]);
    desk.send(fillOf(order, 4));
    expect(noticesIn(sendOpenOrders(desk, 0, [listed]))).toEqual(["BREAK_CLEARED"]);
    expect(breaksOf(desk)).toEqual([]);
  });
});
