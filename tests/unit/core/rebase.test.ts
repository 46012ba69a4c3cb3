import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Effect } from "../../../server/contract/effects.ts";
import type { Instrument } from "../../../server/contract/instrument.ts";
import { isFinal, type Order } from "../../../server/core/orders/order.ts";
import type { InstrumentState } from "../../../server/core/state.ts";
import { fillOf, noticesIn, quotingDesk, type Desk } from "../../support/desk.ts";

/** Two coins per order at 100.00 each: what a quote of the test desk is worth in any version. */
const ORDER_NOTIONAL = 200;

function instOf(desk: Desk): InstrumentState {
  const [inst] = desk.state.instruments;
  if (inst === undefined) throw new Error("no instrument");
  return inst;
}

function liveOf(desk: Desk): Order[] {
  return [...desk.state.orders.values()].filter(
    ({ status, instrument }) => instrument === 0 && !isFinal(status),
  );
}

function change(desk: Desk, part: Partial<Instrument>): readonly Effect[] {
  const before = instOf(desk).nextDefinition ?? instOf(desk).definition;
  const definition = { ...before, version: before.version + 1, ...part };
  return desk.send({ type: "instrument", instrument: 0, definition });
}

/** 5 coins a cent below and above 100.00, in the scales of the version that the venue is at. */
function sendBookOf(desk: Desk, { tick, lot }: Pick<Instrument, "tick" | "lot">): readonly Effect[] {
  const lots = Math.round(5 / Number(lot));
  const mid = Math.round(100 / Number(tick));
  const book = { bids: [mid - 1, lots], asks: [mid + 1, lots] };
  return desk.send({ type: "book", instrument: 0, kind: "snapshot", ...book });
}

function end(desk: Desk, { account, clientId }: Order): readonly Effect[] {
  return desk.send({ type: "orderCanceled", account, clientId, filledLots: 0 });
}

describe("an instrument whose lot changes", () => {
  it.each([
    { tick: "0.01", lot: "0.04", lots: 50 },
    { tick: "0.01", lot: "0.0025", lots: 800 },
    { tick: "0.1", lot: "0.04", lots: 50 },
    { tick: "0.001", lot: "0.01", lots: 200 },
  ])("to $lot with a tick of $tick is quoted with $lots lots, the same notional", ({ tick, lot, lots }) => {
    const desk = quotingDesk();
    expect(liveOf(desk).map(({ sizeLots }) => sizeLots)).toEqual([200, 200]);
    change(desk, { tick, lot });
    desk.wait(250);
    sendBookOf(desk, { tick, lot });
    const quotes = liveOf(desk);
    expect(quotes.map(({ sizeLots }) => sizeLots)).toEqual([lots, lots]);
    for (const { priceTicks, sizeLots } of quotes) {
      const notional = priceTicks * Number(tick) * sizeLots * Number(lot);
      expect(Math.abs(notional - ORDER_NOTIONAL)).toBeLessThan(1);
    }
    expect(instOf(desk).workingSellLots).toBe(lots);
    expect(desk.state.markets[0]?.workingSellBase).toBeCloseTo(2, 9);
  });

  it("uses after its adoption the book that came before it, without waiting for another", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const quotes = liveOf(desk);
    change(desk, { lot: "0.04" });
    sendBookOf(desk, { tick: "0.01", lot: "0.04" });
    for (const order of quotes) end(desk, order);
    expect(instOf(desk).definition.version).toBe(1);
    const effects = desk.wait(250);
    expect(noticesIn(effects)).toContain("INSTRUMENT_CHANGED");
    const told = effects.flatMap((effect) => (effect.type === "notice" ? [effect.text] : []));
    expect(told).toContain("lot 0.01 → 0.04, version 2");
    expect(effects.filter(({ type }) => type === "place")).toMatchObject([
      { side: "buy", sizeLots: 50 },
      { side: "sell", sizeLots: 50 },
    ]);
    expect(instOf(desk).external).toMatchObject({ bidTicks: 9_999, bidLots: 125, askLots: 125 });
  });

  it("goes on from a delta upon that book", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const quotes = liveOf(desk);
    change(desk, { tick: "0.1" });
    sendBookOf(desk, { tick: "0.1", lot: "0.01" });
    for (const order of quotes) end(desk, order);
    desk.wait(250);
    desk.send({ type: "book", instrument: 0, kind: "delta", bids: [998, 300], asks: [] });
    expect(instOf(desk).reason).toBeUndefined();
    expect(desk.state.markets[0]?.fair).toBeCloseTo(100, 6);
  });

  it("books a fill that comes before its adoption in the old lots, to the atom", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const [bid, ask] = liveOf(desk);
    if (bid === undefined || ask === undefined) throw new Error("not quoting");
    change(desk, { lot: "0.04" });
    desk.send(fillOf(bid, 100));
    desk.send({ type: "orderCanceled", account: 0, clientId: bid.clientId, filledLots: 150 });
    end(desk, ask);
    // Fifty lots of the old version are still awaited: they could not be told from fifty of the new one.
    desk.wait(1_000);
    expect(instOf(desk).definition.version).toBe(1);
    desk.send(fillOf(bid, 50));
    expect(desk.state.markets[0]?.inventoryBase).toBe(1.5);
    expect(noticesIn(desk.wait(250))).toContain("INSTRUMENT_CHANGED");
    expect(desk.state.markets[0]?.inventoryBase).toBe(1.5);
  });

  it("twice before the first was adopted goes to the last of them", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const quotes = liveOf(desk);
    change(desk, { lot: "0.04" });
    change(desk, { lot: "0.02" });
    for (const order of quotes) end(desk, order);
    desk.wait(250);
    sendBookOf(desk, { tick: "0.01", lot: "0.02" });
    expect(instOf(desk)).toMatchObject({ lotBase: 0.02, definition: { version: 3 } });
    expect(liveOf(desk).map(({ sizeLots }) => sizeLots)).toEqual([100, 100]);
  });

  it("and changes back before that was adopted forgets it, with the book that came in it", () => {
    const desk = quotingDesk();
    desk.answers = false;
    const quotes = liveOf(desk);
    change(desk, { lot: "0.0025" });
    sendBookOf(desk, { tick: "0.01", lot: "0.0025" });
    change(desk, { lot: "0.01" });
    for (const order of quotes) end(desk, order);
    expect(desk.wait(250).filter(({ type }) => type === "place")).toEqual([]);
    sendBookOf(desk, { tick: "0.01", lot: "0.01" });
    expect(instOf(desk)).toMatchObject({ lotBase: 0.01, nextDefinition: undefined });
    expect(liveOf(desk).map(({ sizeLots }) => sizeLots)).toEqual([200, 200]);
  });
});

