import { describe, expect, it } from "vitest";
import { History, HISTORY_SAMPLES } from "../../../../server/engine/service/history.ts";
import { quotingDesk, START_US } from "../../../support/desk.ts";

const START_S = START_US / 1e6;

describe("the history of a market", () => {
  it("has one sample a second, with fair value, our quotes and everyone's mid", () => {
    const desk = quotingDesk();
    const history = new History(desk.engine);
    for (let second = 0; second < 5; second++) {
      desk.wait(1_000);
      history.sample();
      history.sample();
    }
    const answer = history.read("BTC", 0, 1);
    expect(answer?.atS).toEqual([26, 27, 28, 29, 30].map((second) => START_S + second));
    expect(answer?.fair).toEqual(Array.from({ length: 5 }, () => expect.closeTo(100)));
    expect(answer?.instruments).toEqual([{ account: "v0", symbol: "BTC/USD" }]);
    expect(answer?.mid[0]?.[4]).toBeCloseTo(100);
    expect(answer?.bid[0]?.[4]).toBeLessThan(answer?.ask[0]?.[4] ?? 0);
  });

  it("gives the last sample of each step, from the second that is asked for", () => {
    const desk = quotingDesk();
    const history = new History(desk.engine);
    for (let second = 0; second < 20; second++) {
      desk.wait(1_000);
      history.sample();
    }
    expect(history.read("BTC", START_S + 32, 5)?.atS).toEqual(
      [34, 39, 44, 45].map((second) => START_S + second),
    );
  });

  it("forgets what is older than an hour, also across a pause", () => {
    const desk = quotingDesk();
    const history = new History(desk.engine);
    history.sample();
    desk.state.nowUs += (HISTORY_SAMPLES - 1) * 1e6;
    history.sample();
    expect(history.read("BTC", 0, 1)?.atS).toHaveLength(2);
    desk.state.nowUs += 1e6;
    history.sample();
    expect(history.read("BTC", 0, 1)?.atS).toHaveLength(2);
  });

  it("has no answer for a market that is not there", () => {
    expect(new History(quotingDesk().engine).read("DOGE", 0, 1)).toBeUndefined();
  });
});
