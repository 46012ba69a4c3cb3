import { describe, expect, it } from "vitest";
import { brokenBudgets } from "../../../../server/bench/measure.ts";
import { FrameWatch } from "../../../../server/bench/wire/frameWatch.ts";

const BOOK = '{"channel":"book","type":"update"}';
const ORDER = '{"method":"amend_order","params":{}}';

function watched(act: (watch: FrameWatch) => void): FrameWatch {
  const watch = new FrameWatch();
  act(watch);
  return watch;
}

describe("the watch over an emulator's frames", () => {
  it("times the first order after a frame, and no second one", () => {
    const watch = watched((one) => {
      one.arm();
      one.sent(BOOK);
      one.received(ORDER);
      one.received(ORDER);
    });
    expect(watch.frames).toBe(1);
    expect(watch.durations()).toHaveLength(1);
  });

  it("leaves out what is no book, no order, or a frame that our own orders have caused", () => {
    const watch = watched((one) => {
      one.arm();
      one.sent('{"channel":"trade"}');
      one.sent(BOOK);
      one.sent(BOOK);
      one.received('{"method":"cancel_order"}');
      one.received(ORDER);
    });
    expect(watch.frames).toBe(1);
    expect(watch.durations()).toHaveLength(1);
  });

  it.each([
    { frames: 10, answered: 10, value: 1, broken: [] },
    { frames: 10, answered: 9, value: 0.9, broken: [] },
    { frames: 9_999, answered: 8_999, value: 0.899, broken: ["x value is 0.899, its budget at least 0.9"] },
    { frames: 2, answered: 1, value: 0.5, broken: ["x value is 0.5, its budget at least 0.9"] },
    { frames: 0, answered: 0, value: 0, broken: ["x value is 0, its budget at least 0.9"] },
  ])("reports that $answered of $frames frames led to an order, and fails when they are too few", (given) => {
    const watch = watched((one) => {
      for (let n = 0; n < given.frames; n++) {
        one.arm();
        one.sent(BOOK);
        if (n < given.answered) one.received(ORDER);
      }
    });
    const { figure, budget } = watch.answered("x");
    expect(figure).toMatchObject({ name: "x", value: given.value });
    expect(brokenBudgets({ results: [figure], budgets: [budget] })).toEqual(given.broken);
    expect(watch.durations()).toHaveLength(given.answered);
  });

  it("forgets the warm-up", () => {
    const watch = watched((one) => {
      one.arm();
      one.sent(BOOK);
      one.restart();
      one.received(ORDER);
      one.arm();
      one.sent(BOOK);
      one.received(ORDER);
    });
    expect(watch.durations()).toHaveLength(1);
  });
});
