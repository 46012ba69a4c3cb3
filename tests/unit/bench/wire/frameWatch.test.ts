import { describe, expect, it } from "vitest";
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
    expect(watch.durations("x")).toHaveLength(1);
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
    expect(watch.durations("x")).toHaveLength(1);
  });

  it("refuses a figure of frames that mostly led to nothing", () => {
    const watch = watched((one) => {
      for (let n = 0; n < 2; n++) {
        one.arm();
        one.sent(BOOK);
      }
      one.received(ORDER);
    });
    expect(() => watch.durations("tick-to-order")).toThrow("only 1 of 2 frames led to an order");
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
    expect(watch.durations("x")).toHaveLength(1);
  });
});
