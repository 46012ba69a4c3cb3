import { describe, expect, it } from "vitest";
import type { Command } from "../../../../server/contract/commands.ts";
import type { Effect, PlaceEffect } from "../../../../server/contract/effects.ts";
import {
  BTC,
  coldDesk,
  fillOf,
  holdInventory,
  readyDesk,
  reconcile,
  restOwn,
  sendBook,
  type Adjust,
  type Desk,
  newCommandId,
} from "../../../support/desk.ts";
import { sayUnknown } from "../../../support/orderReports.ts";

/** A flatten may take a minute; its end is told on the timer after that. */
const MINUTE_MS = 60_250;

function command(desk: Desk, body: Command): void {
  desk.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "test", command: body });
}

function flatten(desk: Desk, slippageMaxBps = 20): void {
  command(desk, { type: "flatten", market: "BTC", slippageMaxBps });
}

/** Without the quotes, which come back in the very step that ends a flatten. */
function placed(effects: readonly Effect[]): PlaceEffect[] {
  return effects
    .filter((effect) => effect.type === "place")
    .filter(({ timeInForce }) => timeInForce === "IOC");
}

function told(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) =>
    effect.type === "notice" && effect.code === "FLATTEN" ? [effect.text] : [],
  );
}

/** As a venue answers an IOC order: filled where it meets the book, ended where it does not. */
function answer(desk: Desk, sent: PlaceEffect): void {
  const { account, clientId, side, priceTicks, sizeLots } = sent;
  const order = desk.state.orders.get(clientId);
  const { bidTicks = 0, askTicks = Infinity } = desk.state.instruments[sent.instrument]?.external ?? {};
  if (order === undefined) throw new Error("no order");
  desk.send({ type: "orderAccepted", account, clientId, venueOrderId: `v${clientId}` });
  const meets = side === "sell" ? priceTicks <= bidTicks : priceTicks >= askTicks;
  if (meets) desk.send(fillOf(order, sizeLots, { liquidity: "taker" }));
  else desk.send({ type: "orderExpired", account, clientId, filledLots: 0 });
}

/** Runs the flatten against answering venues until it ends; gives what was sent, what was told, and how long it took. */
function runToEnd(desk: Desk): { sent: PlaceEffect[]; texts: string[]; tookMs: number } {
  const sent: PlaceEffect[] = [];
  const texts: string[] = [];
  const startUs = desk.nowUs;
  while (desk.state.markets[0]?.flatten !== undefined) {
    const tookMs = (desk.nowUs - startUs) / 1_000;
    if (tookMs > MINUTE_MS) throw new Error("the flatten does not end");
    const effects = desk.wait(250);
    texts.push(...told(effects));
    for (const order of placed(effects)) {
      sent.push(order);
      answer(desk, order);
    }
  }
  return { sent, texts, tookMs: (desk.nowUs - startUs) / 1_000 };
}

function inventories(desk: Desk): (number | undefined)[] {
  return desk.state.accounts.map(({ holdings }) => holdings.get("BTC")?.inventoryUnits);
}

