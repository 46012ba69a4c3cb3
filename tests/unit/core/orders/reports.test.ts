import { beforeEach, describe, expect, it } from "vitest";
import type { Order } from "../../../../server/core/orders/order.ts";
import { cancelOrder } from "../../../../server/core/orders/requests.ts";
import {
  amendOwn,
  fillOf,
  noticesIn,
  placeOwn,
  readyDesk,
  restOwn,
  sendOpenOrders,
  START_US,
  type Desk,
  viewOf,
} from "../../../support/desk.ts";
import { sayAmended, sayEnded, sayRefused, sayStatus, sayUnknown } from "../../../support/orderReports.ts";

let desk: Desk;
beforeEach(() => {
  desk = readyDesk({ venues: 2, amend: ["in-place", "cancel-new"] });
});

function working(): number {
  return desk.state.instruments.reduce((sum, inst) => sum + inst.workingBuyLots + inst.workingSellLots, 0);
}

/** Denied once, and so long ago that the next denial settles it. */
function placeUnaccepted(): Order {
  const order = placeOwn(desk);
  sayUnknown(desk, order);
  desk.wait(2_001);
  sayStatus(desk, order, "absent");
  desk.wait(3_000);
  return order;
}

describe("a request without an answer", () => {
  it("is UNKNOWN after the time-out, keeps its exposure, and the venue is asked at once", () => {
    const order = placeOwn(desk);
    expect(desk.wait(750).filter(({ type }) => type === "query")).toEqual([]);
    const effects = desk.wait(250);
    expect(order).toMatchObject({ status: "UNKNOWN", unknownRequest: "place", exposureLots: 10 });
    expect(noticesIn(effects)).toEqual(["ORDER_UNKNOWN"]);
    expect(effects).toContainEqual(
      expect.objectContaining({ type: "query", what: "order", account: 0, clientId: order.clientId }),
    );
  });

  it("is asked for again every second, and announced once", () => {
    const order = placeOwn(desk);
    sayUnknown(desk, order);
    const effects = desk.wait(4_000);
    expect(effects.filter((effect) => effect.type === "query" && effect.what === "order")).toHaveLength(4);
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
    sayUnknown(desk, order, "amend");
    desk.send({ type: "account", account: 0, status: "down" });
    expect(order).toMatchObject({ unknownRequest: "amend", exposureLots: 20 });
  });
});

describe("an answer that the order is absent", () => {
  it("proves nothing while the request could still arrive", () => {
    const order = placeOwn(desk);
    sayUnknown(desk, order);
    desk.wait(2_000);
    sayStatus(desk, order, "absent");
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
  });

  it("proves nothing alone after the expiry and its margin: what a venue shows lags what it has done", () => {
    const order = placeOwn(desk);
    sayUnknown(desk, order);
    desk.wait(2_001);
    expect(noticesIn(sayStatus(desk, order, "absent"))).toEqual([]);
    desk.wait(2_999);
    expect(noticesIn(sayStatus(desk, order, "absent"))).toEqual([]);
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
  });

  it("proves three seconds after the first that it never rested: REJECTED, and its exposure is free", () => {
    const order = placeUnaccepted();
    expect(noticesIn(sayStatus(desk, order, "absent"))).toEqual(["ORDER_RESOLVED"]);
    expect(order).toMatchObject({ status: "REJECTED", exposureLots: 0 });
    expect(working()).toBe(0);
  });

  it("counts as the first only from the expiry and its margin on", () => {
    const order = placeOwn(desk);
    sayUnknown(desk, order);
    desk.wait(1_500);
    sayStatus(desk, order, "absent");
    desk.wait(3_000);
    sayStatus(desk, order, "absent");
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
  });

  it("is outweighed by one that it is there: the lists had lagged", () => {
    const order = placeUnaccepted();
    sayStatus(desk, order, {});
    expect(order).toMatchObject({ status: "OPEN", exposureLots: 10 });
    desk.wait(3_000);
    sayStatus(desk, order, "absent");
    expect(order.status).toBe("OPEN");
  });

  it("is judged by when the question was asked, not by when the answer came", () => {
    const order = placeOwn(desk);
    sayUnknown(desk, order);
    const askedAtUs = desk.nowUs;
    desk.wait(5_000);
    sayStatus(desk, order, "absent", askedAtUs);
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
    sayUnknown(desk, order);
    for (let asked = 0; asked < 2; asked++) {
      desk.wait(5_000);
      sayStatus(desk, order, "absent");
    }
    expect(order.status).toBe("UNKNOWN");
    expect(order.exposureLots).toBeGreaterThan(0);
  });
});

