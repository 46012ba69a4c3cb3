import { afterEach, describe, expect, it } from "vitest";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { BID, cancel, KEY, openDesk, place, POLL, serve, statuses, told } from "./served.ts";
import type { Desk, Served } from "./served.ts";

let venue: Served;
const open = async (id: ExchangeId, limits: "entry" | "lifted" = "lifted"): Promise<Desk> =>
  openDesk((venue = await serve(id, limits)));

afterEach(() => venue.close());

describe.each(EXCHANGE_IDS)("an account at %s", (id) => {
  it("whose venue's clock moves has its orders refused, measures, and trades on", async () => {
    const desk = await open(id);
    venue.fault({ kind: "clockSkew", offsetMs: 20_000, forMs: 600_000 });
    const first = place();
    desk.send(first);
    await expect.poll(() => told(desk, first.clientId).length, POLL).toBeGreaterThan(0);
    expect(told(desk, first.clientId)).toEqual(["orderRejected EXPIRED_REQUEST"]);
    expect(desk.doubts).toContain("clock");
    const second = place();
    desk.send(second);
    await expect.poll(() => told(desk, second.clientId), POLL).toEqual(["orderAccepted"]);
    desk.send({ type: "query", what: "order", account: 0, clientId: second.clientId, placedAtUs: 0 });
    await expect.poll(() => told(desk, second.clientId).at(-1), POLL).toContain("status OPEN");
  });

  it("with a key that the venue refuses stays down, says so once, and places nothing", async () => {
    venue = await serve(id);
    const desk = venue.desk({ ...KEY, apiKey: "no-such-key-at-all" });
    await desk.side.start();
    await expect.poll(() => desk.logged.filter((line) => line.startsWith("error")).length, POLL).toBe(1);
    const order = place();
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderRejected OTHER"]);
    expect(statuses(desk)).toEqual(["down"]);
    expect(desk.logged.join()).not.toContain(KEY.secret);
  });

  it("that is full of orders keeps within the venue's limits, and can cancel all the same", async () => {
    const desk = await open(id, "entry");
    const orders = Array.from({ length: 150 }, (_, n) => place({ priceTicks: BID - 10 - n, sizeLots: 100 }));
    for (const order of orders) desk.send(order);
    await expect
      .poll(() => orders.filter(({ clientId }) => told(desk, clientId).length === 0), POLL)
      .toEqual([]);
    const accepted = orders.filter(({ clientId }) => told(desk, clientId)[0] === "orderAccepted");
    const outcomes = new Set(orders.map(({ clientId }) => told(desk, clientId)[0]));
    expect(outcomes).toEqual(new Set(["orderAccepted", "orderRejected RATE_LIMIT"]));
    expect(accepted.length).toBeGreaterThan(30);
    for (const order of accepted.slice(0, 10)) desk.send(cancel(order.clientId));
    await expect.poll(() => venue.core.openOrders(0).length, POLL).toBe(accepted.length - 10);
    expect(desk.events.filter(({ type }) => type === "orderUnknown")).toEqual([]);
  });
});

describe("a ban", () => {
  it("is kept to its end: nothing leaves, cancels neither, and then they do", async () => {
    const desk = await open("binance");
    const order = place();
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
    venue.fault({ kind: "ban", forMs: 5_000 });
    desk.send({ type: "query", what: "balances", account: 0 });
    await expect.poll(() => desk.budget.use().silentUntilUs, POLL).toBeDefined();
    const other = place();
    desk.send(other);
    await expect.poll(() => told(desk, other.clientId), POLL).toEqual(["orderRejected RATE_LIMIT"]);
    let sent = 0;
    const outcome = (): string | undefined => {
      const texts = told(desk, order.clientId);
      // The ban outlasts what a cancel waits, and the engine asks again.
      if (texts.filter((text) => text === "orderUnknown cancel").length === sent) {
        desk.send(cancel(order.clientId));
        sent += 1;
      }
      return texts.at(-1);
    };
    await expect.poll(outcome, { ...POLL, interval: 50 }).toBe("orderCanceled 0");
    expect(desk.budget.use().silentUntilUs).toBeUndefined();
  });
});
