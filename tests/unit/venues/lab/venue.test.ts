import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PlaceEffect } from "../../../../server/contract/effects.ts";
import { createClock } from "../../../../server/host/clock.ts";
import type { Clock } from "../../../../server/host/clock.ts";
import { RETRY_FIRST_MS } from "../../../../server/host/frameClient.ts";
import { startLab } from "../../../../server/lab/service/lab.ts";
import type { Lab } from "../../../../server/lab/service/lab.ts";
import { demoDesk, makeHome, SILENT } from "../../lab/service/desk.ts";
import { isType, openDesk } from "./labDesk.ts";
import type { LabDesk } from "./labDesk.ts";

const desk = demoDesk();
const clock = createClock();
const EXPIRY_US = 30_000_000;

let place: { home: string; remove(): void };
let labs: Lab[];
let desks: LabDesk[];

beforeEach(() => {
  place = makeHome(desk);
  labs = [];
  desks = [];
});

afterEach(async () => {
  for (const { venue } of desks) await venue.close();
  for (const lab of labs) await lab.stop();
  place.remove();
});

async function lab(): Promise<Lab> {
  const started = await startLab({ home: place.home, clock, log: SILENT });
  labs.push(started);
  return started;
}

async function stop(started: Lab): Promise<void> {
  labs = labs.filter((other) => other !== started);
  await started.stop();
}

function connect(deskClock: Clock = clock): LabDesk {
  const opened = openDesk({ home: place.home, config: desk.config, clock: deskClock, log: SILENT });
  desks.push(opened);
  return opened;
}

/** Far below the market of the demo: it rests. */
function resting(clientId: string, deskClock: Clock = clock): PlaceEffect {
  return {
    type: "place",
    account: 0,
    instrument: 0,
    clientId,
    side: "buy",
    priceTicks: 5_000_000,
    sizeLots: 100,
    timeInForce: "POST_ONLY",
    selfTrade: "EXPIRE_TAKER",
    requestExpiresAtUs: deskClock.nowUs() + EXPIRY_US,
  };
}

