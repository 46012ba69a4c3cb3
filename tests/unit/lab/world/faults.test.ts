import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { EngineEvent } from "../../../../server/contract/events.ts";
import { FaultPlan } from "../../../../server/lab/world/faults.ts";
import type { FakeExchange } from "./fixtures.ts";
import { depth, fakeExchange, linesOf, place, run, STEADY } from "./fixtures.ts";

const T = 1_000_000;
const SECOND = 1_000_000;

const amend: Effect = {
  type: "amend",
  account: 0,
  instrument: 0,
  clientId: "a",
  priceTicks: 101,
  sizeLots: 5,
  requestExpiresAtUs: Number.MAX_SAFE_INTEGER,
};
const cancel: Effect = { type: "cancel", account: 0, instrument: 0, clientId: "a" };

/** Effects at chosen instants: each goes out with the timer at, or next after, its instant. */
function at(plan: readonly (readonly [atUs: number, effect: Effect])[]) {
  const left = [...plan];
  return (event: EngineEvent): readonly Effect[] => {
    if (event.type !== "timer") return [];
    const due = left.filter(([atUs]) => atUs <= event.atUs);
    for (const entry of due) left.splice(left.indexOf(entry), 1);
    return due.map(([, effect]) => effect);
  };
}

const market = (...atUs: number[]) => atUs.map((us) => depth(us));
const quiet = { records: market(T, T + 3 * SECOND), latency: STEADY, timerPeriodUs: 100_000 };
const ofOrder = (events: readonly EngineEvent[]) =>
  linesOf(events.filter((e) => "clientId" in e)).map((line) =>
    line.replace(/^(\d+)/, (us) => `${Number(us) - T}`),
  );

describe("faults of requests", () => {
  it("leave everything alone when none is planned", () => {
    const { events, result } = run({ ...quiet, engine: at([[T, place("a")]]) });
    expect(ofOrder(events)).toEqual(["1100 orderAccepted", "3001000 fill"]);
    expect(Object.values(result.faults).every((count) => count === 0)).toBe(true);
  });

  it.each([
    { name: "silently", unknownAfterMs: undefined, expected: [] },
    { name: "with a time-out", unknownAfterMs: 500, expected: ["500000 orderUnknown"] },
  ])("lose a request before the exchange, $name", ({ unknownAfterMs, expected }) => {
    const { events, log, result } = run({
      ...quiet,
      engine: at([[T, place("a")]]),
      faults: { lostRequest: 1, unknownAfterMs },
    });
    expect(ofOrder(events)).toEqual(expected);
    expect(log.filter((line) => line.includes("place"))).toEqual([]);
    expect(result.faults.lostRequest).toBe(1);
  });

  it("lose the answer of a request that took effect: the order lives and its fills arrive", () => {
    const { events, log, result } = run({
      ...quiet,
      engine: at([[T, place("a")]]),
      faults: { lostAck: 1, unknownAfterMs: 500 },
    });
    expect(log).toContain(`${T + 100} place a`);
    expect(ofOrder(events)).toEqual(["500000 orderUnknown", "3001000 fill"]);
    expect(result.faults.lostAck).toBe(1);
  });

  it("lose the answer of a request and nothing that comes later", () => {
    const exchange: FakeExchange = {
      ...fakeExchange(),
      cancel: () => undefined,
      applyMarket: (_record, atUs, output) => {
        if (atUs > T) output.private(0, { type: "orderExpired", clientId: "a", filledLots: 0 });
      },
    };
    const { events } = run({ ...quiet, exchange, engine: at([[T, cancel]]), faults: { lostAck: 1 } });
    expect(ofOrder(events)).toEqual(["3001000 orderExpired"]);
  });

  it.each([
    { name: "a place", effect: place("a"), request: "place" },
    { name: "an amend", effect: amend, request: "amend" },
    { name: "a cancel", effect: cancel, request: "cancel" },
  ])("say of $name which request it was", ({ effect, request }) => {
    const { events } = run({
      ...quiet,
      engine: at([[T, effect]]),
      faults: { lostRequest: 1, unknownAfterMs: 1 },
    });
    expect(events.find((e) => e.type === "orderUnknown")).toMatchObject({ clientId: "a", request });
  });

  it("lose questions and a cancel of everything without a word", () => {
    const effects: Effect[] = [
      { type: "cancelAll", account: 0 },
      { type: "query", what: "balances", account: 0 },
    ];
    const { events, log } = run({
      ...quiet,
      engine: at(effects.map((effect) => [T, effect] as const)),
      faults: { lostRequest: 1, unknownAfterMs: 1 },
    });
    expect(log.some((line) => line.includes("cancelAll"))).toBe(false);
    expect(linesOf(events).some((line) => /balances|orderUnknown/.test(line))).toBe(false);
  });

  it("refuse a cancel and leave the order where it is", () => {
    const { events, log, result } = run({
      ...quiet,
      engine: at([
        [T, place("a")],
        [T + SECOND, cancel],
      ]),
      faults: { refusedCancel: 1 },
    });
    expect(ofOrder(events)).toEqual(["1100 orderAccepted", "1001100 cancelRejected", "3001000 fill"]);
    expect(log.some((line) => line.includes("cancel"))).toBe(false);
    expect(result.faults.refusedCancel).toBe(1);
  });
});

