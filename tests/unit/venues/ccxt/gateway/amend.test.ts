import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { amend, ASK, BID, cancel, nowUs, openDesk, place, POLL, serve, told } from "./served.ts";
import type { Desk, Served } from "./served.ts";

let venue: Served;
let desk: Desk;

beforeEach(async () => {
  venue = await serve("binance");
  desk = await openDesk(venue);
  venue.market({ kind: "snapshot", instrument: 0, bids: [BID - 1, 1_000_000], asks: [ASK, 1_000_000] });
});

afterEach(() => venue.close());

async function rest(sizeLots = 1_000) {
  const order = place({ priceTicks: BID, sizeLots });
  desk.send(order);
  await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
  return order;
}

const names = () => venue.core.openOrders(0).map(({ clientId }) => clientId);
const hit = (sizeLots: number) => venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots });

describe("an amendment that is a cancel and a new order", () => {
  it("gives each life a name of its own and stays one order, with what each of them filled", async () => {
    const order = await rest();
    hit(300);
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`fill 300@${BID} maker`);
    desk.send(amend(order, { priceTicks: BID, sizeLots: 900 }));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`orderAmended 900@${BID}`);
    expect(names()).toEqual([`${order.clientId}1`]);
    expect(venue.core.openOrders(0)).toMatchObject([{ sizeLots: 600, filledLots: 0 }]);
    hit(100);
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`fill 100@${BID} maker`);
    desk.send(amend(order, { priceTicks: BID, sizeLots: 800 }));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`orderAmended 800@${BID}`);
    expect(names()).toEqual([`${order.clientId}2`]);
    expect(venue.core.openOrders(0)).toMatchObject([{ sizeLots: 400 }]);
    desk.send(cancel(order.clientId));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe("orderCanceled 400");
    const ids = desk.events.flatMap((event) => (event.type === "orderAmended" ? [event.venueOrderId] : []));
    expect(new Set(ids).size).toBe(2);
  });

  it("whose new half is refused ends the order", async () => {
    const order = await rest();
    desk.send(amend(order, { priceTicks: ASK, sizeLots: 900 }));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe("orderCanceled 0");
    expect(told(desk, order.clientId)).toEqual(["orderAccepted", "orderCanceled 0"]);
    expect(names()).toEqual([]);
  });

  it("whose first half finds nothing to cancel is refused as a whole", async () => {
    const order = await rest();
    venue.fault({ kind: "silentStream", of: "report", forMs: 600_000 });
    venue.core.cancel(0, { clientId: order.clientId });
    desk.send(amend(order, { priceTicks: BID - 1, sizeLots: 900 }));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe("amendRejected UNKNOWN_ORDER");
    expect(names()).toEqual([]);
  });

  it("that asks for no more than is filled is refused here", async () => {
    const order = await rest();
    hit(300);
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`fill 300@${BID} maker`);
    desk.send(amend(order, { priceTicks: BID, sizeLots: 300 }));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe("amendRejected FILTER");
    expect(names()).toEqual([order.clientId]);
  });

  it("of an order that this gateway does not know sends the engine to ask", async () => {
    const order = place();
    desk.send(amend(order, { priceTicks: BID, sizeLots: 300 }));
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["amendRejected UNKNOWN_ORDER"]);
  });

  it("leaves an order that another gateway cannot go on with, and cancels", async () => {
    const order = await rest();
    hit(300);
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`fill 300@${BID} maker`);
    desk.send(amend(order, { priceTicks: BID - 10, sizeLots: 900 }));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`orderAmended 900@${BID - 10}`);
    const other = await openDesk(venue);
    other.send({ type: "query", what: "order", account: 0, clientId: order.clientId, placedAtUs: 0 });
    other.send({ type: "query", what: "openOrders", account: 0 });
    await expect.poll(names, POLL).toEqual([]);
    await expect.poll(() => told(other, order.clientId).at(-1), POLL).toBe("orderCanceled 0");
    expect(told(other, order.clientId).filter((text) => text.startsWith("status OPEN"))).toEqual([]);
  });

  it.each([
    ["canceled", 100, "CANCELED 400/900"],
    ["filled", 600, "FILLED 900/900"],
  ])(
    "counts what an order of another gateway filled under all its names, once it is %s",
    async (how, lots, status) => {
      const order = await rest();
      const placedAtUs = nowUs();
      hit(300);
      await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`fill 300@${BID} maker`);
      desk.send(amend(order, { priceTicks: BID, sizeLots: 900 }));
      await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`orderAmended 900@${BID}`);
      hit(lots);
      if (how === "canceled") desk.send(cancel(order.clientId));
      await expect.poll(names, POLL).toEqual([]);
      const other = await openDesk(venue);
      for (let times = 1; times <= 2; times++) {
        other.send({ type: "query", what: "order", account: 0, clientId: order.clientId, placedAtUs });
        const answers = () => told(other, order.clientId).filter((text) => text.startsWith("status"));
        await expect
          .poll(answers, POLL)
          .toEqual(Array.from({ length: times }, () => `status ${status}@${BID}`));
      }
      // Before it is told as ended, so that whoever hears that knows them.
      expect(told(other, order.clientId).slice(0, 2)).toEqual([
        `fill 300@${BID} maker`,
        `fill ${lots}@${BID} maker`,
      ]);
    },
  );

  it("of an order that another gateway has placed keeps its side", async () => {
    const order = place({ side: "sell", priceTicks: ASK + 100 });
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
    const other = await openDesk(venue);
    other.send({ type: "query", what: "openOrders", account: 0 });
    await expect.poll(() => told(other, order.clientId), POLL).toEqual(["orderAccepted"]);
    other.send(amend(order, { priceTicks: ASK + 50, sizeLots: 900 }));
    await expect.poll(() => told(other, order.clientId).at(-1), POLL).toBe(`orderAmended 900@${ASK + 50}`);
    expect(venue.core.openOrders(0)).toMatchObject([{ side: "sell", priceTicks: ASK + 50, sizeLots: 900 }]);
  });
});
