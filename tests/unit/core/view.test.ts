import { describe, expect, it } from "vitest";
import type { Command } from "../../../server/contract/commands.ts";
import { describeReason } from "../../../server/contract/reasons.ts";
import type { DeskView, InstrumentView, MarketView, SideView } from "../../../server/contract/views.ts";
import { encodeState } from "../../../server/engine/hash/canonical.ts";
import { viewDesk } from "../../../server/core/view.ts";
import {
  BTC,
  coldDesk,
  fillOf,
  holdInventory,
  placeOwn,
  quotingDesk,
  readyDesk,
  sendBalances,
  sendBook,
  sendOpenOrders,
  type Desk,
  newCommandId,
} from "../../support/desk.ts";
import { sayUnknown } from "../../support/orderReports.ts";

function command(desk: Desk, body: Command): void {
  desk.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "test", command: body });
}

function marketIn(view: DeskView): MarketView {
  const [market] = view.markets;
  if (market === undefined) throw new Error("no market");
  return market;
}

function instIn(view: DeskView, index = 0): InstrumentView {
  const inst = marketIn(view).instruments[index];
  if (inst === undefined) throw new Error("no instrument");
  return inst;
}

function sideIn(view: DeskView, instrument: number, side: "buy" | "sell"): SideView {
  const found = instIn(view, instrument).sides.find((other) => other.side === side);
  if (found === undefined) throw new Error("no side");
  return found;
}

/** A trade of nobody's order at a price. */
function trade(desk: Desk, side: "buy" | "sell", lots: number, priceTicks: number, account = 0): void {
  const theirs = { account, instrument: account, clientId: "", side, priceTicks };
  desk.send(fillOf(theirs, lots, { clientId: undefined }));
}

describe("the view of a desk that knows nothing yet", () => {
  it("has no figure in the place of one that is missing", () => {
    const view = viewDesk(coldDesk().engine);
    expect(view).toMatchObject({ atUs: 0, state: "ACTIVE", reportingAsset: "USD", paramVersion: 1 });
    expect(marketIn(view)).toMatchObject({
      fair: undefined,
      fairAgeMs: undefined,
      fairSdBps: undefined,
      volatility: { status: "COLD", bpsPerSqrtS: undefined, stderrBps: undefined },
      model: undefined,
      limitBase: undefined,
      inventoryBase: 0,
      position: {
        quantityBase: 0,
        openedAtUs: undefined,
        averageCost: undefined,
        realised: 0,
        unrealised: undefined,
      },
    });
    expect(instIn(view)).toMatchObject({
      bid: undefined,
      bidSizeBase: undefined,
      ask: undefined,
      askSizeBase: undefined,
      channelAgeMs: undefined,
      bookAgeMs: undefined,
      basisBps: undefined,
      weight: 0,
      uptimeShare: 0,
    });
    expect(view.accounts).toEqual([
      {
        account: "v0",
        status: "NOT_READY",
        brokenBy: undefined,
        agreedAtUs: undefined,
        reconcileEveryMs: 5_000,
        breaks: [],
        ordersLeftOut: 0,
        state: "ACTIVE",
        clearedAtUs: undefined,
        sealedAtUs: undefined,
      },
    ]);
  });
});

