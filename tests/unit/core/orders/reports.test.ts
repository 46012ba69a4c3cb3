import { beforeEach, describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { OrderStatusEvent } from "../../../../server/contract/events.ts";
import type { Order } from "../../../../server/core/orders/order.ts";
import { cancelOrder } from "../../../../server/core/orders/requests.ts";
import {
  amendOwn,
  fillOf,
  noticesIn,
  placeOwn,
  readyDesk,
  restOwn,
  type Desk,
} from "../../../support/desk.ts";

let desk: Desk;
beforeEach(() => {
  desk = readyDesk({ venues: 2, amend: ["in-place", "cancel-new"] });
});

type Found = Extract<OrderStatusEvent["answer"], { found: true }>;

function unknown(order: Order, request: "place" | "amend" | "cancel" = "place"): readonly Effect[] {
  const { account, clientId } = order;
  return desk.send({ type: "orderUnknown", account, clientId, request });
}

/** The venue's answer to a question asked now. */
function answer(order: Order, found: Partial<Found> | "absent", askedAtUs = desk.nowUs): readonly Effect[] {
  const { account, clientId, priceTicks, sizeLots, filledLots } = order;
  const known = {
    found: true,
    venueOrderId: "v1",
    status: "OPEN",
    priceTicks,
    sizeLots,
    filledLots,
  } as const;
  const told = found === "absent" ? ({ found: false } as const) : { ...known, ...found };
  return desk.send({ type: "orderStatus", account, clientId, askedAtUs, answer: told });
}

function ended(order: Order, type: "orderCanceled" | "orderExpired", filledLots: number): readonly Effect[] {
  return desk.send({ type, account: order.account, clientId: order.clientId, filledLots });
}

function amended(order: Order, priceTicks: number, sizeLots: number): readonly Effect[] {
  const { account, clientId } = order;
  return desk.send({ type: "orderAmended", account, clientId, venueOrderId: "v2", priceTicks, sizeLots });
}

function refused(
  order: Order,
  type: "amendRejected" | "cancelRejected",
  reason: "OTHER" | "UNKNOWN_ORDER" = "OTHER",
) {
  return desk.send({ type, account: order.account, clientId: order.clientId, reason });
}

function working(): number {
  return desk.state.instruments.reduce((sum, inst) => sum + inst.workingBuyLots + inst.workingSellLots, 0);
}

describe("a request without an answer", () => {
  it("is UNKNOWN after the time-out, keeps its exposure, and the venue is asked at once", () => {
    const order = placeOwn(desk);
    expect(desk.wait(750).filter(({ type }) => type === "query")).toEqual([]);
    const effects = desk.wait(250);
    expect(order).toMatchObject({ status: "UNKNOWN", unknownRequest: "place", exposureLots: 10 });
    expect(noticesIn(effects)).toEqual(["ORDER_UNKNOWN"]);
    expect(effects).toContainEqual({ type: "query", what: "order", account: 0, clientId: order.clientId });
  });

  it("is asked for again every half second, and announced once", () => {
    const order = placeOwn(desk);
    unknown(order);
    const effects = desk.wait(2_000);
    expect(effects.filter(({ type }) => type === "query")).toHaveLength(4);
    expect(noticesIn(effects)).toEqual([]);
  });

  it("is UNKNOWN for every order of the account whose private stream is lost, and for no other", () => {
    const orders = [placeOwn(desk), restOwn(desk), placeOwn(desk, { instrument: 1 })];
    desk.send({ type: "account", account: 0, status: "down" });
    expect(orders.map(({ status }) => status)).toEqual(["UNKNOWN", "UNKNOWN", "PENDING_NEW"]);
    expect(working()).toBe(30);
  });

  it("stays what it was first unknown for", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { sizeLots: 20 });
    unknown(order, "amend");
    desk.send({ type: "account", account: 0, status: "down" });
    expect(order).toMatchObject({ unknownRequest: "amend", exposureLots: 20 });
  });
});

