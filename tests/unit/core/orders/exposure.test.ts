import { describe, expect, it } from "vitest";
import { buyCostAtoms } from "../../../../server/core/orders/exposure.ts";
import { amendOwn, BTC, fillOf, placeOwn, readyDesk, restOwn, type Desk } from "../../../support/desk.ts";

function held(desk: Desk): { usd: bigint | undefined; btc: bigint | undefined } {
  const holdings = desk.state.accounts[0]?.holdings;
  return { usd: holdings?.get("USD")?.heldAtoms, btc: holdings?.get("BTC")?.heldAtoms };
}

describe("the cost of a buy", () => {
  const [inst] = readyDesk().state.instruments;
  if (inst === undefined) throw new Error("no instrument");

  it.each([
    { name: "price × size without a fee", ticks: 10_000, lots: 3, maker: 0, taker: 0, atoms: 300_000_000n },
    {
      name: "with the dearer of the two fees",
      ticks: 10_000,
      lots: 3,
      maker: 0.0001,
      taker: 0.0005,
      atoms: 300_150_000n,
    },
    {
      name: "and no less for a rebate",
      ticks: 10_000,
      lots: 3,
      maker: -0.001,
      taker: -0.001,
      atoms: 300_000_000n,
    },
    { name: "rounded up to the atom", ticks: 1, lots: 1, maker: 0.000001, taker: 0, atoms: 10_001n },
    {
      name: "a fee of a broken ppm counts as the next",
      ticks: 10_000,
      lots: 1,
      maker: 0.0000001,
      taker: 0,
      atoms: 100_000_100n,
    },
  ])("is $name", ({ ticks, lots, maker, taker, atoms }) => {
    expect(buyCostAtoms(inst, ticks, lots, maker, taker)).toBe(atoms);
  });
});

describe("an order", () => {
  it("holds quote for a buy and base for a sale, from the moment it leaves until it has ended", () => {
    const desk = readyDesk();
    const buy = placeOwn(desk, { sizeLots: 10, priceTicks: 9_990 });
    placeOwn(desk, { side: "sell", sizeLots: 25 });
    expect(held(desk)).toEqual({ usd: 999_499_500n, btc: BTC / 4n });
    desk.send({ type: "orderUnknown", account: 0, clientId: buy.clientId, request: "place" });
    expect(held(desk).usd).toBe(999_499_500n);
    desk.send({ type: "orderCanceled", account: 0, clientId: buy.clientId, filledLots: 0 });
    expect(held(desk)).toEqual({ usd: 0n, btc: BTC / 4n });
  });

  it("frees with each fill what that fill has taken from the balance", () => {
    const desk = readyDesk();
    const order = restOwn(desk, { side: "sell", sizeLots: 25 });
    desk.send(fillOf(order, 10));
    expect(held(desk).btc).toBe((15n * BTC) / 100n);
  });

  it("holds for the dearest that an unconfirmed amendment may cost", () => {
    const desk = readyDesk();
    const order = restOwn(desk, { sizeLots: 10, priceTicks: 9_990 });
    for (const [priceTicks, atoms] of [
      [9_950, 1_998_999_000n],
      [9_995, 1_999_999_500n],
    ] as const) {
      amendOwn(desk, order, { priceTicks, sizeLots: 20 });
      expect(held(desk).usd).toBe(atoms);
      desk.send({ type: "amendRejected", account: 0, clientId: order.clientId, reason: "OTHER" });
      expect(held(desk).usd).toBe(999_499_500n);
    }
  });

  it("is among the live ones of its instrument until it has ended and its last fill is booked", () => {
    const desk = readyDesk();
    const order = restOwn(desk);
    const live = () => desk.state.instruments[0]?.live;
    desk.send({ type: "orderCanceled", account: 0, clientId: order.clientId, filledLots: 2 });
    expect(live()).toEqual([order.clientId]);
    desk.send(fillOf(order, 2));
    expect(live()).toEqual([]);
  });
});
