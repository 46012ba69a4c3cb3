import { afterEach, describe, expect, it } from "vitest";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import type { PaidReads } from "../../../../../server/venues/ccxt/gateway/paidReads.ts";
import { Questions } from "../../../../../server/venues/ccxt/gateway/questions.ts";
import { OrderTracker } from "../../../../../server/venues/ccxt/gateway/tracker.ts";
import { amend, ASK, BID, cancel, KEY, nowUs, openDesk, place, POLL, serve, told } from "./served.ts";
import type { Desk, Served } from "./served.ts";

let venue: Served;
const open = async (id: ExchangeId): Promise<Desk> => openDesk((venue = await serve(id)));

const last = (desk: Desk, type: string) => desk.events.findLast((event) => event.type === type);

describe.each(EXCHANGE_IDS)("questions to %s", (id) => {
  afterEach(() => venue.close());

  it("about open orders: all symbols, other hands' too, with the time of the question", async () => {
    const desk = await open(id);
    const mine = place({ instrument: 1 });
    desk.send(mine);
    await expect.poll(() => venue.core.openOrders(0).length, POLL).toBe(1);
    venue.core.place(0, { ...place(), clientId: "x-web-1", timeInForce: "GTC" });
    const askedAtUs = nowUs();
    desk.send({ type: "query", what: "openOrders", account: 0 });
    await expect.poll(() => last(desk, "openOrders"), POLL).toBeDefined();
    const answer = last(desk, "openOrders");
    if (answer?.type !== "openOrders") throw new Error("no answer");
    expect(answer.askedAtUs).toBeGreaterThanOrEqual(askedAtUs);
    expect(answer.askedAtUs).toBeLessThan(nowUs());
    expect(answer.orders.toSorted((a, b) => a.clientId.localeCompare(b.clientId))).toMatchObject([
      {
        clientId: mine.clientId,
        instrument: 1,
        side: "buy",
        priceTicks: mine.priceTicks,
        sizeLots: 1_000,
        filledLots: 0,
      },
      { clientId: "x-web-1", instrument: 0 },
    ]);
  });

  it("about open orders: those of symbols that are not configured as the venue writes them", async () => {
    venue = await serve(id);
    const desk = await openDesk(
      venue,
      venue.desk(KEY, (index) => index === 0),
    );
    venue.core.place(0, { ...place({ instrument: 1 }), clientId: "x-web-1", timeInForce: "GTC" });
    desk.send({ type: "query", what: "openOrders", account: 0 });
    await expect.poll(() => last(desk, "openOrders"), POLL).toBeDefined();
    const answer = last(desk, "openOrders");
    if (answer?.type !== "openOrders") throw new Error("no answer");
    expect(answer.orders).toEqual([]);
    expect(answer.elsewhere).toMatchObject([{ clientId: "x-web-1", side: "buy" }]);
    const [order] = answer.elsewhere ?? [];
    expect(order?.symbol).toContain("ETH");
    expect([Number(order?.price), Number(order?.size)]).toEqual([(BID - 1_000) / 10, 0.01]);
  });

  it("about balances: totals, exact, holds included", async () => {
    const desk = await open(id);
    desk.send(place());
    desk.send(place({ priceTicks: ASK, sizeLots: 9, timeInForce: "IOC", clientId: "habc00010000001" }));
    await expect.poll(() => last(desk, "fill"), POLL).toBeDefined();
    desk.send({ type: "query", what: "balances", account: 0 });
    await expect.poll(() => last(desk, "balances"), POLL).toBeDefined();
    const answer = last(desk, "balances");
    if (answer?.type !== "balances") throw new Error("no answer");
    const truth = venue.core.balances(0).map(({ asset, totalAtoms }) => ({ asset, totalAtoms }));
    expect(answer.balances.toSorted(byAsset)).toEqual(truth.toSorted(byAsset));
  });

  it("about one order: open, amended, filled in part, ended, and none", async () => {
    const desk = await open(id);
    const order = place({ priceTicks: BID, sizeLots: 2_000 });
    const ask = (clientId: string) =>
      desk.send({ type: "query", what: "order", account: 0, clientId, placedAtUs: 0 });
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
    ask(order.clientId);
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`status OPEN 0/2000@${BID}`);
    venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 1_000_500 });
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`fill 500@${BID} maker`);
    desk.send(amend(order, { priceTicks: BID - 5, sizeLots: 1_800 }));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`orderAmended 1800@${BID - 5}`);
    ask(order.clientId);
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`status OPEN 500/1800@${BID - 5}`);
    desk.send(cancel(order.clientId));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe("orderCanceled 500");
    ask(order.clientId);
    await expect
      .poll(() => told(desk, order.clientId).at(-1), POLL)
      .toBe(`status CANCELED 500/1800@${BID - 5}`);
    ask("qabc00010zzzzzz");
    await expect.poll(() => told(desk, "qabc00010zzzzzz"), POLL).toEqual(["status none"]);
  });

  it("about many orders at once, from a gateway that has placed none of them", async () => {
    const desk = await open(id);
    const orders = Array.from({ length: 8 }, (_, n) =>
      place({ instrument: n % 2, priceTicks: BID - 100 - n }),
    );
    for (const order of orders) desk.send(order);
    await expect.poll(() => venue.core.openOrders(0).length, POLL).toBe(8);
    for (const order of orders.slice(0, 3)) desk.send(cancel(order.clientId, order.instrument));
    await expect.poll(() => venue.core.openOrders(0).length, POLL).toBe(5);
    const other = await openDesk(venue);
    for (const { clientId } of orders)
      other.send({ type: "query", what: "order", account: 0, clientId, placedAtUs: 0 });
    for (const [n, { clientId, priceTicks }] of orders.entries())
      await expect
        .poll(() => told(other, clientId).at(-1), POLL)
        .toBe(`status ${n < 3 ? "CANCELED" : "OPEN"} 0/1000@${priceTicks}`);
  });

  it("about fills since then: all of them again, under their orders", async () => {
    const desk = await open(id);
    const order = place({ priceTicks: BID, sizeLots: 2_000 });
    const sinceUs = nowUs();
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
    venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 1_002_000 });
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`fill 2000@${BID} maker`);
    const other = await openDesk(venue);
    expect(other.events.filter(({ type }) => type === "fill")).toEqual([]);
    other.send({ type: "query", what: "fills", account: 0, sinceUs });
    await expect.poll(() => told(other, order.clientId), POLL).toContain(`fill 2000@${BID} maker`);
    const [first, again] = [last(desk, "fill"), last(other, "fill")];
    // Venues stamp a trade in their list and in their stream with up to a millisecond between.
    expect({ ...again, venueAtUs: 0 }).toEqual({ ...first, venueAtUs: 0 });
  });
});

