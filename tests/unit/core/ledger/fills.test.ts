import { beforeEach, describe, expect, it } from "vitest";
import { FILL_KEYS } from "../../../../server/core/ledger/fills.ts";
import { read } from "../../../../server/core/ledger/attribution.ts";
import type { Order } from "../../../../server/core/orders/order.ts";
import {
  BTC,
  fillOf,
  holdInventory,
  noticesIn,
  placeOwn,
  readyDesk,
  restOwn,
  USD,
  type Desk,
} from "../../../support/desk.ts";

let desk: Desk;
beforeEach(() => {
  desk = readyDesk({ venues: 2 });
});

function balances(account = 0): { btc: bigint | undefined; usd: bigint | undefined } {
  const holdings = desk.state.accounts[account]?.holdings;
  return { btc: holdings?.get("BTC")?.balanceAtoms, usd: holdings?.get("USD")?.balanceAtoms };
}

function end(order: Order, type: "orderCanceled" | "orderExpired" | "orderRejected"): void {
  const { account, clientId } = order;
  if (type === "orderRejected") desk.send({ type, account, clientId, reason: "OTHER" });
  else desk.send({ type, account, clientId, filledLots: 0 });
}

const filledLots = () => Math.round((desk.state.markets[0]?.inventoryBase ?? 0) * 100);

