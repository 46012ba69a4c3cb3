import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { OpenOrderView } from "../../../../server/contract/events.ts";
import { clientIdOf } from "../../../../server/core/orders/clientId.ts";
import { viewDesk } from "../../../../server/core/view.ts";
import {
  BTC,
  coldDesk,
  connect,
  noticesIn,
  placeOwn,
  readyDesk,
  restOwn,
  sendBalances,
  sendBook,
  sendOpenOrders,
  type Desk,
  viewOf,
} from "../../../support/desk.ts";

const OUR_EPOCH = 7;

function stray(epoch: number, deskCode = "tst"): OpenOrderView {
  return {
    clientId: clientIdOf("quote", deskCode, epoch, 99),
    venueOrderId: "v99",
    instrument: 0,
    side: "buy",
    priceTicks: 9_990,
    sizeLots: 5,
    filledLots: 0,
  };
}

function queriesIn(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === "query" ? [effect.what] : []));
}

function cancelsIn(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === "cancel" ? [effect.clientId] : []));
}

function statuses(desk: Desk): string[] {
  return desk.state.accounts.map(({ status }) => status);
}

function balancesOf(desk: Desk) {
  return [...(desk.state.accounts[0]?.holdings.values() ?? [])].map(({ asset, balanceAtoms }) => ({
    asset,
    totalAtoms: balanceAtoms ?? 0n,
  }));
}

describe("a venue account that comes up", () => {
  it("is READY once open orders and balances have agreed, in either order", () => {
    for (const answers of [
      [(desk: Desk) => sendOpenOrders(desk, 0, []), (desk: Desk) => sendBalances(desk, 0)],
      [(desk: Desk) => sendBalances(desk, 0), (desk: Desk) => sendOpenOrders(desk, 0, [])],
    ]) {
      const desk = coldDesk();
      expect(statuses(desk)).toEqual(["NOT_READY"]);
      const asked = connect(desk, 0);
      expect(queriesIn(asked)).toEqual(expect.arrayContaining(["openOrders", "balances"]));
      for (const send of answers) {
        expect(statuses(desk)).toEqual(["RECONCILING"]);
        send(desk);
      }
      expect(statuses(desk)).toEqual(["READY"]);
    }
  });

  it("asks again every second until it is answered", () => {
    const desk = coldDesk();
    desk.send({ type: "account", account: 0, status: "up" });
    const asked = queriesIn(desk.wait(2_000));
    for (const what of ["openOrders", "balances"])
      expect(asked.filter((other) => other === what)).toHaveLength(2);
  });

  it("is not READY by an answer to a question from before it came up", () => {
    const desk = coldDesk();
    const askedAtUs = desk.nowUs;
    desk.wait(250);
    desk.send({ type: "account", account: 0, status: "up" });
    sendBalances(desk, 0);
    sendOpenOrders(desk, 0, [], askedAtUs);
    expect(statuses(desk)).toEqual(["RECONCILING"]);
  });

  it("never holds another account up", () => {
    const desk = readyDesk({ venues: 2 });
    desk.send({ type: "account", account: 1, status: "up" });
    sendOpenOrders(desk, 1, [stray(OUR_EPOCH - 1)]);
    desk.wait(2_000);
    expect(statuses(desk)).toEqual(["READY", "RECONCILING"]);
    expect(placeOwn(desk).status).toBe("PENDING_NEW");
    expect(() => placeOwn(desk, { instrument: 1 })).toThrow("ACCOUNT_NOT_READY");
  });
});