describe("faults of reports", () => {
  it("deliver a report twice, the copy behind it", () => {
    const { events, result } = run({
      ...quiet,
      engine: at([[T, place("a")]]),
      faults: { duplicateReport: 1 },
    });
    expect(ofOrder(events)).toEqual([
      "1100 orderAccepted",
      "1100 orderAccepted",
      "3001000 fill",
      "3001000 fill",
    ]);
    expect(result.faults.duplicateReport).toBe(2);
  });

  it("let a late report be overtaken by the next, but never arrive early or not at all", () => {
    const orders = Array.from({ length: 40 }, (_, i) => [T + i * 10_000, place(`c${i}`)] as const);
    const { events, result } = run({
      ...quiet,
      timerPeriodUs: 10_000,
      engine: at(orders),
      faults: { lateReport: 0.5, lateByMaxMs: 200 },
    });
    const accepted = events.flatMap((e) => (e.type === "orderAccepted" ? [e] : []));
    expect(accepted.map((e) => e.clientId).toSorted()).toEqual(orders.map(([, o]) => o.clientId).toSorted());
    expect(accepted.map((e) => e.clientId)).not.toEqual(orders.map(([, o]) => o.clientId));
    const sentAtUs = new Map(orders.map(([atUs, o]) => [o.clientId, atUs]));
    for (const { atUs, clientId } of accepted) {
      const tookUs = atUs - (sentAtUs.get(clientId) ?? 0);
      expect(tookUs).toBeGreaterThanOrEqual(1_100);
      expect(tookUs).toBeLessThanOrEqual(201_100);
    }
    expect(result.faults.lateReport).toBeGreaterThan(10);
  });
});

describe("an outage of the private channel", () => {
  // The only outage lasts 2 s; a fill happens every 100 ms.
  const records = market(...Array.from({ length: 80 }, (_, i) => T + i * 100_000));
  const faults = { privateDown: { everyS: 3, lengthMinS: 2, lengthMaxS: 2 } };
  const questions: Effect[] = [
    { type: "query", what: "openOrders", account: 0 },
    { type: "query", what: "balances", account: 0 },
  ];

  it("loses reports, then brings every fill exactly once and before the answers asked on the reconnect", () => {
    const { events, result } = run({
      records,
      latency: STEADY,
      faults,
      engine: (event) => {
        if (event.type === "account" && event.account === 0 && event.status === "up")
          return event.atUs === T ? [place("a")] : questions;
        return [];
      },
    });
    const mine = events.filter((e) => "account" in e && e.account === 0);
    const types = mine.map((e) => (e.type === "account" ? e.status : e.type));
    const downAt = types.indexOf("down");
    const upAt = types.indexOf("up", downAt);
    expect(upAt).toBe(downAt + 1);
    const lost = types.indexOf("openOrders") - upAt - 1;
    expect(lost).toBeGreaterThanOrEqual(19);
    expect(types.slice(upAt + 1, upAt + 1 + lost).every((type) => type === "fill")).toBe(true);

    const trades = mine.flatMap((e) => (e.type === "fill" ? [e.tradeId] : []));
    expect(trades).toEqual(trades.map((_, i) => `t${i + 1}`));
    expect(trades.length).toBeGreaterThanOrEqual(70);
    expect(result.faults.privateDown).toBeGreaterThanOrEqual(1);
    expect(result.faults.fillsBackfilled).toBe(result.faults.reportsLost);
  });

  it("brings a fill once though its report was lost twice", () => {
    const { result } = run({
      records,
      latency: STEADY,
      faults: { ...faults, duplicateReport: 1 },
      engine: at([[T, place("a")]]),
    });
    expect(result.faults.fillsBackfilled).toBeGreaterThan(15);
    expect(result.faults.reportsLost).toBe(2 * result.faults.fillsBackfilled);
  });

  it("does not stop requests and answers to questions", () => {
    const { events, log } = run({
      records,
      latency: STEADY,
      faults,
      engine: (event) => {
        if (event.type !== "account" || event.account !== 0 || event.status !== "down") return [];
        return [place("a"), ...questions];
      },
    });
    const downAtUs =
      events.find((e) => e.type === "account" && e.status === "down" && e.account === 0)?.atUs ?? 0;
    expect(log).toContain(`${downAtUs + 100} place a`);
    const answer = events.find((e) => e.type === "openOrders" && e.atUs === downAtUs + 1_100);
    expect(answer).toMatchObject({ orders: [{ clientId: "a" }] });
    expect(events.some((e) => e.type === "orderAccepted")).toBe(false);
  });
});