it("those about fills that come while one waits for room are that one, from the earliest instant", async () => {
  const waiting: (() => number)[] = [];
  const leave: (() => void)[] = [];
  const questions = new Questions({
    account: 0,
    exchange: exchangeOf("kraken"),
    instance: {} as CcxtInstance,
    paid: {} as PaidReads,
    tracker: new OrderTracker("abc"),
    reports: { news: () => undefined },
    listedOf: () => undefined,
    decimals: new Map(),
    nowMs: () => 0,
    tellFillsSince(sinceUs) {
      waiting.push(sinceUs);
      return new Promise((resolve) => leave.push(resolve));
    },
    emit: () => undefined,
    log: () => undefined,
  });
  questions.ask("fills", 1_000, 70);
  await expect.poll(() => waiting.length).toBe(1);
  questions.ask("fills", 2_000, 50);
  questions.ask("fills", 3_000, 60);
  expect(waiting[0]?.()).toBe(50);
  leave[0]?.();
  await new Promise(setImmediate);
  expect(waiting).toHaveLength(1);
  questions.ask("fills", 4_000, 80);
  await expect.poll(() => waiting.length).toBe(2);
  expect(waiting[1]?.()).toBe(80);
});

function byAsset(a: { readonly asset: string }, b: { readonly asset: string }): number {
  return a.asset.localeCompare(b.asset);
}