describe("the first contact of a run", () => {
  const EXPIRY_MS = 1_500;

  it("waits until nothing that an earlier life of the desk had sent can arrive any more", () => {
    const desk = coldDesk();
    desk.send({ type: "account", account: 0, status: "up" });
    sendBalances(desk, 0);
    desk.wait(EXPIRY_MS);
    sendOpenOrders(desk, 0, []);
    expect(statuses(desk)).toEqual(["RECONCILING"]);
    expect(queriesIn(desk.wait(500))).toContain("openOrders");
    sendOpenOrders(desk, 0, [], desk.nowUs - 1_000);
    expect(statuses(desk)).toEqual(["RECONCILING"]);
    sendOpenOrders(desk, 0, []);
    expect(statuses(desk)).toEqual(["READY"]);
  });

  it("asks for balances that are known only once nothing of the earlier life can move them any more", () => {
    const desk = readyDesk();
    desk.send({ type: "balances", account: 0, askedAtUs: desk.nowUs, balances: balancesOf(desk) });
    desk.send({ type: "restart", reason: "the engine was started again" });
    const asked = desk.send({ type: "account", account: 0, status: "up" });
    expect(queriesIn(asked)).toEqual(["fills", "openOrders"]);
    expect(queriesIn(desk.wait(EXPIRY_MS))).not.toContain("balances");
    expect(queriesIn(desk.wait(1_000))).toContain("balances");
  });

  it("is made once: an account that comes up again waits for its own requests alone", () => {
    const desk = readyDesk();
    desk.send({ type: "account", account: 0, status: "down" });
    desk.send({ type: "account", account: 0, status: "up" });
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0);
    expect(statuses(desk)).toEqual(["READY"]);
  });
});

describe("fills that nobody listened to", () => {
  const asksForFills = (effects: readonly Effect[]) =>
    effects.filter((effect) => effect.type === "query" && effect.what === "fills");

  it("are asked for since balances last agreed, with room for the venue's own clock", () => {
    const desk = readyDesk();
    const agreedAtUs = desk.nowUs;
    desk.send({ type: "balances", account: 0, askedAtUs: agreedAtUs, balances: balancesOf(desk) });
    desk.wait(1_000);
    desk.send({ type: "account", account: 0, status: "down" });
    const asked = asksForFills(desk.send({ type: "account", account: 0, status: "up" }));
    expect(asked).toEqual([{ type: "query", what: "fills", account: 0, sinceUs: agreedAtUs - 10_000_000 }]);
  });

  it("are asked for again when balances differ, and not at a first start", () => {
    const cold = coldDesk();
    expect(asksForFills(cold.send({ type: "account", account: 0, status: "up" }))).toEqual([]);
    const desk = readyDesk();
    desk.send({ type: "balances", account: 0, askedAtUs: desk.nowUs, balances: balancesOf(desk) });
    desk.wait(1_000);
    expect(asksForFills(sendBalances(desk, 0, 1_000n * BTC - 2_000_000n))).toHaveLength(1);
  });
});

describe("a venue account that is READY", () => {
  it("is compared with the venue every 5 s", () => {
    const desk = readyDesk();
    desk.wait(250);
    const asked = queriesIn(desk.wait(10_000));
    for (const what of ["openOrders", "balances"])
      expect(asked.filter((other) => other === what)).toHaveLength(2);
  });

  it("is degraded when its private stream is lost: what rests there is UNKNOWN, and cancelled all the same", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const effects = desk.send({ type: "account", account: 0, status: "down" });
    expect(statuses(desk)).toEqual(["DEGRADED"]);
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
    expect(cancelsIn(effects)).toEqual([order.clientId]);
  });
});

describe("an account that its adapter has halted", () => {
  it("says why, whether it was up before or not, until it comes up", () => {
    const halted = "the venue refuses this account";
    const desk = readyDesk();
    const view = () => viewDesk(desk.engine).accounts[0];
    desk.send({ type: "account", account: 0, status: "down" });
    expect(view()).toMatchObject({ status: "DEGRADED", halted: undefined });
    const effects = desk.send({ type: "account", account: 0, status: "down", halted });
    expect(effects).toContainEqual({
      type: "notice",
      code: "ACCOUNT_STATUS",
      scope: "v0",
      text: `DEGRADED: ${halted}`,
    });
    expect(view()).toMatchObject({ status: "DEGRADED", halted });
    desk.send({ type: "account", account: 0, status: "up" });
    expect(view()).toMatchObject({ status: "RECONCILING", halted: undefined });
  });
});