describe("an answer that the order is absent", () => {
  it("proves nothing while the request could still arrive", () => {
    const order = placeOwn(desk);
    unknown(order);
    desk.wait(2_000);
    answer(order, "absent");
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
  });

  it("proves after the expiry and its margin that it never rested: REJECTED, and its exposure is free", () => {
    const order = placeOwn(desk);
    unknown(order);
    desk.wait(2_001);
    expect(noticesIn(answer(order, "absent"))).toEqual(["ORDER_RESOLVED"]);
    expect(order).toMatchObject({ status: "REJECTED", exposureLots: 0 });
    expect(working()).toBe(0);
  });

  it("is judged by when the question was asked, not by when the answer came", () => {
    const order = placeOwn(desk);
    unknown(order);
    const askedAtUs = desk.nowUs;
    desk.wait(5_000);
    answer(order, "absent", askedAtUs);
    expect(order.status).toBe("UNKNOWN");
  });

  it.each([
    { name: "was accepted", make: () => restOwn(desk) },
    {
      name: "has a fill",
      make: () => {
        const order = placeOwn(desk);
        desk.send(fillOf(order, 1));
        return order;
      },
    },
    {
      name: "was in a list of open orders",
      make: () => {
        const order = placeOwn(desk);
        const view = { ...order, venueOrderId: "v9" };
        desk.send({ type: "openOrders", account: 0, askedAtUs: desk.nowUs, orders: [view] });
        return order;
      },
    },
  ])("is no proof for an order that $name", ({ make }) => {
    const order = make();
    unknown(order);
    desk.wait(5_000);
    answer(order, "absent");
    expect(order.status).toBe("UNKNOWN");
    expect(order.exposureLots).toBeGreaterThan(0);
  });
});

describe("an answer that the order is there", () => {
  it.each([
    { name: "OPEN", found: {}, status: "OPEN", exposureLots: 10 },
    { name: "CANCELED", found: { status: "CANCELED" }, status: "CANCELED", exposureLots: 0 },
    { name: "EXPIRED", found: { status: "EXPIRED" }, status: "EXPIRED", exposureLots: 0 },
    { name: "REJECTED", found: { status: "REJECTED" }, status: "REJECTED", exposureLots: 0 },
    {
      name: "FILLED, with its fill under way",
      found: { status: "FILLED", filledLots: 10 },
      status: "UNKNOWN",
      exposureLots: 10,
    },
    {
      name: "CANCELED with 4 fills under way",
      found: { status: "CANCELED", filledLots: 4 },
      status: "CANCELED",
      exposureLots: 4,
    },
  ] as const)("settles an unknown one: $name", ({ found, status, exposureLots }) => {
    const order = placeOwn(desk);
    unknown(order);
    answer(order, found);
    expect(order).toMatchObject({ status, exposureLots });
    expect(working()).toBe(exposureLots);
  });

  it("says FILLED for good once the fills are booked", () => {
    const order = placeOwn(desk);
    unknown(order);
    answer(order, { status: "FILLED", filledLots: 10 });
    desk.send(fillOf(order, 10));
    expect(order).toMatchObject({ status: "FILLED", exposureLots: 0 });
  });

  it("says PARTIALLY_FILLED with the fills that are booked", () => {
    const order = placeOwn(desk);
    desk.send(fillOf(order, 3));
    unknown(order);
    answer(order, {});
    expect(order).toMatchObject({ status: "PARTIALLY_FILLED", exposureLots: 7 });
  });

  it("is ignored when the question is older than the latest request, or than the doubt", () => {
    const order = restOwn(desk);
    const askedAtUs = desk.nowUs;
    desk.wait(250);
    unknown(order);
    answer(order, { status: "CANCELED" }, askedAtUs);
    expect(order.status).toBe("UNKNOWN");
  });

  it("does not undo what a report said after the question was asked", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 30 });
    amended(order, 9_980, 30);
    desk.wait(250);
    answer(order, { priceTicks: 9_990, sizeLots: 10 });
    expect(order).toMatchObject({ status: "OPEN", priceTicks: 9_980, exposureLots: 30 });
  });

  it("changes nothing of an ended order", () => {
    const order = restOwn(desk);
    ended(order, "orderCanceled", 0);
    expect(answer(order, {})).toEqual([]);
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 0 });
  });
});