describe("the view of a quoting desk", () => {
  it("shows an instrument with others' prices, ages, share of fair value and our order on each side", () => {
    const desk = quotingDesk({ venues: 2 });
    sendBook(desk, 0, 10_000);
    desk.nowUs += 40_000;
    // Trades come on a channel of their own: they say nothing of the book's.
    desk.send({ type: "trade", instrument: 0, priceTicks: 10_000 });
    expect(instIn(viewDesk(desk.engine))).toMatchObject({ bookAgeMs: 40, channelAgeMs: 40 });
    desk.send({ type: "feed", instrument: 0, status: "alive" });
    const [bid, ask] = [...desk.state.orders.values()];
    if (bid === undefined || ask === undefined) throw new Error("not quoting");
    const order = { status: "OPEN", waitsFor: undefined, remainingBase: 2 };
    const { uptimeShare, ...shown } = instIn(viewDesk(desk.engine));
    expect(shown).toEqual({
      account: "v0",
      symbol: "BTC/USD",
      quoted: true,
      bid: expect.closeTo(99.99, 9),
      bidSizeBase: 5,
      ask: expect.closeTo(100.01, 9),
      askSizeBase: 5,
      channelAgeMs: 0,
      bookAgeMs: 40,
      basisBps: 0,
      weight: 0.5,
      inventoryBase: 0,
      sides: [
        {
          side: "buy",
          state: "ACTIVE",
          reason: undefined,
          order: { ...order, clientId: bid.clientId, price: bid.priceTicks * 0.01 },
        },
        {
          side: "sell",
          state: "ACTIVE",
          reason: undefined,
          order: { ...order, clientId: ask.clientId, price: ask.priceTicks * 0.01 },
        },
      ],
    });
    expect(uptimeShare).toBeGreaterThan(0);
    expect(uptimeShare).toBeLessThan(1);
    expect(instIn(viewDesk(desk.engine), 1)).toMatchObject({ channelAgeMs: 40, bookAgeMs: 25_040 });
  });

  it("shows a market with its fair value, how sure and how old that is, and the model in force", () => {
    const desk = quotingDesk({ venues: 3 });
    desk.nowUs += 30_000;
    desk.send({ type: "trade", instrument: 0, priceTicks: 10_000 });
    const view = marketIn(viewDesk(desk.engine));
    expect(view).toMatchObject({ market: "BTC", base: "BTC", state: "ACTIVE", fairAgeMs: 30 });
    expect(view.limitBase).toBeCloseTo(10, 9);
    expect(view.fair).toBeCloseTo(100, 9);
    expect(view.fairSdBps).toBeGreaterThan(0);
    const sigma = desk.state.markets[0]?.volatility.valuePerSqrtS ?? 0;
    expect(view.volatility.bpsPerSqrtS).toBeCloseTo(sigma * 100, 9);
    expect(view.volatility.stderrBps).toBeGreaterThan(0);
    // Inventory is meant to settle at a quarter of the limit.
    expect(view.model?.inventorySdBase).toBeCloseTo(2.5, 6);
    expect(view.model?.gammaPerQuote).toBeGreaterThan(0);
    expect(view.model?.slope).toBeGreaterThan(0);
    expect(view.model?.halfLifeS).toBeGreaterThan(0);
    expect(view.instruments.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it("gives all the weight to the venues that are left when one is lost", () => {
    const desk = quotingDesk({ venues: 3 });
    desk.send({ type: "feed", instrument: 1, status: "gap" });
    const weights = marketIn(viewDesk(desk.engine)).instruments.map(({ weight }) => weight);
    expect(weights[1]).toBe(0);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it("shows exposures as the sum of markets, net and gross", () => {
    const desk = readyDesk({ venues: 2 });
    holdInventory(desk, -300, 0);
    holdInventory(desk, 100, 1);
    const view = viewDesk(desk.engine);
    expect([view.netExposure, view.grossExposure]).toEqual([-200, 200]);
    expect(marketIn(view).inventoryBase).toBe(-2);
    expect(marketIn(view).instruments.map(({ inventoryBase }) => inventoryBase)).toEqual([-3, 1]);
  });
});

describe("the view of a position", () => {
  it("shows average cost, what is realised and what is not", () => {
    const desk = readyDesk({ venues: 2 });
    const openedAtUs = desk.nowUs;
    trade(desk, "buy", 100, 10_000);
    desk.wait(500);
    trade(desk, "buy", 100, 10_200, 1);
    trade(desk, "sell", 50, 10_400);
    // Two at 101.00 on average; half a coin sold 3.00 above that; the rest is worth 100.00.
    expect(marketIn(viewDesk(desk.engine)).position).toEqual({
      quantityBase: 1.5,
      openedAtUs,
      averageCost: 101,
      realised: 1.5,
      unrealised: -1.5,
    });
    trade(desk, "sell", 150, 10_000);
    expect(marketIn(viewDesk(desk.engine)).position).toEqual({
      quantityBase: 0,
      openedAtUs: undefined,
      averageCost: undefined,
      realised: 0,
      unrealised: 0,
    });
  });

  it("shows a short one with a positive cost per coin", () => {
    const desk = readyDesk();
    trade(desk, "sell", 200, 10_100);
    const position = marketIn(viewDesk(desk.engine)).position;
    expect(position).toMatchObject({ quantityBase: -2, averageCost: 101, realised: 0, unrealised: 2 });
  });
});

describe("the view of a side", () => {
  it("shows what an order waits for, as long as it waits", () => {
    const desk = quotingDesk({ venues: 2 });
    desk.answers = false;
    const [bid] = desk.state.orders.values();
    if (bid === undefined) throw new Error("not quoting");
    sayUnknown(desk, bid, "amend");
    const scope = { level: "side", account: "v1", symbol: "BTC/USD", side: "sell" } as const;
    command(desk, { type: "setTradingState", scope, state: "PAUSED" });
    const view = viewDesk(desk.engine);
    expect(sideIn(view, 0, "buy").order).toMatchObject({ status: "UNKNOWN", waitsFor: "amend" });
    expect(sideIn(view, 0, "sell").order).toMatchObject({ status: "OPEN", waitsFor: undefined });
    expect(sideIn(view, 1, "sell").order).toMatchObject({ status: "PENDING_CANCEL", waitsFor: "cancel" });
  });

  it("shows why nothing is quoted, since when, and what lifts it", () => {
    const desk = quotingDesk({ venues: 2 });
    desk.wait(750);
    const scope = { level: "side", account: "v1", symbol: "BTC/USD", side: "sell" } as const;
    command(desk, { type: "setTradingState", scope, state: "PAUSED" });
    const sinceUs = desk.nowUs;
    desk.wait(2_000);
    const view = viewDesk(desk.engine);
    expect(sideIn(view, 1, "sell")).toEqual({
      side: "sell",
      state: "PAUSED",
      order: undefined,
      reason: { code: "PAUSED", ...describeReason("PAUSED"), sinceUs },
    });
    expect(sideIn(view, 1, "buy")).toMatchObject({ state: "ACTIVE", reason: undefined });
  });

  it("shows the gate's refusal where something is wanted, and since when", () => {
    const desk = quotingDesk({ parameters: { netMaxPct: 3 } });
    desk.wait(500);
    holdInventory(desk, 200);
    const sinceUs = desk.nowUs;
    desk.wait(1_000);
    expect(sideIn(viewDesk(desk.engine), 0, "buy").reason).toEqual({
      code: "NET_LIMIT",
      text: "the worst case exceeds the desk's net limit",
      releases: "less net exposure",
      sinceUs,
    });
  });

  it("shows what is left of an order that was filled in part", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const [bid] = desk.state.orders.values();
    if (bid === undefined) throw new Error("not quoting");
    desk.send(fillOf(bid, 50));
    expect(sideIn(viewDesk(desk.engine), 0, "buy").order?.remainingBase).toBe(1.5);
  });
});

describe("the view of an account", () => {
  it("names the difference that breaks it, while it does", () => {
    const desk = readyDesk({ venues: 2 });
    for (let i = 0; i < 3; i++) sendBalances(desk, 1, 1_000n * BTC - 2_000_000n);
    expect(viewDesk(desk.engine).accounts).toMatchObject([
      { account: "v0", status: "READY", brokenBy: undefined },
      {
        account: "v1",
        status: "DEGRADED",
        brokenBy: "BTC: venue 999.98, ours 1000",
        breaks: [
          {
            kind: "balance",
            what: "BTC",
            ours: "1000",
            venue: "999.98",
            sinceUs: desk.nowUs,
            seenTimes: 3,
            severity: "observe-only",
          },
        ],
      },
    ]);
    sendBalances(desk, 1);
    expect(viewDesk(desk.engine).accounts[1]).toMatchObject({ status: "RECONCILING", brokenBy: undefined });
  });

  it("shows when it was cleared and when it was sealed", () => {
    const desk = readyDesk();
    const { clientId } = placeOwn(desk);
    const scope = { level: "account", account: "v0" } as const;
    command(desk, { type: "setTradingState", scope, state: "KILLED" });
    desk.send({ type: "orderCanceled", account: 0, clientId, filledLots: 0 });
    sendOpenOrders(desk, 0, []);
    const clearedAtUs = desk.nowUs;
    const [cleared] = viewDesk(desk.engine).accounts;
    expect(cleared).toMatchObject({ state: "KILLED", clearedAtUs, sealedAtUs: undefined });
    desk.wait(3_000);
    sendOpenOrders(desk, 0, []);
    const [sealed] = viewDesk(desk.engine).accounts;
    expect(sealed).toMatchObject({ state: "KILLED", clearedAtUs, sealedAtUs: desk.nowUs });
  });
});

describe("looking", () => {
  it.each([
    { name: "cold", desk: () => coldDesk({ venues: 2 }) },
    { name: "quoting", desk: () => quotingDesk({ venues: 2 }) },
    {
      name: "in trouble",
      desk: () => {
        const desk = quotingDesk({ venues: 2 });
        desk.answers = false;
        holdInventory(desk, 300);
        desk.send({ type: "account", account: 1, status: "down" });
        desk.send({ type: "feed", instrument: 0, status: "gap" });
        desk.wait(1_250);
        return desk;
      },
    },
  ])("at a desk that is $name changes not a byte of it", ({ desk }) => {
    const { engine, state } = desk();
    const before = encodeState(state);
    expect(viewDesk(engine)).toEqual(viewDesk(engine));
    expect(encodeState(state)).toEqual(before);
  });
});

describe("the day's figures in a view", () => {
  const DAY_US = 86_400_000_000;

  it("count from the first sample, and from midnight UTC once that has passed", () => {
    const desk = quotingDesk();
    const sinceUs = viewDesk(desk.engine).day?.sinceUs ?? 0;
    expect(desk.nowUs - sinceUs).toBeLessThan(26_000_000);
    holdInventory(desk, 100);
    sendBook(desk, 0, 10_100);
    const before = viewDesk(desk.engine);
    expect(before.pnl.total).toBeGreaterThan(0.5);
    expect(before.day?.total).toBeCloseTo(before.pnl.total, 9);
    const midnightUs = desk.nowUs - (desk.nowUs % DAY_US) + DAY_US;
    desk.nowUs = midnightUs + 500_000;
    desk.wait(1_000);
    const { day, pnl } = viewDesk(desk.engine);
    expect(day).toMatchObject({ sinceUs: midnightUs, total: 0 });
    expect(pnl.total).toBeCloseTo(before.pnl.total, 6);
  });
});

describe("the version that quotes were decided under", () => {
  it("is unknown before the first decision, and follows a change of parameters at once", () => {
    expect(viewDesk(coldDesk().engine).quotingVersion).toBeUndefined();
    const desk = quotingDesk();
    expect(viewDesk(desk.engine).quotingVersion).toBe(1);
    const changes = [{ scope: { level: "desk" }, name: "spreadMultiplier", value: 2 }] as const;
    command(desk, { type: "setParameters", expectedVersion: 1, changes: [...changes] });
    expect(viewDesk(desk.engine).quotingVersion).toBe(2);
  });
});