describe("outages of the public feed", () => {
  const records = Array.from({ length: 200 }, (_, i) => depth(T + i * 50_000));
  const books = (events: readonly EngineEvent[]) =>
    events.flatMap((e) => (e.type === "book" && e.instrument === 0 ? [e] : []));

  it("hold data back in silence and then deliver all of it at once, in order", () => {
    const { events, result } = run({
      records,
      latency: STEADY,
      faults: { feedSilence: { everyS: 2, lengthMinS: 1, lengthMaxS: 1 } },
    });
    const sequence = books(events).map((e) => e.bids[0]);
    expect(sequence).toEqual(records.map((r) => r.exchangeAtUs));
    const atOneInstant = new Map<number, number>();
    for (const { atUs } of books(events)) atOneInstant.set(atUs, (atOneInstant.get(atUs) ?? 0) + 1);
    expect(Math.max(...atOneInstant.values())).toBeGreaterThanOrEqual(19);
    expect(result.faults.feedSilence).toBeGreaterThanOrEqual(1);
    expect(result.faults.publicLost).toBe(0);
  });

  it("lose data in a gap, and say so before a snapshot puts it right", () => {
    const { events, result } = run({
      records,
      latency: STEADY,
      faults: { feedGap: { everyS: 2, lengthMinS: 1, lengthMaxS: 1 } },
    });
    const feed = events.filter((e) => (e.type === "book" || e.type === "feed") && e.instrument === 0);
    const gapAt = feed.findIndex((e) => e.type === "feed" && e.status === "gap");
    expect(gapAt).toBeGreaterThan(0);
    const next = feed[gapAt + 1];
    expect(next).toMatchObject({ type: "book", kind: "snapshot" });
    expect((next?.atUs ?? 0) - (feed[gapAt]?.atUs ?? 0)).toBe(SECOND);
    expect(result.faults.publicLost + books(events).filter((e) => e.kind === "delta").length).toBe(
      records.length,
    );
    expect(result.faults.publicLost).toBeGreaterThanOrEqual(19);
  });
});

describe("a fault plan", () => {
  it("injects at about its probability, the same with the same seed", () => {
    const orders = Array.from({ length: 400 }, (_, i) => [T + i * 1_000, place(`c${i}`)] as const);
    const count = (seed: number) =>
      run({
        ...quiet,
        seed,
        timerPeriodUs: 1_000,
        engine: at(orders),
        faults: { lostRequest: 0.25 },
      }).log.filter((line) => line.includes("place"));
    expect(count(1)).toEqual(count(1));
    expect(count(1)).not.toEqual(count(2));
    // 300 expected, standard deviation 8.7.
    expect(Math.abs(count(1).length - 300)).toBeLessThan(40);
  });

  it.each([
    { name: "a probability above one", plan: { lostAck: 1.2 } },
    {
      name: "an outage with its lengths the wrong way round",
      plan: { feedGap: { everyS: 1, lengthMinS: 2, lengthMaxS: 1 } },
    },
    { name: "a fault nobody knows", plan: { meteor: 1 } },
  ])("refuses $name", ({ plan }) => {
    expect(FaultPlan.safeParse(plan).success).toBe(false);
  });

  it("runs every kind at once without losing a fill", () => {
    const outage = { everyS: 1, lengthMinS: 0.1, lengthMaxS: 0.5 };
    const exchange = fakeExchange();
    let sent = 0;
    const { events, result } = run({
      records: market(...Array.from({ length: 400 }, (_, i) => T + i * 20_000)),
      exchange,
      latency: STEADY,
      engine: (event) => (event.type === "timer" && sent < 5 ? [place(`c${(sent += 1)}`)] : []),
      faults: {
        lostRequest: 0.2,
        lostAck: 0.2,
        duplicateReport: 0.2,
        lateReport: 0.2,
        lateByMaxMs: 50,
        privateDown: outage,
        feedSilence: outage,
        feedGap: outage,
      },
      toUs: T + 12 * SECOND,
    });
    const fills = new Set(events.flatMap((e) => (e.type === "fill" ? [e.tradeId] : [])));
    const firstOrder = exchange.log.findIndex((line) => line.includes("place"));
    const happenedAtUs = exchange.log
      .slice(firstOrder)
      .filter((line) => line.includes("market"))
      .map((line) => parseInt(line));
    const missingAtUs = happenedAtUs.filter((_, i) => !fills.has(`t${i + 1}`));
    // Only what the last outage holds, or was under way when the run ended, may be missing.
    const statuses = events.flatMap((e) => (e.type === "account" && e.account === 0 ? [e] : []));
    const last = statuses.at(-1);
    const openFromUs = last?.status === "down" ? last.atUs : result.endedAtUs;
    expect(missingAtUs.filter((us) => us < openFromUs - 52_000)).toEqual([]);
    expect(result.faults.privateDown).toBeGreaterThan(2);
    expect(fills.size).toBeGreaterThan(200);
  });
});
