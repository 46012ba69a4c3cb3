import { afterEach, describe, expect, it } from "vitest";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { ASK, BID, cancel, amend, openDesk, place, POLL, serve, told } from "./served.ts";
import type { Desk, Served } from "./served.ts";

let venue: Served;
const open = async (id: ExchangeId): Promise<Desk> => openDesk((venue = await serve(id)));

afterEach(() => venue.close());

describe.each(EXCHANGE_IDS)("an order at %s", (id) => {
  it("is accepted, amended and canceled", async () => {
    const desk = await open(id);
    const order = place();
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
    expect(venue.core.openOrders(0)).toMatchObject([
      {
        priceTicks: order.priceTicks,
        sizeLots: order.sizeLots,
        timeInForce: "POST_ONLY",
        selfTrade: "EXPIRE_TAKER",
      },
    ]);
    desk.send(amend(order, { priceTicks: BID - 2_000, sizeLots: 700 }));
    await expect
      .poll(() => told(desk, order.clientId), POLL)
      .toEqual(["orderAccepted", `orderAmended 700@${BID - 2_000}`]);
    expect(venue.core.openOrders(0)).toMatchObject([{ priceTicks: BID - 2_000, sizeLots: 700 }]);
    desk.send(cancel(order.clientId));
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe("orderCanceled 0");
    expect(told(desk, order.clientId)).toHaveLength(3);
    expect(venue.core.openOrders(0)).toEqual([]);
    expect(venue.complaints).toEqual([]);
  });

  it("takes what is there, expires with the rest, and tells its fills with their fees", async () => {
    const desk = await open(id);
    const order = place({
      priceTicks: ASK,
      sizeLots: 1_500_000,
      timeInForce: "IOC",
      selfTrade: "EXPIRE_MAKER",
    });
    desk.send(order);
    await expect
      .poll(() => told(desk, order.clientId).toSorted(), POLL)
      .toEqual([`fill 1000000@${ASK} taker`, "orderAccepted", "orderExpired 1000000"].toSorted());
    const [fill] = venue.core.fills(0, { order: "oldest", limit: 10 });
    const told_ = desk.events.find((event) => event.type === "fill");
    expect(told_).toMatchObject({
      feeAsset: fill?.feeAsset,
      feeAtoms: fill?.feeAtoms,
      side: "buy",
      instrument: 0,
    });
  });

  it("that would take is refused", async () => {
    const desk = await open(id);
    const order = place({ priceTicks: ASK });
    desk.send(order);
    await expect
      .poll(() => told(desk, order.clientId).at(-1), POLL)
      .toMatch(/orderRejected POST_ONLY_WOULD_TAKE|orderExpired 0/);
    expect(venue.core.openOrders(0)).toEqual([]);
  });

  it("that is too small or too dear is refused with the reason", async () => {
    const desk = await open(id);
    const small = place({ sizeLots: 1 });
    const dear = place({ sizeLots: 100_000_000 });
    desk.send(small);
    desk.send(dear);
    await expect.poll(() => told(desk, small.clientId), POLL).toEqual(["orderRejected FILTER"]);
    await expect.poll(() => told(desk, dear.clientId), POLL).toEqual(["orderRejected INSUFFICIENT_FUNDS"]);
  });

  it("whose cancel comes too late is refused as unknown", async () => {
    const desk = await open(id);
    desk.send(cancel("qabc00010zzzzzz"));
    await expect.poll(() => told(desk, "qabc00010zzzzzz"), POLL).toEqual(["cancelRejected UNKNOWN_ORDER"]);
  });

  it("is ended with all others", async () => {
    const desk = await open(id);
    const orders = Array.from({ length: 25 }, (_, n) =>
      place({ priceTicks: BID - 100 - n, instrument: n % 2 }),
    );
    for (const order of orders) desk.send(order);
    await expect.poll(() => venue.core.openOrders(0).length, POLL).toBe(25);
    desk.send({ type: "cancelAll", account: 0 });
    await expect.poll(() => venue.core.openOrders(0).length, POLL).toBe(0);
    for (const order of orders)
      await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted", "orderCanceled 0"]);
  });
});
