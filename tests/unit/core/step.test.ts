import { describe, expect, it } from "vitest";
import type { Effect } from "../../../server/contract/effects.ts";
import type { Instrument } from "../../../server/contract/instrument.ts";
import { encodeState } from "../../../server/engine/hash/canonical.ts";
import {
  noticesIn,
  quotingDesk,
  readyDesk,
  reconcile,
  sendBook,
  sendOpenOrders,
  START_US,
  viewOf,
  type Desk,
} from "../../support/desk.ts";

function typesIn(effects: readonly Effect[]): string[] {
  return effects.map(({ type }) => type);
}

function quoted(desk: Desk, instrument: number): (string | number | undefined)[] {
  return (desk.state.instruments[instrument]?.slots ?? []).map(
    ({ reason, wantedTicks }) => reason ?? wantedTicks,
  );
}

function liveOf(desk: Desk, instrument = 0) {
  return (desk.state.instruments[instrument]?.live ?? []).flatMap((id) => desk.state.orders.get(id) ?? []);
}

function change(desk: Desk, part: Partial<Instrument>): readonly Effect[] {
  const definition = desk.state.instruments[0]?.definition;
  if (definition === undefined) throw new Error("no instrument");
  const next = { ...definition, version: definition.version + 1, ...part };
  return desk.send({ type: "instrument", instrument: 0, definition: next });
}

describe("an event", () => {
  it("older than the one before it stops the engine", () => {
    const desk = readyDesk();
    desk.nowUs -= 1;
    expect(() => desk.send({ type: "timer" })).toThrow(
      "event timer at 1699999999999999 µs is older than the engine",
    );
  });

  it.each([
    { name: "an instrument", act: (desk: Desk) => sendBook(desk, 9) },
    { name: "an account", act: (desk: Desk) => desk.send({ type: "account", account: 9, status: "up" }) },
    {
      name: "an account to transfer to",
      act: (desk: Desk) =>
        desk.send({ type: "transfer", account: 9, transferId: "t", asset: "BTC", amountAtoms: 1n }),
    },
  ])("that names $name which is not there stops the engine", ({ act }) => {
    expect(() => act(readyDesk())).toThrow("there is none");
  });

  it("after equal events before it gives equal effects and an equal state", () => {
    const [a, b] = [quotingDesk({ venues: 2 }), quotingDesk({ venues: 2 })];
    for (const midTicks of [10_020, 9_990, 10_000])
      for (const instrument of [0, 1])
        expect(sendBook(a, instrument, midTicks)).toEqual(sendBook(b, instrument, midTicks));
    expect(a.wait(2_000)).toEqual(b.wait(2_000));
    expect(encodeState(a.state)).toEqual(encodeState(b.state));
  });
});

describe("a feed", () => {
  it("with a gap pulls its own quotes and no others, until its next snapshot", () => {
    const desk = quotingDesk({ venues: 2 });
    const effects = desk.send({ type: "feed", instrument: 0, status: "gap" });
    expect(typesIn(effects)).toEqual(["cancel", "cancel"]);
    expect(quoted(desk, 0)).toEqual(["FEED_GAP", "FEED_GAP"]);
    expect(liveOf(desk, 1)).toHaveLength(2);
    desk.send({ type: "book", instrument: 0, kind: "delta", bids: [9_999, 400], asks: [] });
    expect(quoted(desk, 0)).toEqual(["FEED_GAP", "FEED_GAP"]);
    expect(typesIn(sendBook(desk, 0))).toEqual(["place", "place"]);
  });

  it("with a malformed book is void and raised", () => {
    const desk = quotingDesk();
    const effects = desk.send({
      type: "book",
      instrument: 0,
      kind: "snapshot",
      bids: [9_999, -1],
      asks: [10_001, 1],
    });
    expect(noticesIn(effects)).toEqual(["BAD_BOOK"]);
    expect(quoted(desk, 0)).toEqual(["FEED_GAP", "FEED_GAP"]);
    expect(liveOf(desk)).toEqual([]);
  });
});