describe("an amendment", () => {
  it("counts the larger half in place and both halves of a second order, until it is answered", () => {
    const inPlace = restOwn(desk, { instrument: 0 });
    const second = restOwn(desk, { instrument: 1 });
    amendOwn(desk, inPlace, { priceTicks: 9_980, sizeLots: 15 });
    amendOwn(desk, second, { priceTicks: 9_980, sizeLots: 15 });
    expect([inPlace.exposureLots, second.exposureLots]).toEqual([15, 25]);
    amended(inPlace, 9_980, 15);
    amended(second, 9_980, 15);
    expect([inPlace.exposureLots, second.exposureLots]).toEqual([15, 15]);
  });

  it.each([
    { name: "a new price", terms: { priceTicks: 9_980, sizeLots: 30 } },
    { name: "a new size alone", terms: { sizeLots: 30 } },
  ])("to $name is still open when the venue, asked before its expiry, shows the old order", ({ terms }) => {
    const order = restOwn(desk);
    amendOwn(desk, order, terms);
    unknown(order, "amend");
    answer(order, { priceTicks: 9_990, sizeLots: 10 });
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 30 });
    desk.wait(2_001);
    answer(order, { priceTicks: 9_990, sizeLots: 10 });
    expect(order).toMatchObject({ status: "OPEN", exposureLots: 10, pendingLots: undefined });
  });

  it("is proved by an answer that shows its terms", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 30 });
    unknown(order, "amend");
    answer(order, { priceTicks: 9_980, sizeLots: 30 });
    expect(order).toMatchObject({ status: "OPEN", priceTicks: 9_980, exposureLots: 30 });
  });

  it("is not answered by a late acceptance of the order", () => {
    const order = placeOwn(desk);
    desk.send(fillOf(order, 2));
    amendOwn(desk, order, { sizeLots: 30 });
    unknown(order, "amend");
    desk.send({ type: "orderAccepted", account: 0, clientId: order.clientId, venueOrderId: "v1" });
    expect(order).toMatchObject({ status: "UNKNOWN", pendingLots: 30, exposureLots: 28 });
  });

  it("is not answered by the late answer to the one before, which was settled by asking", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 20 });
    unknown(order, "amend");
    answer(order, { priceTicks: 9_980, sizeLots: 20 });
    amendOwn(desk, order, { priceTicks: 9_970, sizeLots: 40 });
    amended(order, 9_980, 20);
    expect(order).toMatchObject({ status: "PENDING_AMEND", priceTicks: 9_980, exposureLots: 40 });
    amended(order, 9_970, 40);
    amended(order, 9_980, 20);
    expect(order).toMatchObject({ status: "OPEN", priceTicks: 9_970, exposureLots: 40 });
  });

  it("that is refused leaves the order as it was", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 30 });
    expect(noticesIn(refused(order, "amendRejected"))).toEqual([]);
    expect(order).toMatchObject({ status: "OPEN", priceTicks: 9_990, exposureLots: 10 });
  });

  it("to more keeps a filled order open until it is refused, and then the order is FILLED", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { sizeLots: 30 });
    desk.send(fillOf(order, 10));
    expect(order).toMatchObject({ status: "PENDING_AMEND", exposureLots: 20 });
    refused(order, "amendRejected", "UNKNOWN_ORDER");
    expect(order).toMatchObject({ status: "FILLED", exposureLots: 0 });
  });

  it("to less completes an order whose fills overtook the answer", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { sizeLots: 5 });
    desk.send(fillOf(order, 5));
    expect(order.status).toBe("PENDING_AMEND");
    amended(order, 9_990, 5);
    expect(order).toMatchObject({ status: "FILLED", exposureLots: 0 });
  });

  it("by a second order may still fill that one in full after the first has filled", () => {
    const order = restOwn(desk, { instrument: 1 });
    amendOwn(desk, order, { priceTicks: 9_980 });
    desk.send(fillOf(order, 10));
    expect(order).toMatchObject({ status: "PENDING_AMEND", exposureLots: 10 });
    const overfills = desk.send(fillOf(order, 10));
    expect(noticesIn(overfills)).toEqual([]);
    expect(order).toMatchObject({ status: "FILLED", exposureLots: 0 });
  });

  it("of an order that the venue does not know makes it UNKNOWN: why it is gone has still to be told", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { sizeLots: 30 });
    const effects = refused(order, "amendRejected", "UNKNOWN_ORDER");
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
    expect(effects).toContainEqual({ type: "query", what: "order", account: 0, clientId: order.clientId });
  });

  it("under way when the cancel leaves is answered without ending the wait for the cancel", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 30 });
    cancelOrder(desk.engine, order, []);
    amended(order, 9_980, 30);
    expect(order).toMatchObject({ status: "PENDING_CANCEL", priceTicks: 9_980, exposureLots: 30 });
    ended(order, "orderCanceled", 0);
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 0 });
  });
});

