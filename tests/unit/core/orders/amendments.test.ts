import { beforeEach, describe, expect, it } from "vitest";
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
import { sayAmended, sayEnded, sayRefused, sayStatus, sayUnknown } from "../../../support/orderReports.ts";

let desk: Desk;
beforeEach(() => {
  desk = readyDesk({ venues: 2, amend: ["in-place", "cancel-new"] });
});

describe("an amendment", () => {
  it("counts the larger half in place and both halves of a second order, until it is answered", () => {
    const inPlace = restOwn(desk, { instrument: 0 });
    const second = restOwn(desk, { instrument: 1 });
    amendOwn(desk, inPlace, { priceTicks: 9_980, sizeLots: 15 });
    amendOwn(desk, second, { priceTicks: 9_980, sizeLots: 15 });
    expect([inPlace.exposureLots, second.exposureLots]).toEqual([15, 25]);
    sayAmended(desk, inPlace, 9_980, 15);
    sayAmended(desk, second, 9_980, 15);
    expect([inPlace.exposureLots, second.exposureLots]).toEqual([15, 15]);
  });

  it.each([
    { name: "a new price", terms: { priceTicks: 9_980, sizeLots: 30 } },
    { name: "a new size alone", terms: { sizeLots: 30 } },
  ])("to $name is still open when the venue, asked before its expiry, shows the old order", ({ terms }) => {
    const order = restOwn(desk);
    amendOwn(desk, order, terms);
    sayUnknown(desk, order, "amend");
    sayStatus(desk, order, { priceTicks: 9_990, sizeLots: 10 });
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 30 });
    desk.wait(2_001);
    sayStatus(desk, order, { priceTicks: 9_990, sizeLots: 10 });
    expect(order).toMatchObject({ status: "OPEN", exposureLots: 10, pendingLots: undefined });
  });

  it("is proved by an answer that shows its terms", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 30 });
    sayUnknown(desk, order, "amend");
    sayStatus(desk, order, { priceTicks: 9_980, sizeLots: 30 });
    expect(order).toMatchObject({ status: "OPEN", priceTicks: 9_980, exposureLots: 30 });
  });

  it("to more is proved by an end that counts more filled than the old size, and its late fills are none too many", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { sizeLots: 30 });
    desk.send(fillOf(order, 8));
    cancelOrder(desk.engine, order, []);
    const ended = { account: order.account, clientId: order.clientId, filledLots: 14 };
    desk.send({ type: "orderCanceled", ...ended });
    expect(order).toMatchObject({ status: "CANCELED", sizeLots: 30, exposureLots: 6 });
    expect(noticesIn(desk.send(fillOf(order, 6)))).toEqual([]);
    expect(order.exposureLots).toBe(0);
  });

  it("is not answered by a late acceptance of the order", () => {
    const order = placeOwn(desk);
    desk.send(fillOf(order, 2));
    amendOwn(desk, order, { sizeLots: 30 });
    sayUnknown(desk, order, "amend");
    desk.send({ type: "orderAccepted", account: 0, clientId: order.clientId, venueOrderId: "v1" });
    expect(order).toMatchObject({ status: "UNKNOWN", pendingLots: 30, exposureLots: 28 });
  });

  it("is not answered by the late answer to the one before, which was settled by asking", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 20 });
    sayUnknown(desk, order, "amend");
    sayStatus(desk, order, { priceTicks: 9_980, sizeLots: 20 });
    amendOwn(desk, order, { priceTicks: 9_970, sizeLots: 40 });
    sayAmended(desk, order, 9_980, 20);
    expect(order).toMatchObject({ status: "PENDING_AMEND", priceTicks: 9_980, exposureLots: 40 });
    sayAmended(desk, order, 9_970, 40);
    sayAmended(desk, order, 9_980, 20);
    expect(order).toMatchObject({ status: "OPEN", priceTicks: 9_970, exposureLots: 40 });
  });

  it("that is refused leaves the order as it was", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 30 });
    expect(noticesIn(sayRefused(desk, order, "amendRejected"))).toEqual([]);
    expect(order).toMatchObject({ status: "OPEN", priceTicks: 9_990, exposureLots: 10 });
  });

  it("to more keeps a filled order open until it is refused, and then the order is FILLED", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { sizeLots: 30 });
    desk.send(fillOf(order, 10));
    expect(order).toMatchObject({ status: "PENDING_AMEND", exposureLots: 20 });
    sayRefused(desk, order, "amendRejected", "UNKNOWN_ORDER");
    expect(order).toMatchObject({ status: "FILLED", exposureLots: 0 });
  });

  it("to less completes an order whose fills overtook the answer", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { sizeLots: 5 });
    desk.send(fillOf(order, 5));
    expect(order.status).toBe("PENDING_AMEND");
    sayAmended(desk, order, 9_990, 5);
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

  it("by a second order is as large as was left to fill when it was sent", () => {
    const order = restOwn(desk, { instrument: 1 });
    desk.send(fillOf(order, 4));
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 14 });
    expect(order.exposureLots).toBe(6 + 10);
    desk.send(fillOf(order, 5));
    expect(order.exposureLots).toBe(1 + 10);
  });

  it("of an order that the venue does not know makes it UNKNOWN: why it is gone has still to be told", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { sizeLots: 30 });
    const effects = sayRefused(desk, order, "amendRejected", "UNKNOWN_ORDER");
    expect(order).toMatchObject({ status: "UNKNOWN", exposureLots: 10 });
    expect(effects).toContainEqual(
      expect.objectContaining({ type: "query", what: "order", account: 0, clientId: order.clientId }),
    );
  });

  it("under way when the cancel leaves is answered without ending the wait for the cancel", () => {
    const order = restOwn(desk);
    amendOwn(desk, order, { priceTicks: 9_980, sizeLots: 30 });
    cancelOrder(desk.engine, order, []);
    sayAmended(desk, order, 9_980, 30);
    expect(order).toMatchObject({ status: "PENDING_CANCEL", priceTicks: 9_980, exposureLots: 30 });
    sayEnded(desk, order, "orderCanceled", 0);
    expect(order).toMatchObject({ status: "CANCELED", exposureLots: 0 });
  });
});