describe("the lab as a venue", () => {
  it("comes up with every account, then sends every book whole", async () => {
    await lab();
    const { events, connections, until } = connect();
    const whole = () =>
      new Set(events.flatMap((e) => (e.type === "book" && e.kind === "snapshot" ? e.instrument : [])));
    await until(() => whole().size === desk.config.instruments.length);
    expect(events.slice(0, 3)).toEqual(
      [0, 1, 2].map((account) => ({ type: "account", account, status: "up" })),
    );
    expect(connections).toEqual([false, true]);
  });

  it("keeps trying until there is a lab", async () => {
    const { connections, until } = connect();
    expect(connections).toEqual([false]);
    await lab();
    await until(() => connections.at(-1) === true);
  });

  it("says that it does not know what became of an order that could not leave, and of a question nothing", () => {
    const { venue, events } = connect();
    venue.send(resting("c1"));
    venue.send({ type: "cancel", account: 1, instrument: 2, clientId: "c2" });
    venue.send({ type: "cancelAll", account: 0 });
    venue.send({ type: "query", what: "balances", account: 0 });
    expect(events).toEqual([
      { type: "orderUnknown", account: 0, clientId: "c1", request: "place" },
      { type: "orderUnknown", account: 1, clientId: "c2", request: "cancel" },
    ]);
  });

  it("says that accounts and feeds are down when the lab goes, and comes up again with the next one", async () => {
    const first = await lab();
    const { events, connections, next, until } = connect();
    await next(isType("book"));
    await stop(first);
    await until(() => connections.at(-1) === false);
    const down = events.length;
    expect(events.filter((e) => e.type === "account" && e.status === "down")).toHaveLength(3);
    expect(events.filter((e) => e.type === "feed" && e.status === "down")).toHaveLength(7);
    await lab();
    await until(() => connections.at(-1) === true);
    const book = await next(isType("book"), down);
    expect(book.kind).toBe("snapshot");
  });

  it("carries expiries and questions between clocks that do not agree", async () => {
    await lab();
    const hour = { nowUs: () => clock.nowUs() - 3_600_000_000 };
    const { venue, next } = connect(hour);
    await next(isType("account"));
    venue.send(resting("c1", hour));
    await next(isType("orderAccepted", "c1"));
    const beforeUs = hour.nowUs();
    venue.send({ type: "query", what: "openOrders", account: 0 });
    const { askedAtUs, orders } = await next(isType("openOrders"));
    expect(askedAtUs).toBeGreaterThanOrEqual(beforeUs);
    expect(askedAtUs).toBeLessThanOrEqual(hour.nowUs());
    expect(orders).toMatchObject([{ clientId: "c1" }]);
    venue.send({ ...resting("c2", hour), requestExpiresAtUs: hour.nowUs() - 1 });
    expect(await next(isType("orderRejected", "c2"))).toMatchObject({ reason: "EXPIRED_REQUEST" });
  });

  it("leaves orders at the venue when the desk goes, and lets the next session find and cancel them", async () => {
    await lab();
    const first = connect();
    await first.next(isType("account"));
    first.venue.send(resting("c1"));
    await first.next(isType("orderAccepted", "c1"));
    await first.venue.close();

    const second = connect();
    await second.next(isType("account"));
    second.venue.send({ type: "query", what: "openOrders", account: 0 });
    expect((await second.next(isType("openOrders"))).orders).toMatchObject([{ clientId: "c1" }]);
    second.venue.send({ type: "cancel", account: 0, instrument: 0, clientId: "c1" });
    await second.next(isType("orderCanceled", "c1"));
  });

  it("ends the older of two sessions, which does not come back", async () => {
    await lab();
    const first = connect();
    await first.next(isType("account"));
    const second = connect();
    await second.next(isType("account"));
    await first.until(() => first.connections.at(-1) === false);
    second.venue.send(resting("c1"));
    await second.next(isType("orderAccepted", "c1"));
    // Twice as long as until the first attempt to reconnect.
    await new Promise((resolve) => setTimeout(resolve, 2 * RETRY_FIRST_MS));
    expect(first.connections).toEqual([false, true, false]);
    expect(second.connections).toEqual([false, true]);
  });

  it("tells the fills of an earlier session again when it is asked for them", async () => {
    await lab();
    const sinceUs = clock.nowUs();
    const first = connect();
    await first.next(isType("account"));
    first.venue.send({ ...resting("c1"), priceTicks: 7_000_000, timeInForce: "IOC" });
    const fill = await first.next(isType("fill", "c1"));
    await first.venue.close();
    const second = connect();
    await second.next(isType("account"));
    second.venue.send({ type: "query", what: "fills", account: 0, sinceUs });
    expect(await second.next(isType("fill", "c1"))).toEqual(fill);
  });

  it("tells them to a desk whose clock does not agree", async () => {
    await lab();
    const ahead = { nowUs: () => clock.nowUs() + 3_600_000_000 };
    const sinceUs = ahead.nowUs();
    const { venue, events, next } = connect(ahead);
    await next(isType("account"));
    venue.send({ ...resting("c1", ahead), priceTicks: 7_000_000, timeInForce: "IOC" });
    const fill = await next(isType("fill", "c1"));
    const asked = events.length;
    venue.send({ type: "query", what: "fills", account: 0, sinceUs });
    expect(await next(isType("fill", "c1"), asked)).toEqual(fill);
  });

  it("can be opened again when it has been closed, and hears no more of the first time", async () => {
    await lab();
    const { venue, next, connections, until } = connect();
    await next(isType("account"));
    await venue.close();
    const again: boolean[] = [];
    venue.open({
      event: () => undefined,
      connection: (account, connected) => void (account === 0 && again.push(connected)),
      marketEnded: () => undefined,
    });
    await until(() => again.includes(true));
    await new Promise((resolve) => setTimeout(resolve, 2 * RETRY_FIRST_MS));
    expect(again).toEqual([false, true]);
    expect(connections).toEqual([false, true]);
  });
});
