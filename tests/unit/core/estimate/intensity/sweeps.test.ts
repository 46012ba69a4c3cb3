import { describe, expect, it } from "vitest";
import { applySnapshot, createBook } from "../../../../../server/core/book/book.ts";
import {
  addPrint,
  createSweeps,
  forgetTops,
  rememberTop,
  takeSettled,
  type Print,
} from "../../../../../server/core/estimate/intensity/sweeps.ts";

const START_US = 1_700_000_000_000_000;

function withTop(bidTicks = 99, askTicks = 101) {
  const state = createSweeps();
  rememberTop(state, START_US, bidTicks, askTicks);
  return state;
}

function print(afterMs: number, priceTicks: number, more: Partial<Print> = {}): Print {
  const atUs = START_US + afterMs * 1e3;
  return { receivedAtUs: atUs, stampUs: atUs, side: "buy", priceTicks, sizeLots: 2, ...more };
}

describe("a sweep", () => {
  it("is all prints of one side within a millisecond of the first, measured at the furthest price", () => {
    const state = withTop();
    for (const price of [101, 104, 103]) expect(addPrint(state, print(10, price))).toBeUndefined();
    expect(addPrint(state, print(11, 105))).toBeUndefined();
    expect(addPrint(state, print(11.5, 101))).toMatchObject({ touchTicks: 1, steps: 4, sizeLots: 8 });
  });

  it("of sellers counts downwards from the bid and does not mix with buyers", () => {
    const state = withTop();
    addPrint(state, print(10, 97, { side: "sell" }));
    addPrint(state, print(10, 102));
    expect(addPrint(state, print(20, 99, { side: "sell" }))).toMatchObject({
      touchTicks: 1,
      steps: 2,
      sizeLots: 2,
    });
  });

  it("is measured against the top before it, though the book it left behind arrived first", () => {
    const state = withTop();
    rememberTop(state, START_US + 50_000, 99, 106);
    addPrint(state, print(50, 105));
    expect(takeSettled(state, "buy", START_US + 1e6)).toMatchObject({ touchTicks: 1, steps: 4, sizeLots: 2 });
  });

  it("is left out when the top before it is not remembered any more, or never was", () => {
    const state = createSweeps();
    addPrint(state, print(1, 105));
    expect(takeSettled(state, "buy", START_US + 1e6)).toBeUndefined();
    for (let i = 0; i < 40; i++) rememberTop(state, START_US + 100_000 + i, 99, 101);
    addPrint(state, print(50, 105));
    expect(takeSettled(state, "buy", START_US + 1e6)).toBeUndefined();
    forgetTops(state);
    addPrint(state, print(200, 105));
    expect(takeSettled(state, "buy", START_US + 1e6)).toBeUndefined();
  });

  it("that never left the touch, or met something better, took no step", () => {
    const state = withTop();
    addPrint(state, print(10, 100));
    expect(addPrint(state, print(20, 101))?.steps).toBe(0);
    expect(takeSettled(state, "buy", START_US + 1e6)?.steps).toBe(0);
  });

  it("has no size once one of its prints had none", () => {
    const state = withTop();
    addPrint(state, print(10, 101));
    addPrint(state, print(10, 102, { sizeLots: undefined }));
    addPrint(state, print(10, 103));
    expect(addPrint(state, print(20, 101))).toMatchObject({ touchTicks: 1, steps: 2, sizeLots: undefined });
  });

  it("is settled by time only when nothing of it can be under way", () => {
    const state = withTop();
    addPrint(state, print(10, 103));
    expect(takeSettled(state, "buy", START_US + 60_000)).toBeUndefined();
    expect(takeSettled(state, "buy", START_US + 110_000)?.steps).toBe(2);
    expect(takeSettled(state, "buy", START_US + 210_000)).toBeUndefined();
  });

  describe("with the book that it met", () => {
    /** Asks of others at 101, 111, 121 and 141 ticks. */
    function asks(levels = [101, 5, 111, 5, 121, 5, 141, 5]) {
      const book = createBook();
      applySnapshot(book, [99, 5], levels);
      return book.asks;
    }

    function sweep(prints: readonly Partial<Print>[], range?: { fromTicks: number; toTicks: number }) {
      const state = withTop();
      for (const more of prints)
        addPrint(state, print(10, 0, { sizeLots: 5, depth: asks(), ...more }), range);
      return takeSettled(state, "buy", START_US + 1e6);
    }

    it("ended somewhere between the last level it took and the next", () => {
      expect(sweep([{ priceTicks: 101 }, { priceTicks: 111 }])).toMatchObject({
        followedTicks: 10,
        gapTicks: 10,
      });
      expect(sweep([{ priceTicks: 101 }, { priceTicks: 121 }])).toMatchObject({
        followedTicks: 20,
        gapTicks: 20,
      });
    });

    it("ended at the last level where it left part of it", () => {
      expect(sweep([{ priceTicks: 101 }, { priceTicks: 111, sizeLots: 3 }])).toMatchObject({ gapTicks: 1 });
      const whole = sweep([
        { priceTicks: 111, sizeLots: 3 },
        { priceTicks: 111, sizeLots: 2 },
      ]);
      expect(whole?.gapTicks).toBe(10);
    });

    it("ended nobody knows where when it ran out within our own order", () => {
      const own = { priceTicks: 111, ownLots: 4 };
      expect(sweep([{ ...own, sizeLots: 3 }])?.gapTicks).toBeUndefined();
      expect(sweep([{ ...own, sizeLots: 1 }])?.gapTicks).toBe(1);
    });

    it("is counted from the best price, ours included", () => {
      const depth = asks([100, 2, 101, 5, 111, 5]);
      expect(sweep([{ priceTicks: 100, sizeLots: 2, ownLots: 2, depth }])).toMatchObject({
        entryTicks: 0,
        followedTicks: 0,
        gapTicks: 1,
      });
    });

    it("within a range is counted from the first level there, and no further than the first beyond", () => {
      const range = { fromTicks: 5, toTicks: 15 };
      expect(sweep([{ priceTicks: 101 }], range)?.followedTicks).toBeLessThan(0);
      expect(sweep([{ priceTicks: 101 }, { priceTicks: 111 }], range)).toMatchObject({
        entryTicks: 11,
        followedTicks: 0,
        gapTicks: 10,
      });
      const beyond = sweep([{ priceTicks: 101 }, { priceTicks: 141 }], range);
      expect(beyond).toMatchObject({ followedTicks: 10, gapTicks: undefined, stopGapTicks: 1 });
    });

    it("counts a price that it printed at as a level, though the book has lost it", () => {
      const depth = asks([121, 5, 141, 5]);
      const range = { fromTicks: 5, toTicks: 100 };
      expect(sweep([{ priceTicks: 111, depth }], range)).toMatchObject({ followedTicks: 0, entryTicks: 11 });
    });
  });
});
