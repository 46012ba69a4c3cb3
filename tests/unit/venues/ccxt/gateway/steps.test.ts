import { afterEach, describe, expect, it } from "vitest";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { amend, BID, cancel, configOf, openDesk, place, POLL, serve, told } from "./served.ts";
import type { Desk, Served } from "./served.ts";

let venue: Served;
const open = async (id: ExchangeId): Promise<Desk> => openDesk((venue = await serve(id)));

afterEach(() => venue.close());

/** What the venue has is a tick of 0.1; an order decided before that counted in hundredths. */
const OLD = { tick: "0.01", lot: "0.00001" };

describe.each(EXCHANGE_IDS)("an order decided in other steps than those of %s now", (id) => {
  it("goes out at its own price where the venue can hold it, and is told in its own steps", async () => {
    const desk = await open(id);
    const order = place({ priceTicks: (BID - 1_000) * 10, steps: OLD });
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
    expect(venue.core.openOrders(0)).toMatchObject([{ priceTicks: BID - 1_000, sizeLots: 1_000 }]);
    desk.send({ ...amend(order, { priceTicks: (BID - 2_000) * 10, sizeLots: 700 }), steps: OLD });
    await expect
      .poll(() => told(desk, order.clientId).at(-1), POLL)
      .toBe(`orderAmended 700@${(BID - 2_000) * 10}`);
    expect(venue.core.openOrders(0)).toMatchObject([{ priceTicks: BID - 2_000, sizeLots: 700 }]);
    desk.send({ type: "query", what: "openOrders", account: 0 });
    const listed = () => desk.events.find((event) => event.type === "openOrders")?.orders;
    await expect.poll(listed, POLL).toMatchObject([{ priceTicks: (BID - 2_000) * 10, steps: OLD }]);
  });

  it("is refused where the venue cannot hold it, and nothing of it is there", async () => {
    const desk = await open(id);
    const order = place({ priceTicks: (BID - 1_000) * 10 + 5, steps: OLD });
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderRejected FILTER"]);
    const held = place();
    desk.send(held);
    await expect.poll(() => told(desk, held.clientId), POLL).toEqual(["orderAccepted"]);
    desk.send({ ...amend(held, { priceTicks: (BID - 2_000) * 10, sizeLots: 700 }), steps: OLD });
    await expect.poll(() => told(desk, held.clientId).at(-1), POLL).toBe("amendRejected FILTER");
    expect(venue.core.openOrders(0)).toMatchObject([{ priceTicks: held.priceTicks, sizeLots: 1_000 }]);
  });
});

it("a desk that hears of a new tick still reads its older orders in theirs", async () => {
  const desk = await open("okx");
  const [definition] = configOf("okx").instruments;
  if (definition === undefined) throw new Error("no instrument");
  const order = place({ steps: { tick: definition.tick, lot: definition.lot } });
  desk.send(order);
  await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
  desk.side.redefine(0, { ...definition, tick: "0.5", version: 2 });
  desk.send({ type: "query", what: "order", account: 0, clientId: order.clientId, placedAtUs: 0 });
  await expect
    .poll(() => told(desk, order.clientId).at(-1), POLL)
    .toBe(`status OPEN 0/1000@${order.priceTicks}`);
  const late = place({ priceTicks: BID - 999, steps: { tick: "0.1", lot: "0.00001" } });
  desk.send(late);
  await expect.poll(() => told(desk, late.clientId), POLL).toEqual(["orderRejected FILTER"]);
});

describe.each(EXCHANGE_IDS)("an instrument that %s does not list at the start", (id) => {
  it("has its orders refused, and trades once it is listed", async () => {
    venue = await serve(id);
    venue.core.relist(1, { status: "DELISTED" });
    const desk = await openDesk(venue);
    const [order, gone] = [place({ instrument: 1 }), cancel("qabc00010zzzzzz", 1)];
    desk.send(order);
    desk.send(gone);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderRejected HALTED"]);
    await expect.poll(() => told(desk, gone.clientId), POLL).toEqual(["cancelRejected HALTED"]);
    venue.core.relist(1, { status: "TRADING" });
    const definition = configOf(id).instruments[1];
    if (definition === undefined) throw new Error("no instrument");
    desk.side.redefine(1, definition);
    await expect
      .poll(
        () => {
          const again = place({ instrument: 1 });
          desk.send(again);
          return venue.core.openOrders(0).length;
        },
        { ...POLL, interval: 200 },
      )
      .toBeGreaterThan(0);
    expect(venue.core.openOrders(0)[0]).toMatchObject({ instrument: 1 });
  });
});