describe("no order", () => {
  const action = fc.oneof(
    fc.record({
      do: fc.constant("change" as const),
      tick: fc.constantFrom("0.01", "0.1", "0.001"),
      lot: fc.constantFrom("0.01", "0.04", "0.0025"),
    }),
    fc.record({ do: fc.constant("end" as const), which: fc.nat({ max: 3 }) }),
    fc.record({ do: fc.constant("book" as const) }),
    fc.record({ do: fc.constant("wait" as const) }),
  );

  it("mixes two versions: whatever the order of events, each is worth the same in the version it was sent in", () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 30 }), (actions) => {
        const desk = quotingDesk();
        desk.answers = false;
        let told = { tick: "0.01", lot: "0.01" };
        for (const step of actions) {
          const effects = perform(desk, step, told);
          if (step.do === "change") told = step;
          for (const effect of effects) {
            if (effect.type !== "place" && effect.type !== "amend") continue;
            const { tickQuote, lotBase, nextDefinition } = instOf(desk);
            expect(nextDefinition).toBeUndefined();
            expect([tickQuote, lotBase]).toEqual([Number(told.tick), Number(told.lot)]);
            expect(Math.abs(effect.priceTicks * tickQuote - 100)).toBeLessThan(0.5);
            expect(Math.abs(effect.sizeLots * lotBase - 2)).toBeLessThan(0.05);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  function perform(
    desk: Desk,
    step: typeof action extends fc.Arbitrary<infer A> ? A : never,
    told: Pick<Instrument, "tick" | "lot">,
  ): readonly Effect[] {
    switch (step.do) {
      case "change":
        return change(desk, { tick: step.tick, lot: step.lot });
      case "book":
        return sendBookOf(desk, told);
      case "wait":
        return desk.wait(250);
      case "end": {
        const live = liveOf(desk);
        const order = live[step.which % Math.max(live.length, 1)];
        return order === undefined ? [] : end(desk, order);
      }
    }
  }
});
