/** A paper desk over the lab's emulators: their books and trades, our own matching, and not a request for an order there. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PlaceEffect } from "../../../../server/contract/effects.ts";
import { createDeskVenue } from "../../../../server/engine/deskVenue.ts";
import { openPaperMarket } from "../../../../server/engine/paper/paperMarket.ts";
import { createClock } from "../../../../server/host/clock.ts";
import { listKeys, removeKey } from "../../../../server/host/keyVault.ts";
import { startLab, type Lab } from "../../../../server/lab/service/lab.ts";
import { prepareReal } from "../../../../server/supervisor/prepareReal.ts";
import type { Venue, VenueEvent, VenueSink } from "../../../../server/venues/venue.ts";
import { openRealLab, SILENT, type RealLab } from "../../../support/realLab.ts";
import { expectSoon } from "../../../venue/expectSoon.ts";

let real: RealLab;
beforeAll(async () => void (real = await openRealLab()), 60_000);
afterAll(() => real.close());

const clock = createClock();
let lab: Lab | undefined;
let venue: Venue | undefined;
afterEach(async () => {
  await venue?.close();
  await lab?.stop();
});

async function open() {
  const home = real.home("paper");
  // Nobody asks for a key.
  for (const { account, holder } of listKeys(home)) removeKey(home, { account, holder });
  const desk = await prepareReal(home, { profile: "paper", venues: real.venues }, () => clock.nowUs());
  lab = await startLab({
    home,
    clock,
    log: SILENT,
    openMarket: (of) => openPaperMarket(of, { clock, log: SILENT }),
  });
  const events: VenueEvent[] = [];
  const best = new Map<number, { bid: number; ask: number }>();
  const opened = createDeskVenue({ home, desk, clock, log: SILENT });
  venue = opened;
  const sink: VenueSink = {
    event(event) {
      events.push(event);
      if (event.type !== "book") return;
      setImmediate(() => opened.consumed(event.instrument));
      const [bid, ask] = [event.bids[0], event.asks[0]];
      if (event.kind === "snapshot" && bid !== undefined && ask !== undefined)
        best.set(event.instrument, { bid, ask });
    },
    connection: () => undefined,
    marketEnded: () => void events.push({ type: "account", account: 99, status: "down" }),
  };
  opened.open(sink);
  await expectSoon(() => [...best.keys()].toSorted((a, b) => a - b), { withinMs: 40_000 }).toEqual([
    0, 1, 2, 3, 4, 5, 6,
  ]);
  return { events, best, opened, sink };
}

let counter = 0;
function order(terms: Partial<PlaceEffect>): PlaceEffect {
  return {
    type: "place",
    account: 0,
    instrument: 0,
    clientId: `qppr0001${String(++counter).padStart(7, "0")}`,
    side: "buy",
    priceTicks: 1,
    sizeLots: 100,
    timeInForce: "IOC",
    selfTrade: "EXPIRE_MAKER",
    requestExpiresAtUs: clock.nowUs() + 5_000_000,
    ...terms,
  };
}

describe("a paper desk", () => {
  it("meets the venues' books and trades with its own orders, and sends them none", async () => {
    const { events, best, opened } = await open();
    const fillsOf = (clientId: string) =>
      events.flatMap((event) => (event.type === "fill" && event.clientId === clientId ? [event] : []));

    const { bid, ask } = best.get(0) ?? { bid: 0, ask: 0 };
    const taking = order({ priceTicks: Math.ceil(ask * 1.01) });
    opened.send(taking);
    await expectSoon(() => fillsOf(taking.clientId).reduce((sum, { sizeLots }) => sum + sizeLots, 0)).toBe(
      100,
    );
    const [taken] = fillsOf(taking.clientId);
    expect(taken).toMatchObject({ liquidity: "taker", feeAsset: "BTC" });
    expect(Math.abs((taken?.priceTicks ?? 0) / ask - 1)).toBeLessThan(0.01);

    // Just below the market: someone who sells down to there at the venue meets it here.
    const resting = order({
      priceTicks: Math.floor(bid * 0.999),
      timeInForce: "POST_ONLY",
      selfTrade: "EXPIRE_TAKER",
    });
    opened.send(resting);
    await expectSoon(() =>
      events.some((event) => event.type === "orderAccepted" && event.clientId === resting.clientId),
    ).toBe(true);
    const sweep = { do: "take", instrument: 0, side: "sell", sizeLots: 500_000_000 } as const;
    await expectSoon(
      async () => {
        await real.client.control({ ...sweep, limitTicks: Math.floor(resting.priceTicks * 0.999) });
        return fillsOf(resting.clientId).length;
      },
      { everyMs: 300 },
    ).toBeGreaterThan(0);
    expect(fillsOf(resting.clientId)[0]).toMatchObject({
      liquidity: "maker",
      priceTicks: resting.priceTicks,
    });

    expect(events.filter((event) => event.type === "account").map(({ status }) => status)).not.toContain(
      "down",
    );
    for (const account of ["binance", "okx", "kraken"]) {
      const asked = await real.client.control({ do: "orders", account, limit: 10 });
      expect(asked).toMatchObject({ ok: true, orders: [] });
    }
  }, 90_000);

  it("is told that a market with other steps is halted, and again when it comes back", async () => {
    const { events, opened, sink } = await open();
    const change = { tick: "0.5" };
    expect(await real.client.control({ do: "list", instrument: 4, change })).toMatchObject({ ok: true });
    const heard = () =>
      events.flatMap((event) =>
        event.type === "instrument" && event.instrument === 4 ? [event.definition] : [],
      );
    const halted = { account: "kraken", symbol: "BTC/USD", tick: "0.5", status: "HALTED" };
    await expectSoon(() => heard().at(-1), { withinMs: 20_000 }).toMatchObject(halted);
    await opened.close();
    events.length = 0;
    opened.open(sink);
    await expectSoon(() => heard().at(-1)).toMatchObject(halted);
  }, 90_000);
});