describe("a fill", () => {
  it("moves both balances and the fee by exact atoms", () => {
    const order = restOwn(desk, { sizeLots: 3, priceTicks: 9_999 });
    desk.send(fillOf(order, 3, { feeAtoms: 29_997n }));
    expect(balances()).toEqual({
      btc: 1_000n * BTC + 3_000_000n,
      usd: 1_000_000n * USD - 3n * 9_999n * 10_000n - 29_997n,
    });
    desk.send(
      fillOf(restOwn(desk, { side: "sell", sizeLots: 3, priceTicks: 9_999 }), 3, { feeAtoms: -9_999n }),
    );
    expect(balances()).toEqual({ btc: 1_000n * BTC, usd: 1_000_000n * USD - 29_997n + 9_999n });
  });

  it("is known again for as long as its account remembers it, and is not asked for from before", () => {
    const order = restOwn(desk, { sizeLots: 100 });
    const firstAtUs = desk.nowUs;
    for (let n = 0; n < FILL_KEYS.most + 2; n++) {
      desk.nowUs += 1_000;
      desk.send(fillOf(order, 1, { tradeId: `t${n}` }));
    }
    const booked = filledLots();
    const [account] = desk.state.accounts;
    if (account === undefined) throw new Error("no account");
    account.agreedAtUs = firstAtUs;
    desk.send(fillOf(order, 1, { tradeId: "t2" }));
    desk.send(fillOf(order, 1, { tradeId: `t${FILL_KEYS.most + 1}` }));
    expect(filledLots()).toBe(booked);
    expect(account.fillKeys.size).toBe(FILL_KEYS.most);
    const effects = [
      ...desk.send({ type: "account", account: 0, status: "down" }),
      ...desk.send({ type: "account", account: 0, status: "up" }),
      ...desk.wait(2_000),
    ];
    const questions = effects.filter((effect) => effect.type === "query" && effect.what === "fills");
    expect(questions.length).toBeGreaterThan(0);
    // The second fill was the last to be forgotten.
    for (const question of questions)
      expect("sinceUs" in question && question.sinceUs).toBeGreaterThan(firstAtUs + 2_000);
  });

  it("is forgotten after ten minutes of trading, but for the last five hundred", () => {
    const order = restOwn(desk, { sizeLots: 100 });
    const [account] = desk.state.accounts;
    for (let n = 0; n < 900; n++) {
      desk.nowUs += 1_000_000;
      desk.send(fillOf(order, 1, { tradeId: `t${n}` }));
    }
    // Of one a second: with that from ten minutes before.
    expect(account?.fillKeys.size).toBe(601);
    desk.nowUs += 3_600_000_000;
    desk.send(fillOf(order, 1, { tradeId: "late" }));
    expect(account?.fillKeys.size).toBe(FILL_KEYS.least);
    const booked = filledLots();
    desk.send(fillOf(order, 1, { tradeId: "t899" }));
    expect(filledLots()).toBe(booked);
  });

  it("is not forgotten while a question is open that may have it told again", () => {
    const order = restOwn(desk, { sizeLots: 100 });
    const [account] = desk.state.accounts;
    if (account === undefined) throw new Error("no account");
    const tell = (tradeId: string): void => void desk.send(fillOf(order, 1, { tradeId }));
    for (let n = 0; n < 510; n++) tell(`t${n}`);
    account.agreedAtUs = desk.nowUs;
    desk.nowUs += 3_600_000_000;
    const effects = [
      ...desk.send({ type: "account", account: 0, status: "down" }),
      ...desk.send({ type: "account", account: 0, status: "up" }),
      ...desk.wait(2_000),
    ];
    expect(effects).toContainEqual(expect.objectContaining({ type: "query", what: "fills" }));
    tell("missed");
    const booked = filledLots();
    for (let n = 0; n < 510; n++) tell(`t${n}`);
    expect(filledLots()).toBe(booked);
    desk.nowUs += 60_000_001;
    tell("later");
    expect(account.fillKeys.size).toBe(FILL_KEYS.least);
  });

  it("with its fee in base lowers the inventory by the fee", () => {
    desk.send(fillOf(restOwn(desk, { sizeLots: 100 }), 100, { feeAsset: "BTC", feeAtoms: 100_000n }));
    expect(balances().btc).toBe(1_001n * BTC - 100_000n);
    const [market] = desk.state.markets;
    expect(market?.inventoryBase).toBe(0.999);
    expect(market?.position.quantityAtoms).toBe(BTC - 100_000n);
    // Bought at 99.90 against a fair value of 100.00: 10 cents won, 10 cents of coin paid.
    if (market === undefined) throw new Error("no market");
    const view = read(market.attribution);
    expect(view?.spreadCapture).toBeCloseTo(0.1, 9);
    expect(view?.makerFees).toBeCloseTo(-0.1, 9);
    expect(view?.total).toBeCloseTo(0, 9);
  });

  it("is booked once, however often it is told", () => {
    const fill = fillOf(restOwn(desk), 4);
    for (let i = 0; i < 3; i++) desk.send(fill);
    expect(filledLots()).toBe(4);
    expect(desk.state.counts).toMatchObject({ fills: 1, anomalies: 0 });
  });

  it.each([
    { name: "another price", change: { priceTicks: 9_991 }, told: "buy 0.04 at 99.91" },
    { name: "another size", change: { sizeLots: 5 }, told: "buy 0.05 at 99.9" },
    { name: "the other side", change: { side: "sell" }, told: "sell 0.04 at 99.9" },
  ] as const)("that is told again with $name is raised once, and the first stands", ({ change, told }) => {
    const order = restOwn(desk);
    const fill = fillOf(order, 4, { tradeId: "t" });
    desk.send(fill);
    const before = balances();
    const other = { ...fill, ...change };
    expect(desk.send(other)).toEqual([
      {
        type: "notice",
        code: "DUPLICATE_FILL",
        scope: fill.venueOrderId,
        text: `trade t is booked as buy 0.04 at 99.9 and told again as ${told}`,
      },
    ]);
    // Streams and cursors go on telling both.
    for (const again of [fill, other, fill, other]) expect(desk.send(again)).toEqual([]);
    expect([order.filledLots, filledLots(), balances()]).toEqual([4, 4, before]);
    expect(desk.state.counts).toMatchObject({ fills: 1, anomalies: 1 });
    const asked = desk.wait(1_000).filter(({ type }) => type === "query");
    expect(asked).toContainEqual({ type: "query", what: "balances", account: 0 });
  });

  it("that is told again in steps of another size is the same", () => {
    const order = restOwn(desk);
    const fill = fillOf(order, 4);
    desk.send(fill);
    const finer = { priceTicks: fill.priceTicks * 10, sizeLots: 40, steps: { tick: "0.001", lot: "0.001" } };
    expect(desk.send({ ...fill, ...finer })).toEqual([]);
    expect(filledLots()).toBe(4);
  });

  it("with one trade id on both of our orders is booked for both: we traded with ourselves", () => {
    const [buy, sell] = [restOwn(desk), restOwn(desk, { side: "sell" })];
    desk.send(fillOf(buy, 4, { tradeId: "same" }));
    desk.send(fillOf(sell, 4, { tradeId: "same" }));
    expect(desk.state.counts.fills).toBe(2);
    expect([buy.filledLots, sell.filledLots, filledLots()]).toEqual([4, 4, 0]);
  });

  it("with a trade id that another venue also uses is booked at both", () => {
    for (const instrument of [0, 1])
      desk.send(fillOf(restOwn(desk, { instrument }), 4, { tradeId: "same", venueOrderId: "same" }));
    expect(filledLots()).toBe(8);
  });

  it.each([
    { type: "orderCanceled", status: "CANCELED" },
    { type: "orderExpired", status: "EXPIRED" },
    { type: "orderRejected", status: "REJECTED" },
  ] as const)("that comes after the order was $status is booked once and raised", ({ type, status }) => {
    const order = placeOwn(desk);
    end(order, type);
    const fill = fillOf(order, 4);
    expect(noticesIn(desk.send(fill))).toEqual(["LATE_FILL"]);
    expect(noticesIn(desk.send(fill))).toEqual([]);
    expect([order.status, order.exposureLots, filledLots()]).toEqual([status, 0, 4]);
    expect(noticesIn(desk.send(fillOf(order, 6)))).toEqual(["LATE_FILL"]);
    expect([order.status, order.exposureLots, filledLots()]).toEqual(["FILLED", 0, 10]);
  });

  it("of more than was ordered is booked and raised", () => {
    const order = restOwn(desk);
    expect(noticesIn(desk.send(fillOf(order, 12)))).toEqual(["OVERFILL"]);
    expect([order.status, order.exposureLots, filledLots()]).toEqual(["FILLED", 0, 12]);
    expect(noticesIn(desk.send(fillOf(order, 1)))).toEqual(["LATE_FILL", "OVERFILL"]);
    expect(filledLots()).toBe(13);
  });

  it("that an ended order still waits for is no anomaly, and the last of them frees its exposure", () => {
    const order = restOwn(desk);
    desk.send({ type: "orderCanceled", account: 0, clientId: order.clientId, filledLots: 12 });
    expect(order.exposureLots).toBe(12);
    expect(noticesIn(desk.send(fillOf(order, 11)))).toEqual(["OVERFILL"]);
    expect([order.status, order.exposureLots]).toEqual(["FILLED", 1]);
    desk.send(fillOf(order, 1));
    expect(order.exposureLots).toBe(0);
    expect(desk.state.instruments[0]?.live).toEqual([]);
  });

  it.each([
    { name: "under an unknown id", change: { clientId: "somebody's" } },
    {
      name: "without an id, for an order that is not ours",
      change: { clientId: undefined, venueOrderId: "x" },
    },
    { name: "of another account under our id", change: { account: 1, instrument: 1 } },
  ])("$name is booked as foreign and touches no order of ours", ({ change }) => {
    const order = restOwn(desk);
    expect(noticesIn(desk.send(fillOf(order, 4, change)))).toEqual(["FOREIGN_FILL"]);
    expect([order.filledLots, order.exposureLots, filledLots()]).toEqual([0, 10, 4]);
    expect(desk.state.counts.anomalies).toBe(1);
  });

  it("without our id finds its order by the venue's", () => {
    const order = restOwn(desk);
    desk.send(fillOf(order, 4, { clientId: undefined }));
    expect([order.filledLots, order.exposureLots]).toEqual([4, 6]);
  });

  it("with a fee in an asset outside the desk is booked, and raised as unpriced", () => {
    const order = restOwn(desk);
    expect(noticesIn(desk.send(fillOf(order, 4, { feeAsset: "BNB", feeAtoms: 5n })))).toEqual([
      "UNPRICED_FILL",
    ]);
    expect([order.filledLots, filledLots(), desk.state.counts.fills]).toEqual([4, 4, 1]);
  });

  it("names an instrument of its account, or the engine stops", () => {
    expect(() => desk.send(fillOf(restOwn(desk), 4, { instrument: 1 }))).toThrow("a fill names instrument 1");
  });

  it("counts as spread captured when we made it and as reduction when we took", () => {
    const [market] = desk.state.markets;
    if (market === undefined) throw new Error("no market");
    desk.send(fillOf(restOwn(desk, { sizeLots: 100, priceTicks: 9_990 }), 100));
    expect(read(market.attribution)).toMatchObject({ reducing: 0 });
    expect(read(market.attribution)?.spreadCapture).toBeCloseTo(0.1, 9);
    const taken = fillOf(restOwn(desk, { side: "sell", sizeLots: 100, priceTicks: 10_010 }), 100, {
      liquidity: "taker",
    });
    desk.send(taken);
    expect(read(market.attribution)?.reducing).toBeCloseTo(0.1, 9);
    expect(read(market.attribution)?.total).toBeCloseTo(0.2, 9);
  });

  it("leaves a held inventory as it was told: bought and sold alike come back to zero", () => {
    holdInventory(desk, 7);
    holdInventory(desk, -7, 1);
    expect(desk.state.markets[0]?.inventoryBase).toBe(0);
    expect(desk.state.accounts.map(({ holdings }) => holdings.get("BTC")?.inventoryUnits)).toEqual([
      0.07, -0.07,
    ]);
  });
});