describe("a cancel", () => {
  it("that is refused makes the order UNKNOWN and asks: it may be filled, ended or not there yet", () => {
    const order = restOwn(desk);
    cancelOrder(desk.engine, order, []);
    const effects = refused(order, "cancelRejected", "UNKNOWN_ORDER");
    expect(order).toMatchObject({ status: "UNKNOWN", unknownRequest: "cancel", exposureLots: 10 });
    expect(noticesIn(effects)).toEqual(["ORDER_UNKNOWN"]);
    expect(effects).toContainEqual({ type: "query", what: "order", account: 0, clientId: order.clientId });
  });

  it("that loses the race against a fill finds the order FILLED, and its refusal is no anomaly", () => {
    const order = restOwn(desk);
    cancelOrder(desk.engine, order, []);
    desk.send(fillOf(order, 10));
    expect(order.status).toBe("FILLED");
    refused(order, "cancelRejected", "UNKNOWN_ORDER");
    expect(order.status).toBe("FILLED");
    expect(desk.state.counts.anomalies).toBe(0);
  });

  it("that wins against the rest keeps the exposure of the fills still under way", () => {
    const order = restOwn(desk);
    cancelOrder(desk.engine, order, []);
    ended(order, "orderCanceled", 4);
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 4 });
    desk.send(fillOf(order, 3));
    expect(order.exposureLots).toBe(1);
    desk.send(fillOf(order, 1));
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 0, filledLots: 4 });
    expect(working()).toBe(0);
    expect(desk.state.counts.anomalies).toBe(0);
  });

  it("is sent for an order whose acceptance arrives after it was proved absent: nothing is reserved for it", () => {
    const order = placeOwn(desk);
    unknown(order);
    desk.wait(2_001);
    answer(order, "absent");
    const { account, clientId } = order;
    const effects = desk.send({ type: "orderAccepted", account, clientId, venueOrderId: "v1" });
    expect(effects).toContainEqual({ type: "cancel", account: 0, instrument: 0, clientId });
    expect(noticesIn(effects)).toEqual(["ILLEGAL_TRANSITION"]);
  });
});

describe("reports in an odd order", () => {
  it("of a fill before the acceptance end where the usual order ends", () => {
    const order = placeOwn(desk);
    desk.send(fillOf(order, 4));
    expect(order).toMatchObject({ status: "PARTIALLY_FILLED", exposureLots: 6 });
    desk.send({ type: "orderAccepted", account: 0, clientId: order.clientId, venueOrderId: "v1" });
    expect(order).toMatchObject({ status: "PARTIALLY_FILLED", exposureLots: 6 });
    desk.send(fillOf(order, 6));
    desk.send({ type: "orderAccepted", account: 0, clientId: order.clientId, venueOrderId: "v1" });
    expect(order).toMatchObject({ status: "FILLED", exposureLots: 0 });
    expect(desk.state.counts.anomalies).toBe(0);
  });

  it("that make no sense are raised, change no status and no exposure", () => {
    const order = restOwn(desk);
    const effects = desk.send({
      type: "orderRejected",
      account: 0,
      clientId: order.clientId,
      reason: "OTHER",
    });
    expect(noticesIn(effects)).toEqual(["ILLEGAL_TRANSITION"]);
    expect(order).toMatchObject({ status: "OPEN", exposureLots: 10 });
    expect(desk.state.counts.anomalies).toBe(1);
  });

  it("for another account's order, or for none of ours, are ignored", () => {
    const order = placeOwn(desk);
    const { clientId } = order;
    for (const report of [
      { account: 1, clientId },
      { account: 0, clientId: "somebody's" },
    ])
      expect(desk.send({ type: "orderCanceled", filledLots: 0, ...report })).toEqual([]);
    expect(order).toMatchObject({ status: "PENDING_NEW", exposureLots: 10 });
    expect(desk.state.counts.anomalies).toBe(0);
  });
});
