import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createOrderFlow,
  loseQuotes,
  observeQuotes,
  orderFlowEvent,
  readOrderFlow,
  type BestQuotes,
} from "../../../../../server/core/estimate/flow/orderFlowImbalance.ts";

const START_US = 1_700_000_000_000_000;
const BEFORE: BestQuotes = { bid: 100, bidSize: 5, ask: 102, askSize: 4 };

const quotes = fc
  .record({
    bid: fc.integer({ min: 90, max: 110 }),
    width: fc.integer({ min: 1, max: 9 }),
    bidSize: fc.integer({ min: 1, max: 1_000 }),
    askSize: fc.integer({ min: 1, max: 1_000 }),
  })
  .map(({ bid, width, bidSize, askSize }) => ({ bid, bidSize, ask: bid + width, askSize }));

function mirror({ bid, bidSize, ask, askSize }: BestQuotes): BestQuotes {
  return { bid: -ask, bidSize: askSize, ask: -bid, askSize: bidSize };
}

describe("order-flow imbalance", () => {
  it.each([
    { name: "a bid that grows", now: { ...BEFORE, bidSize: 7 }, e: 2 },
    { name: "a bid that is taken or cancelled in part", now: { ...BEFORE, bidSize: 2 }, e: -3 },
    { name: "a better bid, with its whole size", now: { ...BEFORE, bid: 101, bidSize: 3 }, e: 3 },
    { name: "a bid that is gone, with the size it had", now: { ...BEFORE, bid: 99, bidSize: 9 }, e: -5 },
    { name: "an offer that grows", now: { ...BEFORE, askSize: 6 }, e: -2 },
    { name: "an offer that is lifted, with the size it had", now: { ...BEFORE, ask: 103, askSize: 1 }, e: 4 },
    { name: "a better offer, with its whole size", now: { ...BEFORE, ask: 101, askSize: 8 }, e: -8 },
    { name: "nothing", now: BEFORE, e: 0 },
  ])("counts $name as $e", ({ now, e }) => {
    expect(orderFlowEvent(BEFORE, now)).toBe(e);
  });

  it("turns its sign when bids and offers change places", () => {
    fc.assert(
      fc.property(quotes, quotes, (before, now) => {
        expect(orderFlowEvent(mirror(before), mirror(now))).toBeCloseTo(-orderFlowEvent(before, now), 9);
      }),
    );
  });

  it("is measured in depths, so that the unit of size does not matter", () => {
    fc.assert(
      fc.property(fc.array(quotes, { minLength: 12, maxLength: 40 }), (list) => {
        const [one, other] = [1, 512].map((unit) => {
          const state = createOrderFlow();
          for (const [at, q] of list.entries())
            observeQuotes(
              state,
              START_US + at * 2e5,
              { ...q, bidSize: q.bidSize * unit, askSize: q.askSize * unit },
              1,
            );
          return readOrderFlow(state, START_US + list.length * 2e5, 1);
        });
        expect(other?.value).toBeCloseTo(one?.value ?? NaN, 9);
        expect(one?.value).toBeDefined();
      }),
    );
  });

  it("forgets by its horizon while nothing happens", () => {
    const state = createOrderFlow();
    for (let at = 0; at < 20; at++) observeQuotes(state, START_US, { ...BEFORE, bidSize: 5 + at }, 10);
    const now = readOrderFlow(state, START_US, 10);
    const later = readOrderFlow(state, START_US + 5e6, 10);
    expect(now.value).toBeGreaterThan(0);
    expect((later.value ?? NaN) / (now.value ?? NaN)).toBeCloseTo(Math.exp(-0.5), 12);
  });

  it("takes what comes after a gap for no change", () => {
    const state = createOrderFlow();
    observeQuotes(state, START_US, BEFORE, 1);
    loseQuotes(state);
    observeQuotes(state, START_US, { ...BEFORE, bid: 200, ask: 202 }, 1);
    expect(state.flow).toBe(0);
  });

  it("is COLD until it knows a depth, and STALE when the quotes stop", () => {
    const state = createOrderFlow();
    for (let at = 0; at < 9; at++) observeQuotes(state, START_US, BEFORE, 1);
    expect(readOrderFlow(state, START_US, 1)).toMatchObject({ state: "COLD", value: undefined });
    observeQuotes(state, START_US, BEFORE, 1);
    expect(readOrderFlow(state, START_US, 1)).toMatchObject({ state: "WARM", value: 0 });
    expect(readOrderFlow(state, START_US + 11e6, 1).state).toBe("STALE");
  });
});
