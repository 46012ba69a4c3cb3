import { describe, expect, it } from "vitest";
import {
  createFlow,
  loseTop,
  observeTape,
  observeTop,
  readFlow,
} from "../../../../../server/core/estimate/flow/flow.ts";
import { createExternalTop } from "../../../../../server/core/book/ownOrders.ts";
import { encodeState } from "../../../../../server/engine/hash/canonical.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

const START_US = 1_700_000_000_000_000;

function top(bidTicks: number, bidLots: number, askTicks: number, askLots: number) {
  return { ...createExternalTop(), bidTicks, bidLots, askTicks, askLots };
}

describe("the flow of an instrument", () => {
  it("takes a side that is not known, and a crossed book, for a gap", () => {
    const flow = createFlow(100);
    observeTop(flow, START_US, top(100, 5, 101, 5));
    observeTop(flow, START_US, createExternalTop());
    expect(flow.quotesShort.last).toBeUndefined();
    observeTop(flow, START_US, top(100, 5, 101, 5));
    observeTop(flow, START_US, top(102, 5, 101, 5));
    expect(flow.microPrice.at).toBeUndefined();
    loseTop(flow);
    observeTop(flow, START_US, top(150, 5, 151, 5));
    expect(flow.quotesLong.flow).toBe(0);
  });

  it("forgets quotes sooner at the short horizon", () => {
    const flow = createFlow(100);
    for (let at = 0; at < 20; at++) observeTop(flow, START_US, top(100, 5 + at, 101, 5));
    const { orderFlowShort, orderFlowLong } = readFlow(flow, START_US + 3e6);
    expect(orderFlowLong.value).toBeGreaterThan(5 * (orderFlowShort.value ?? NaN));
  });

  it("counts a trade without aggressor by its bar, and only in VPIN", () => {
    const flow = createFlow(1);
    for (let at = 0; at < 60; at++)
      observeTape(flow, { atUs: START_US + at * 1e6, priceTicks: 100 + at, sizeLots: 2 });
    expect(flow.trades.n).toBe(0);
    expect(readFlow(flow, START_US + 60e6).vpin.value).toBeGreaterThan(0.5);
    observeTape(flow, { atUs: START_US + 60e6, priceTicks: 100, sizeLots: 2, aggressor: "sell" });
    expect(flow.trades.sell).toBe(2);
  });

  it("keeps a state that can be hashed, whatever comes", () => {
    const { uniform, exponential } = randomStream(4, "flow");
    const flow = createFlow(37);
    let atUs = START_US;
    for (let i = 0; i < 2_000; i++) {
      // Long silences too: everything decays to nothing in between.
      atUs += Math.round(exponential() * (i % 100 === 0 ? 1e12 : 1e5));
      const bid = 1_000 + Math.floor(uniform() * 5);
      observeTop(flow, atUs, top(bid, Math.floor(uniform() * 9), bid + Math.floor(uniform() * 4), 3));
      const aggressor = [undefined, "buy", "sell"][i % 3] as "buy" | "sell" | undefined;
      observeTape(flow, { atUs, priceTicks: bid, sizeLots: 1 + Math.floor(uniform() * 50), aggressor });
    }
    expect(() => encodeState(flow)).not.toThrow();
    expect(Object.values(readFlow(flow, atUs)).every(({ ageMs }) => ageMs !== undefined)).toBe(true);
  });
});