describe("a venue whose private stream is lost", () => {
  it("is not quoted, its orders are UNKNOWN, and the other venue quotes on", () => {
    const desk = quotingDesk({ venues: 2 });
    desk.answers = false;
    const effects = desk.send({ type: "account", account: 0, status: "down" });
    expect(effects.filter(({ type }) => type === "cancel")).toHaveLength(2);
    expect(quoted(desk, 0)).toEqual(["VENUE_NOT_READY", "VENUE_NOT_READY"]);
    expect(liveOf(desk).map(({ status }) => status)).toEqual(["UNKNOWN", "UNKNOWN"]);
    expect(liveOf(desk, 1).map(({ status }) => status)).toEqual(["OPEN", "OPEN"]);
  });

  it("cancels what it finds again, and quotes anew once it is READY", () => {
    const desk = quotingDesk();
    const orders = liveOf(desk);
    desk.answers = false;
    desk.send({ type: "account", account: 0, status: "down" });
    desk.send({ type: "account", account: 0, status: "up" });
    sendOpenOrders(desk, 0, orders.map(viewOf));
    for (const { clientId, priceTicks, sizeLots } of orders) {
      const answer = {
        found: true,
        venueOrderId: "v",
        status: "OPEN",
        priceTicks,
        sizeLots,
        filledLots: 0,
      } as const;
      const effects = desk.send({ type: "orderStatus", account: 0, clientId, askedAtUs: desk.nowUs, answer });
      expect(effects).toContainEqual({ type: "cancel", account: 0, instrument: 0, clientId });
      desk.send({ type: "orderCanceled", account: 0, clientId, filledLots: 0 });
    }
    desk.answers = true;
    reconcile(desk, 0);
    expect(desk.state.accounts[0]?.status).toBe("READY");
    expect(liveOf(desk).map(({ status }) => status)).toEqual(["OPEN", "OPEN"]);
    expect(liveOf(desk).map(({ clientId }) => clientId)).not.toEqual(orders.map(({ clientId }) => clientId));
  });
});

describe("a host that paused", () => {
  it("for a second is nothing", () => {
    const desk = quotingDesk({ venues: 2 });
    desk.nowUs += 1_000_000;
    expect(noticesIn(desk.send({ type: "timer" }))).toEqual([]);
  });

  it("for longer finds every quote pulled and every venue reconciled, before the event itself is served", () => {
    const desk = quotingDesk({ venues: 2 });
    desk.nowUs += 1_000_001;
    const effects = desk.send({ type: "trade", instrument: 0, priceTicks: 10_000 });
    expect(noticesIn(effects)).toEqual(["HOST_PAUSE", "ACCOUNT_STATUS", "ACCOUNT_STATUS"]);
    expect(typesIn(effects).filter((type) => type === "cancel")).toHaveLength(4);
    const asked = effects.filter((effect) => effect.type === "query" && effect.what === "openOrders");
    expect(asked).toHaveLength(2);
    expect(liveOf(desk)).toEqual([]);
    for (const account of [0, 1]) {
      sendOpenOrders(desk, account, []);
      reconcile(desk, account);
      sendBook(desk, account);
    }
    expect([liveOf(desk, 0), liveOf(desk, 1)].map((orders) => orders.length)).toEqual([2, 2]);
  });

  it("before its first event did not pause", () => {
    const desk = readyDesk();
    expect(desk.nowUs).toBe(START_US);
    expect(desk.state.accounts.map(({ status }) => status)).toEqual(["READY"]);
  });
});

describe("a wall clock that stepped", () => {
  it("pulls every quote, reconciles every venue, and trusts no book before its channel has spoken again", () => {
    const desk = quotingDesk({ venues: 2 });
    const effects = desk.send({ type: "clockStep", stepMs: 28_800_000 });
    expect(noticesIn(effects)).toEqual(["CLOCK_STEP", "ACCOUNT_STATUS", "ACCOUNT_STATUS"]);
    expect(typesIn(effects).filter((type) => type === "cancel")).toHaveLength(4);
    for (const account of [0, 1]) {
      sendOpenOrders(desk, account, []);
      reconcile(desk, account);
    }
    expect([quoted(desk, 0), quoted(desk, 1)].flat()).toEqual(Array(4).fill("NO_BOOK"));
    for (const instrument of [0, 1]) desk.send({ type: "feed", instrument, status: "alive" });
    desk.wait(250);
    expect([liveOf(desk, 0), liveOf(desk, 1)].map((orders) => orders.length)).toEqual([2, 2]);
  });
});