describe("an accepted order that the venue has forgotten", () => {
  it("ends once open orders have not shown it for 5 s, it is not known, and its fills were asked for", () => {
    const order = restOwn(desk);
    sayUnknown(desk, order);
    desk.wait(2_250);
    sendOpenOrders(desk, 0, []);
    expect(desk.wait(500)).toContainEqual({ type: "query", what: "fills", account: 0, sinceUs: START_US });
    desk.wait(4_250);
    sayStatus(desk, order, "absent");
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
    desk.wait(250);
    expect(noticesIn(sayStatus(desk, order, "absent"))).toEqual(["ORDER_FORGOTTEN"]);
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 0 });
    expect(desk.state.counts.anomalies).toBe(1);
  });

  it("is not missed by a list from before its request had surely arrived", () => {
    const order = restOwn(desk);
    sayUnknown(desk, order);
    desk.wait(2_000);
    sendOpenOrders(desk, 0, []);
    desk.wait(6_000);
    sayStatus(desk, order, "absent");
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
  });

  it("is remembered when a list shows it in between", () => {
    const order = restOwn(desk);
    sayUnknown(desk, order);
    desk.wait(2_250);
    sendOpenOrders(desk, 0, []);
    sendOpenOrders(desk, 0, [viewOf(order)]);
    desk.wait(6_000);
    sayStatus(desk, order, "absent");
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
  });
});

describe("fills that the venue counts and has not told", () => {
  it("are asked for every second until they are booked", () => {
    const order = restOwn(desk);
    sayEnded(desk, order, "orderCanceled", 4);
    const asked = () =>
      desk.wait(2_000).filter((effect) => effect.type === "query" && effect.what === "fills");
    expect(asked()).toHaveLength(2);
    desk.send(fillOf(order, 4));
    expect(asked()).toEqual([]);
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
    sayUnknown(desk, order);
    sayStatus(desk, order, found);
    expect(order).toMatchObject({ status, exposureLots });
    expect(working()).toBe(exposureLots);
  });

  it("says FILLED for good once the fills are booked", () => {
    const order = placeOwn(desk);
    sayUnknown(desk, order);
    sayStatus(desk, order, { status: "FILLED", filledLots: 10 });
    desk.send(fillOf(order, 10));
    expect(order).toMatchObject({ status: "FILLED", exposureLots: 0 });
  });

  it("says PARTIALLY_FILLED with the fills that are booked", () => {
    const order = placeOwn(desk);
    desk.send(fillOf(order, 3));
    sayUnknown(desk, order);
    sayStatus(desk, order, {});
    expect(order).toMatchObject({ status: "PARTIALLY_FILLED", exposureLots: 7 });
  });

  it("is ignored when the question is older than the latest request, or than the doubt", () => {
    const order = restOwn(desk);
    const askedAtUs = desk.nowUs;
    desk.wait(250);
    sayUnknown(desk, order);
    sayStatus(desk, order, { status: "CANCELED" }, askedAtUs);
    expect(order.status).toBe("UNKNOWN");
  });

  it("does not undo what a report said after the question was asked", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 30 });
    sayAmended(desk, order, 9_980, 30);
    desk.wait(250);
    sayStatus(desk, order, { priceTicks: 9_990, sizeLots: 10 });
    expect(order).toMatchObject({ status: "OPEN", priceTicks: 9_980, exposureLots: 30 });
  });

  it("changes nothing of an ended order", () => {
    const order = restOwn(desk);
    sayEnded(desk, order, "orderCanceled", 0);
    expect(sayStatus(desk, order, {})).toEqual([]);
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 0 });
  });
});

describe("a cancel", () => {
  it("that is refused makes the order UNKNOWN and asks: it may be filled, ended or not there yet", () => {
    const order = restOwn(desk);
    cancelOrder(desk.engine, order, []);
    const effects = sayRefused(desk, order, "cancelRejected", "UNKNOWN_ORDER");
    expect(order).toMatchObject({ status: "UNKNOWN", unknownRequest: "cancel", exposureLots: 10 });
    expect(noticesIn(effects)).toEqual(["ORDER_UNKNOWN"]);
    expect(effects).toContainEqual(
      expect.objectContaining({ type: "query", what: "order", account: 0, clientId: order.clientId }),
    );
  });

  it("that loses the race against a fill finds the order FILLED, and its refusal is no anomaly", () => {
    const order = restOwn(desk);
    cancelOrder(desk.engine, order, []);
    desk.send(fillOf(order, 10));
    expect(order.status).toBe("FILLED");
    sayRefused(desk, order, "cancelRejected", "UNKNOWN_ORDER");
    expect(order.status).toBe("FILLED");
    expect(desk.state.counts.anomalies).toBe(0);
  });

  it("that wins against the rest keeps the exposure of the fills still under way", () => {
    const order = restOwn(desk);
    cancelOrder(desk.engine, order, []);
    sayEnded(desk, order, "orderCanceled", 4);
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 4 });
    desk.send(fillOf(order, 3));
    expect(order.exposureLots).toBe(1);
    desk.send(fillOf(order, 1));
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 0, filledLots: 4 });
    expect(working()).toBe(0);
    expect(desk.state.counts.anomalies).toBe(0);
  });

  it("is sent for an order whose acceptance arrives after it was proved absent: nothing is reserved for it", () => {
    const order = placeUnaccepted();
    sayStatus(desk, order, "absent");
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