describe("an order in the venue's list that this run does not know", () => {
  it("is cancelled when it carries our code, and asked about until it is gone", () => {
    const desk = coldDesk();
    connect(desk, 0);
    sendBalances(desk, 0);
    for (let round = 0; round < 2; round++) {
      const effects = sendOpenOrders(desk, 0, [stray(OUR_EPOCH - 1)]);
      expect(cancelsIn(effects)).toEqual([stray(OUR_EPOCH - 1).clientId]);
      expect(noticesIn(effects)).toEqual(["STRAY_ORDER"]);
      expect(queriesIn(desk.wait(1_000))).toContain("openOrders");
      expect(statuses(desk)).toEqual(["RECONCILING"]);
    }
    sendOpenOrders(desk, 0, []);
    // It may have filled before its cancel: the balances of before prove nothing.
    expect(statuses(desk)).toEqual(["RECONCILING"]);
    sendBalances(desk, 0);
    expect(statuses(desk)).toEqual(["READY"]);
  });

  it("is cancelled when we had ended it before the question was asked: it rests after all", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    desk.send({ type: "orderCanceled", account: 0, clientId: order.clientId, filledLots: 0 });
    const stale = sendOpenOrders(desk, 0, [viewOf(order)]);
    expect(cancelsIn(stale)).toEqual([]);
    desk.wait(250);
    expect(cancelsIn(sendOpenOrders(desk, 0, [viewOf(order)]))).toEqual([order.clientId]);
  });

  it.each([
    { name: "of another desk", view: stray(OUR_EPOCH + 1, "oth") },
    { name: "placed by hand", view: { ...stray(1), clientId: "web-1" } },
  ])("is left alone $name", ({ view }) => {
    const desk = coldDesk();
    connect(desk, 0);
    sendBalances(desk, 0);
    const effects = sendOpenOrders(desk, 0, [view]);
    expect(cancelsIn(effects)).toEqual([]);
    expect(statuses(desk)).toEqual(["READY"]);
  });

  it("of a later epoch is a second writer: it is cancelled, the desk disarmed and every account sealed", () => {
    const desk = readyDesk({ venues: 2 });
    const view = stray(OUR_EPOCH + 1);
    const effects = sendOpenOrders(desk, 0, [view]);
    expect(noticesIn(effects)).toEqual(["SECOND_WRITER", "TRADING_STATE"]);
    expect(cancelsIn(effects)).toContain(view.clientId);
    expect(effects.filter(({ type }) => type === "cancelAll")).toHaveLength(2);
    expect(desk.state.trading.desk).toBe("DISARMED");
    expect(desk.state.counts.anomalies).toBe(1);
    // Seen again while it is being cancelled, it does not begin the stop anew.
    expect(sendOpenOrders(desk, 0, [view]).filter(({ type }) => type === "cancelAll")).toEqual([]);
  });

  it("of a later epoch never loosens a desk that is KILLED", () => {
    const desk = readyDesk();
    desk.state.trading.desk = "KILLED";
    sendOpenOrders(desk, 0, [stray(OUR_EPOCH + 1)]);
    expect(desk.state.trading.desk).toBe("KILLED");
  });
});

describe("an order of ours that is missing from the venue's list", () => {
  it("is UNKNOWN and asked for when it rested at the time of the question", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    desk.wait(250);
    const effects = sendOpenOrders(desk, 0, []);
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
    expect(queriesIn(effects)).toEqual(["order"]);
  });

  it("is not judged while its request may still be on the wire, or by a question from before it rested", () => {
    const desk = readyDesk();
    const askedAtUs = desk.nowUs;
    desk.wait(250);
    const [rests, underWay] = [restOwn(desk), placeOwn(desk)];
    sendOpenOrders(desk, 0, [viewOf(rests)]);
    sendOpenOrders(desk, 0, [], askedAtUs);
    expect([rests.status, underWay.status]).toEqual(["OPEN", "PENDING_NEW"]);
  });

  it("keeps the account from READY until the venue has told what became of it", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    desk.send({ type: "account", account: 0, status: "down" });
    expect(statuses(desk)).toEqual(["DEGRADED"]);
    expect(order.status).toBe("UNKNOWN");
    desk.send({ type: "account", account: 0, status: "up" });
    sendBalances(desk, 0);
    sendOpenOrders(desk, 0, [viewOf(order)]);
    expect(statuses(desk)).toEqual(["RECONCILING"]);
    const { clientId, priceTicks, sizeLots } = order;
    const answer = {
      found: true,
      venueOrderId: "v1",
      status: "OPEN",
      priceTicks,
      sizeLots,
      filledLots: 0,
    } as const;
    desk.send({ type: "orderStatus", account: 0, clientId, askedAtUs: desk.nowUs, answer });
    desk.wait(250);
    expect(statuses(desk)).toEqual(["READY"]);
    expect(order.status).toBe("OPEN");
  });
});