describe("a flatten over venues", () => {
  it("brings opposed inventories home by halves, though either alone would exceed the net limit", () => {
    const desk = readyDesk({ venues: 2, parameters: { netMaxPct: 8 } });
    holdInventory(desk, 900, 0);
    holdInventory(desk, -900, 1);
    flatten(desk);
    const { sent, texts, tookMs } = runToEnd(desk);
    expect(sent.slice(0, 2)).toMatchObject([
      { account: 0, side: "sell", sizeLots: 450 },
      { account: 1, side: "buy", sizeLots: 450 },
    ]);
    expect(inventories(desk)).toEqual([0, 0]);
    expect(texts).toEqual(["inventory is back at its baseline"]);
    expect(tookMs).toBeLessThan(5_000);
  });

  it("never takes the desk's net beyond its limit on the way", () => {
    const desk = readyDesk({ venues: 2, parameters: { netMaxPct: 3 } });
    holdInventory(desk, 900, 0);
    holdInventory(desk, -900, 1);
    flatten(desk);
    const { sent } = runToEnd(desk);
    let netLots = 0;
    for (const { side, sizeLots } of sent) {
      netLots += side === "buy" ? sizeLots : -sizeLots;
      expect(Math.abs(netLots)).toBeLessThanOrEqual(300);
    }
    expect(inventories(desk)).toEqual([0, 0]);
  });

  it("goes on at every other venue while one has an order whose outcome is UNKNOWN, and says where it gave up", () => {
    const desk = readyDesk({ venues: 3 });
    for (const venue of [0, 1, 2]) holdInventory(desk, 100, venue);
    const doubtful = restOwn(desk, { side: "sell", instrument: 0 });
    sayUnknown(desk, doubtful);
    flatten(desk);
    const { sent, texts, tookMs } = runToEnd(desk);
    expect(sent.map(({ account, sizeLots }) => [account, sizeLots])).toEqual([
      [1, 100],
      [2, 100],
    ]);
    expect(inventories(desk)).toEqual([1, 0, 0]);
    expect(texts).toEqual([expect.stringContaining("inventory left at v0")]);
    expect(tookMs).toBeLessThanOrEqual(MINUTE_MS);
  });

  it("takes up the venue again once the venue has answered for its order", () => {
    const desk = readyDesk({ venues: 2 });
    for (const venue of [0, 1]) holdInventory(desk, 100, venue);
    const doubtful = restOwn(desk, { side: "sell", instrument: 0 });
    sayUnknown(desk, doubtful);
    flatten(desk);
    for (const order of placed(desk.wait(1_000))) answer(desk, order);
    expect(inventories(desk)).toEqual([1, 0]);
    desk.send({ type: "orderCanceled", account: 0, clientId: doubtful.clientId, filledLots: 0 });
    expect(runToEnd(desk).texts).toEqual(["inventory is back at its baseline"]);
    expect(inventories(desk)).toEqual([0, 0]);
  });

  it("prices each venue from its own basis: 5 bps of slippage fill where the basis is 10", () => {
    const desk = coldDesk({ venues: 2, parameters: { basisHalfLifeMinutes: 0.1 } });
    sendBook(desk, 0, 10_000);
    sendBook(desk, 1, 10_020);
    for (const venue of [0, 1]) reconcile(desk, venue);
    command(desk, { type: "setTradingState", scope: { level: "desk" }, state: "PAUSED" });
    // Books that move for a while, always 20 ticks apart: a lasting difference.
    for (let second = 1; second <= 40; second++) {
      desk.wait(1_000);
      sendBook(desk, 0, 10_000 + (second % 2));
      sendBook(desk, 1, 10_020 + (second % 2));
    }
    const bases = desk.state.instruments.map(({ basis }) => basis.valuePrice);
    expect((bases[1] ?? 0) - (bases[0] ?? 0)).toBeCloseTo(0.2, 2);
    holdInventory(desk, 100, 0);
    holdInventory(desk, -100, 1);
    flatten(desk, 5);
    expect(runToEnd(desk)).toMatchObject({ texts: ["inventory is back at its baseline"] });
    expect(inventories(desk)).toEqual([0, 0]);
  });

  const minimum =
    (filter: object): Adjust =>
    (config) => ({ ...config, instruments: config.instruments.map((inst) => ({ ...inst, ...filter })) });

  it.each([
    { name: "lots", filter: { sizeMinLots: 10 } },
    { name: "notional", filter: { notionalMinQuote: "10" } },
  ])("of less than the venue's minimum of $name ends at once and is refused nowhere", ({ filter }) => {
    const desk = readyDesk({ venues: 2, adjust: minimum(filter) });
    holdInventory(desk, 9, 0);
    holdInventory(desk, -9, 1);
    desk.wait(250);
    const refusals = new Map(desk.state.refusals);
    flatten(desk);
    const { sent, texts, tookMs } = runToEnd(desk);
    expect([sent, texts, tookMs]).toEqual([[], ["inventory is back at its baseline"], 250]);
    expect(desk.state.refusals).toEqual(refusals);
    expect(inventories(desk)).toEqual([0.09, -0.09]);
  });

  it("of one lot more than the dust trades it", () => {
    const desk = readyDesk({ adjust: minimum({ sizeMinLots: 10 }) });
    holdInventory(desk, 10);
    flatten(desk);
    expect(runToEnd(desk).sent).toMatchObject([{ sizeLots: 10 }]);
  });

  it("sends nothing to a venue whose book is void, and names that when it gives up", () => {
    const desk = readyDesk({ venues: 2 });
    holdInventory(desk, 100, 0);
    holdInventory(desk, 100, 1);
    desk.send({ type: "feed", instrument: 0, status: "gap" });
    flatten(desk);
    const { sent, texts } = runToEnd(desk);
    expect(sent.map(({ account }) => account)).toEqual([1]);
    expect(texts).toEqual(["gave up with inventory left at v0: FEED_GAP stood in the way"]);
    expect(inventories(desk)).toEqual([1, 0]);
  });

  it("sends nothing at all while no venue has a book", () => {
    const desk = readyDesk();
    holdInventory(desk, 100);
    desk.send({ type: "feed", instrument: 0, status: "down" });
    flatten(desk);
    expect(runToEnd(desk)).toMatchObject({ sent: [], texts: [expect.stringContaining("FEED_GAP")] });
  });

  it("leaves the working stock at every venue to the atom", () => {
    const desk = readyDesk({ venues: 2, stockBtc: 1 });
    holdInventory(desk, 250, 0);
    holdInventory(desk, -60, 1);
    flatten(desk);
    runToEnd(desk);
    expect(desk.state.accounts.map(({ holdings }) => holdings.get("BTC")?.balanceAtoms)).toEqual([BTC, BTC]);
  });

  it("gives the market back to its quotes within a minute, whatever stands in the way", () => {
    const desk = readyDesk({ venues: 2 });
    holdInventory(desk, 100, 0);
    desk.send({ type: "account", account: 0, status: "down" });
    flatten(desk);
    const { tookMs, texts } = runToEnd(desk);
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
    expect(tookMs).toBeLessThanOrEqual(MINUTE_MS);
    expect(texts).toEqual([expect.stringContaining("ACCOUNT_NOT_READY stood in the way")]);
  });
});
