import { afterEach, describe, expect, it } from "vitest";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { ASK, BID, nowUs, openDesk, place, POLL, serve, statuses, told } from "./served.ts";
import type { Desk, Served } from "./served.ts";

let venue: Served;
const open = async (id: ExchangeId): Promise<Desk> => openDesk((venue = await serve(id)));

afterEach(() => venue.close());

/** Somebody sells into our bid. */
function hit(sizeLots: number): void {
  venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots });
}

async function rest(desk: Desk, sizeLots = 3_000) {
  const order = place({ priceTicks: BID, sizeLots });
  // Ours alone at its price.
  venue.market({ kind: "snapshot", instrument: 0, bids: [BID - 1, 1_000_000], asks: [ASK, 1_000_000] });
  desk.send(order);
  await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
  return order;
}

const fills = (desk: Desk) => desk.events.filter(({ type }) => type === "fill");

describe.each(EXCHANGE_IDS)("the stream of %s", (id) => {
  it("tells what was filled while it was away before it says that it is back", async () => {
    const desk = await open(id);
    const order = await rest(desk);
    venue.fault({ kind: "disconnect", of: "all" });
    hit(1_000);
    await expect.poll(() => statuses(desk), POLL).toEqual(["up", "down", "up"]);
    const types = desk.events.map((event) => (event.type === "account" ? event.status : event.type));
    expect(types.indexOf("fill")).toBeLessThan(types.lastIndexOf("up"));
    expect(told(desk, order.clientId).filter((text) => text.startsWith("fill"))).toEqual([
      `fill 1000@${BID} maker`,
    ]);
  });

  it("that the venue ends by itself begins anew, whether its socket stays open or not", async () => {
    const desk = await open(id);
    const order = await rest(desk);
    venue.fault({ kind: "sessionExpired" });
    await expect.poll(() => statuses(desk), POLL).toEqual(["up", "down", "up"]);
    hit(1_000);
    await expect.poll(() => fills(desk).length, POLL).toBe(1);
    expect(told(desk, order.clientId)).toContain(`fill 1000@${BID} maker`);
  });

  it("that loses a fill is caught by the list of trades, which tells it once, and begins anew", async () => {
    const desk = await open(id);
    const order = await rest(desk);
    venue.fault({ kind: "silentStream", of: "report", forMs: 1_000 });
    hit(1_000);
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`fill 1000@${BID} maker`);
    hit(500);
    await expect.poll(() => fills(desk).length, { ...POLL, timeout: 10_000 }).toBe(2);
    expect(desk.logged.filter((line) => line.includes("did not tell")).length).toBeLessThanOrEqual(1);
  });

  it("that repeats, swaps and delays its reports tells each fill once, and every state of the order", async () => {
    const desk = await open(id);
    const order = await rest(desk);
    venue.fault({ kind: "duplicateEvent" });
    venue.fault({ kind: "reorderedEvents" });
    venue.fault({ kind: "lateEvent", delayMs: 30 });
    for (let n = 0; n < 6; n++) hit(500);
    await expect.poll(() => fills(desk).length, POLL).toBe(6);
    const sizes = fills(desk).map((event) => (event.type === "fill" ? event.sizeLots : 0));
    expect(sizes).toEqual([500, 500, 500, 500, 500, 500]);
    desk.send({ type: "query", what: "order", account: 0, clientId: order.clientId, placedAtUs: 0 });
    await expect.poll(() => told(desk, order.clientId).at(-1), POLL).toBe(`status FILLED 3000/3000@${BID}`);
    expect(told(desk, order.clientId).filter((text) => text.startsWith("fill"))).toHaveLength(6);
  });

  it("books both orders of a trade with ourselves, and equal trade ids on two symbols", async () => {
    const desk = await open(id);
    const other = place({ instrument: 1, priceTicks: ASK, sizeLots: 100, timeInForce: "IOC" });
    const same = place({ instrument: 0, priceTicks: ASK, sizeLots: 100, timeInForce: "IOC" });
    desk.send(other);
    desk.send(same);
    await expect.poll(() => fills(desk).length, POLL).toBe(2);
    const order = await rest(desk, 200);
    const terms = { clientId: "x-other-hand", side: "sell", priceTicks: BID, sizeLots: 200 } as const;
    venue.core.place(0, { ...place(terms), timeInForce: "IOC", selfTrade: "NONE" });
    await expect.poll(() => fills(desk).length, POLL).toBe(4);
    const truth = venue.core.fills(0, { order: "oldest", limit: 10 });
    expect(truth).toHaveLength(4);
    expect(told(desk, order.clientId).filter((text) => text.startsWith("fill"))).toEqual([
      `fill 200@${BID} maker`,
    ]);
    expect(fills(desk).filter((event) => event.type === "fill" && event.clientId === undefined)).toHaveLength(
      1,
    );
  });

  it("that is refused its login is not up before one is taken, and has then lost nothing", async () => {
    const desk = await open(id);
    const order = await rest(desk);
    for (let n = 0; n < 2; n++) venue.fault({ kind: "loginRefused" });
    venue.fault({ kind: "disconnect", of: "report" });
    hit(1_000);
    await expect.poll(() => statuses(desk), { ...POLL, timeout: 25_000 }).toEqual(["up", "down", "up"]);
    expect(desk.logged.filter((line) => line.includes("the private stream does not open"))).toHaveLength(1);
    expect(desk.events.some((event) => event.type === "account" && event.halted !== undefined)).toBe(false);
    expect(told(desk, order.clientId).filter((text) => text.startsWith("fill"))).toEqual([
      `fill 1000@${BID} maker`,
    ]);
  });

  it("that is to be built anew goes down, comes back, and orders leave again", async () => {
    const desk = await open(id);
    desk.side.rebuild("of a test");
    await expect.poll(() => statuses(desk), POLL).toEqual(["up", "down", "up"]);
    const order = place({ requestExpiresAtUs: nowUs() + 1_500_000 });
    desk.send(order);
    await expect.poll(() => told(desk, order.clientId), POLL).toEqual(["orderAccepted"]);
  });
});
