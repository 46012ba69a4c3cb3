import { describe, expect, it } from "vitest";
import { hedgedAsk, hedgedBid } from "../../../../server/core/hedge/hedgedQuote.ts";
import { hedgedBoundsOf, takerVenueOf } from "../../../../server/core/orders/takers.ts";
import { explainQuote } from "../../../../server/core/quote/explain.ts";
import { FAIR_TICKS, quotingDesk, sendBook, type Desk, type DeskShape } from "../../../support/desk.ts";

const TERMS = { makerFrac: 0.0001, takerFrac: 0.0005, profitFrac: 0.0005, slippageFrac: 0.001 } as const;

function hedgedDesk(shape: DeskShape = {}): Desk {
  return quotingDesk({
    venues: 3,
    ...shape,
    adjust: (config) => ({ ...config, hedging: "simulated" }),
    parameters: { hedgedQuoting: true, hedgeProfitBps: 5, hedgeSlippageBps: 10, ...shape.parameters },
  });
}

function boundsOf(desk: Desk) {
  const [inst] = desk.state.instruments;
  const [market] = desk.state.markets;
  if (inst === undefined || market === undefined) throw new Error("a desk has both");
  return hedgedBoundsOf(desk.engine, inst, market, 0.001);
}

const reasonsOf = (desk: Desk): unknown[] =>
  desk.state.instruments[0]?.slots.map(({ reason }) => reason) ?? [];

describe("the bound of a quote that must pay for its hedge", () => {
  it("is what taking elsewhere gives after fees, slippage and profit", () => {
    const { bidMax, askMin } = boundsOf(hedgedDesk());
    expect(bidMax).toBeCloseTo(hedgedBid(99.99, TERMS), 9);
    expect(askMin).toBeCloseTo(hedgedAsk(100.01, TERMS), 9);
  });

  it("is that of the venue that lets each side quote nearest", () => {
    const desk = hedgedDesk();
    desk.send({ type: "book", instrument: 1, kind: "snapshot", bids: [10_005, 500], asks: [10_007, 500] });
    const { bidMax, askMin } = boundsOf(desk);
    expect(bidMax).toBeCloseTo(hedgedBid(100.05, TERMS), 9);
    expect(askMin).toBeCloseTo(hedgedAsk(100.01, TERMS), 9);
  });

  it("never counts on the venue where the quote itself stands", () => {
    const desk = hedgedDesk();
    sendBook(desk, 0, FAIR_TICKS + 3);
    expect(boundsOf(desk).bidMax).toBeCloseTo(hedgedBid(99.99, TERMS), 9);
  });

  it("holds the quotes out where the model would be nearer, and is explained", () => {
    const desk = hedgedDesk({ parameters: { hedgeProfitBps: 40, collarBps: 200 } });
    const quote = explainQuote(desk.engine, 0);
    const stage = quote?.stages.find((candidate) => candidate.stage === "hedgeBound");
    expect(stage?.bid).toBeLessThan(0);
    expect(stage?.ask).toBeGreaterThan(0);
    expect(quote?.bid).toBeLessThanOrEqual(stage?.inputs.bidMost ?? NaN);
    expect(quote?.ask).toBeGreaterThanOrEqual(stage?.inputs.askLeast ?? NaN);
    expect(desk.state.instruments[0]?.slots[0]?.wantedTicks).toBe(quote?.bidTicks);
  });

  it("is refused as thin where no other venue shows the size, on that side alone", () => {
    const desk = hedgedDesk();
    for (const instrument of [1, 2])
      desk.send({ type: "book", instrument, kind: "snapshot", bids: [9_999, 1], asks: [10_001, 500] });
    expect(boundsOf(desk)).toMatchObject({ bidRefusal: "HEDGE_BOOK_THIN", askRefusal: undefined });
    desk.wait(1_000);
    expect(reasonsOf(desk)).toEqual(["HEDGE_BOOK_THIN", undefined]);
  });

  it("is refused as stale where books are older than 200 ms, and given again when they are confirmed", () => {
    const desk = hedgedDesk();
    desk.nowUs += 250_000;
    desk.send({ type: "feed", instrument: 0, status: "alive" });
    desk.send({ type: "timer" });
    desk.nowUs += 250_000;
    desk.send({ type: "timer" });
    expect(boundsOf(desk)).toMatchObject({ bidRefusal: "HEDGE_BOOK_STALE", askRefusal: "HEDGE_BOOK_STALE" });
    desk.wait(1_000);
    expect(reasonsOf(desk)).toEqual([undefined, undefined]);
  });

  it("is refused on a desk with one venue", () => {
    expect(reasonsOf(hedgedDesk({ venues: 1 }))).toEqual(["HEDGE_BOOK_THIN", "HEDGE_BOOK_THIN"]);
  });

  it("has no venue to take at without a rate of its currency", () => {
    const desk = hedgedDesk();
    const [inst] = desk.state.instruments;
    if (inst === undefined) throw new Error("there is an instrument");
    expect(takerVenueOf(desk.engine, inst)).toMatchObject({ tickReporting: 0.01, takerFrac: 0.0005 });
    const rate = desk.state.rates.get("USD");
    if (rate !== undefined) rate.value = undefined;
    expect(takerVenueOf(desk.engine, inst)).toBeUndefined();
  });
});