describe("a journal's disk", () => {
  it.each(["DISK_LOW", "JOURNAL_STALLED"] as const)(
    "that is %s pulls every quote for as long as it is, and leaves trading states alone",
    (status) => {
      const desk = quotingDesk({ venues: 2 });
      const effects = desk.send({ type: "storage", status, text: "a test" });
      expect(noticesIn(effects)).toEqual(["STORAGE"]);
      expect(typesIn(effects).filter((type) => type === "cancel")).toHaveLength(4);
      expect([quoted(desk, 0), quoted(desk, 1)].flat()).toEqual(Array(4).fill(status));
      expect(desk.wait(3_000).filter(({ type }) => type === "place")).toEqual([]);
      expect(desk.state.trading.desk).toBe("ACTIVE");
      const back = desk.send({ type: "storage", status: "OK", text: "well again" });
      expect(typesIn(back).filter((type) => type === "place")).toHaveLength(4);
    },
  );

  it("that stays as it is says it once", () => {
    const desk = quotingDesk();
    desk.send({ type: "storage", status: "DISK_LOW", text: "a test" });
    expect(desk.send({ type: "storage", status: "DISK_LOW", text: "a test" })).toEqual([]);
  });
});

describe("an instrument whose tick changes", () => {
  it("is pulled, and re-based only once the last order priced in the old tick has ended", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const [bid, ask] = liveOf(desk);
    if (bid === undefined || ask === undefined) throw new Error("not quoting");
    expect(typesIn(change(desk, { tick: "0.1" }))).toEqual(["cancel", "cancel"]);
    expect(quoted(desk, 0)).toEqual(["REBASING", "REBASING"]);

    desk.send({ type: "orderCanceled", account: 0, clientId: bid.clientId, filledLots: 0 });
    desk.send({ type: "orderUnknown", account: 0, clientId: ask.clientId, request: "cancel" });
    // The venue's book is in the new tick already: 100.0 is 1,000 of them.
    sendBook(desk, 0, 1_000);
    expect(noticesIn(desk.wait(500))).toEqual([]);
    expect(desk.state.instruments[0]).toMatchObject({ tickQuote: 0.01, definition: { version: 1 } });
    expect(quoted(desk, 0)).toEqual(["REBASING", "REBASING"]);

    desk.send({ type: "orderCanceled", account: 0, clientId: ask.clientId, filledLots: 0 });
    expect(noticesIn(desk.wait(250))).toContain("INSTRUMENT_CHANGED");
    expect(desk.state.instruments[0]).toMatchObject({ tickQuote: 0.1, definition: { version: 2 } });
  });

  it("is quoted again on a snapshot in the new tick, at prices of the new tick", () => {
    const desk = quotingDesk();
    change(desk, { tick: "0.1" });
    desk.wait(250);
    expect(quoted(desk, 0)).toEqual(["FEED_GAP", "FEED_GAP"]);
    sendBook(desk, 0, 1_000);
    expect(quoted(desk, 0)).toEqual([999, 1_001]);
    expect(liveOf(desk).map(({ priceTicks }) => priceTicks)).toEqual([999, 1_001]);
    expect(desk.state.markets[0]?.fair).toBeCloseTo(100, 9);
  });

  it("or whose lot changes is quoted the same size in lots of the new one", () => {
    const desk = quotingDesk();
    expect(liveOf(desk).map(({ sizeLots }) => sizeLots)).toEqual([200, 200]);
    change(desk, { lot: "0.02" });
    desk.wait(250);
    sendBook(desk, 0);
    expect(liveOf(desk).map(({ sizeLots }) => sizeLots)).toEqual([100, 100]);
  });

  it("in nothing but a filter takes it over at once and keeps its quotes", () => {
    const desk = quotingDesk();
    expect(typesIn(change(desk, { sizeMinLots: 5 }))).toEqual(["notice"]);
    expect(desk.state.instruments[0]?.definition.sizeMinLots).toBe(5);
    expect(liveOf(desk)).toHaveLength(2);
  });

  it("cannot become another instrument", () => {
    expect(() => change(quotingDesk(), { symbol: "ETH/USD" })).toThrow("cannot become v0 ETH/USD");
  });
});

describe("an instrument that the venue halts", () => {
  it("is pulled at once and quoted again when it resumes", () => {
    const desk = quotingDesk();
    expect(typesIn(change(desk, { status: "HALTED" }))).toEqual(["notice", "cancel", "cancel"]);
    expect(quoted(desk, 0)).toEqual(["INSTRUMENT_HALTED", "INSTRUMENT_HALTED"]);
    expect(typesIn(change(desk, { status: "TRADING" }))).toEqual(["notice", "place", "place"]);
  });
});