describe("a balance that differs from ours", () => {
  const OTHER = 1_000n * BTC - 2_000_000n;

  function reconcilingDesk(): Desk {
    const desk = readyDesk();
    desk.send({ type: "account", account: 0, status: "up" });
    sendOpenOrders(desk, 0, []);
    return desk;
  }

  it("may be a fill under way twice, and is a break at the third comparison: the venue is only observed", () => {
    const desk = reconcilingDesk();
    expect(noticesIn(sendBalances(desk, 0, OTHER))).toEqual([]);
    expect(noticesIn(sendBalances(desk, 0, OTHER))).toEqual([]);
    expect(statuses(desk)).toEqual(["RECONCILING"]);
    const effects = sendBalances(desk, 0, OTHER);
    expect(noticesIn(effects)).toEqual(["BALANCE_BREAK", "ACCOUNT_STATUS"]);
    expect(effects).toContainEqual({
      type: "notice",
      code: "BALANCE_BREAK",
      scope: "v0",
      text: "BTC: venue 999.98, ours 1000",
    });
    expect(statuses(desk)).toEqual(["DEGRADED"]);
  });

  it("is found in quiet times too, by three comparisons a second apart", () => {
    const desk = readyDesk();
    desk.wait(250);
    sendBalances(desk, 0, OTHER);
    sendBalances(desk, 0, OTHER);
    expect(queriesIn(desk.wait(1_000))).toContain("balances");
    expect(statuses(desk)).toEqual(["READY"]);
    sendBalances(desk, 0, OTHER);
    expect(statuses(desk)).toEqual(["DEGRADED"]);
  });

  it("is raised once, and lifted through a reconciliation when it ties out again", () => {
    const desk = reconcilingDesk();
    for (let i = 0; i < 3; i++) sendBalances(desk, 0, OTHER);
    expect(noticesIn(sendBalances(desk, 0, OTHER))).toEqual([]);
    expect(queriesIn(desk.wait(5_000))).toContain("balances");
    sendBalances(desk, 0);
    expect(statuses(desk)).toEqual(["RECONCILING"]);
    sendOpenOrders(desk, 0, []);
    sendBalances(desk, 0);
    expect(statuses(desk)).toEqual(["READY"]);
  });

  it("is forgotten when the next comparison agrees", () => {
    const desk = reconcilingDesk();
    sendBalances(desk, 0, OTHER);
    sendBalances(desk, 0);
    expect(statuses(desk)).toEqual(["READY"]);
  });

  it.each([
    { name: "one lot of base", btc: 1_000n * BTC - 1_000_000n, usd: undefined, status: "READY" },
    {
      name: "more than a lot of base",
      btc: 1_000n * BTC - 1_000_001n,
      usd: undefined,
      status: "RECONCILING",
    },
    { name: "the price of one lot", btc: undefined, usd: 1_000_000n * BTC - 100_010_000n, status: "READY" },
    {
      name: "more than a lot's price",
      btc: undefined,
      usd: 1_000_000n * BTC - 100_010_001n,
      status: "RECONCILING",
    },
  ])("counts only beyond a lot: $name", ({ btc, usd, status }) => {
    const desk = reconcilingDesk();
    sendBalances(desk, 0, btc, usd);
    expect(statuses(desk)).toEqual([status]);
  });

  it("in an asset that is not traded there counts for nothing", () => {
    const desk = reconcilingDesk();
    const balances = [
      { asset: "USD", totalAtoms: 1_000_000n * BTC },
      { asset: "BTC", totalAtoms: 1_000n * BTC },
      { asset: "AIRDROP", totalAtoms: 5n },
    ];
    desk.send({ type: "balances", account: 0, balances });
    expect(statuses(desk)).toEqual(["READY"]);
  });

  it("is not adopted: ours moves with our fills alone", () => {
    const desk = reconcilingDesk();
    sendBook(desk, 0);
    for (let i = 0; i < 3; i++) sendBalances(desk, 0, OTHER);
    expect(desk.state.accounts[0]?.holdings.get("BTC")?.balanceAtoms).toBe(1_000n * BTC);
    expect(desk.state.markets[0]?.inventoryBase).toBe(0);
  });
});
