import { describe, expect, it } from "vitest";
import type { ParameterChange } from "../../../../server/contract/params.ts";
import { readTradeImbalance } from "../../../../server/core/estimate/flow/tradeImbalance.ts";
import {
  costHorizonOf,
  lossUse,
  toxicityEvidence,
} from "../../../../server/core/estimate/instrumentEstimates.ts";
import type { Order } from "../../../../server/core/orders/order.ts";
import type { InstrumentState, MarketState } from "../../../../server/core/state.ts";
import { cancelOrder } from "../../../../server/core/orders/requests.ts";
import {
  amendOwn,
  fillOf,
  holdInventory,
  newCommandId,
  placeOwn,
  quotingDesk,
  readyDesk,
  sendBook,
  FAIR_TICKS,
  type Desk,
  type FillBody,
} from "../../../support/desk.ts";
import { sayAmended, sayUnknown } from "../../../support/orderReports.ts";

function partsOf(desk: Desk): { inst: InstrumentState; market: MarketState } {
  const [inst] = desk.state.instruments;
  const [market] = desk.state.markets;
  if (inst === undefined || market === undefined) throw new Error("a desk has both");
  return { inst, market };
}

/** A part of the quote on one side is filled. */
function fillQuote(desk: Desk, side: "buy" | "sell", lots = 1, change: Partial<FillBody> = {}): void {
  desk.send(fillOf(quoteOf(desk, side), lots, change));
}

function quoteOf(desk: Desk, side: "buy" | "sell"): Order {
  const slot = partsOf(desk).inst.slots.find((candidate) => candidate.side === side);
  const order = desk.state.orders.get(slot?.clientId ?? "");
  if (order === undefined) throw new Error(`no ${side} quote rests`);
  return order;
}

const curveOf = (desk: Desk, side: "buy" | "sell" = "buy"): number[] =>
  partsOf(desk).inst.estimates.losses[side].curve.map((average) => average.n);

describe("what a fill of ours teaches", () => {
  it("falls due at each horizon: a tenth of a second, 1, 5, 30 and 60 s", () => {
    const desk = quotingDesk();
    fillQuote(desk, "buy");
    const seen = [250, 1_000, 4_000, 25_000, 30_000].map((ms) => {
      desk.wait(ms);
      return curveOf(desk).filter((n) => n > 0).length;
    });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(curveOf(desk, "sell").every((n) => n === 0)).toBe(true);
  });

  it("starts with what the fill captured, beside fair value before it", () => {
    const desk = quotingDesk();
    fillQuote(desk, "sell");
    const { inst, market } = partsOf(desk);
    const evidence = toxicityEvidence(desk.engine, inst, market, "sell");
    const ask = (inst.slots[1]?.wantedTicks ?? NaN) * 0.01;
    expect(evidence?.edgeNet).toBeCloseTo(ask - 100, 2);
    expect(toxicityEvidence(desk.engine, inst, market, "buy")?.edgeNet).toBeUndefined();
  });

  it("is nothing where we took, and nothing where the order was not ours", () => {
    const desk = quotingDesk();
    holdInventory(desk, 10);
    const { inst } = partsOf(desk);
    const order = desk.state.orders.get(inst.slots[0]?.clientId ?? "");
    if (order === undefined) throw new Error("no quote rests");
    desk.send(fillOf(order, 1, { liquidity: "taker" }));
    desk.wait(2_000);
    expect(curveOf(desk).every((n) => n === 0)).toBe(true);
  });

  it("is the rate at the distance where quotes stood, for as long as they did", () => {
    const desk = quotingDesk();
    const { own } = partsOf(desk).inst.estimates.intensity;
    const exposure = (): number => own.seconds.reduce((sum, seconds) => sum + seconds, 0);
    const before = exposure();
    desk.wait(10_000);
    // Ten seconds on each side.
    expect(exposure() - before).toBeCloseTo(20, 0);
  });

  it("is no markout while nobody knows fair value: what falls due then is given up", () => {
    const desk = quotingDesk();
    fillQuote(desk, "buy");
    desk.send({ type: "feed", instrument: 0, status: "gap" });
    desk.wait(10_000);
    sendBook(desk, 0, FAIR_TICKS + 50);
    desk.wait(60_000);
    const seen = curveOf(desk).map((n) => Math.round(n));
    // 0.1 and 1 s were due while the last value was fresh, 5 s while there was none.
    expect(seen).toEqual([1, 1, 0, 1, 1]);
    expect(partsOf(desk).market.estimates.markouts.givenUp).toBe(1);
  });

  it("is nothing where fair value was old when it came", () => {
    const desk = quotingDesk();
    const order = quoteOf(desk, "buy");
    desk.send({ type: "feed", instrument: 0, status: "gap" });
    desk.wait(2_000);
    desk.send(fillOf(order, 1));
    sendBook(desk, 0);
    desk.wait(2_000);
    expect(curveOf(desk)).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([
    { name: "told a second later", ageMs: 1_000, n: 1 },
    { name: "told later than that", ageMs: 1_001, n: 0 },
    { name: "stamped ahead of us by as much", ageMs: -1_001, n: 0 },
  ])("of a fill $name counts $n, and its money in any case", ({ ageMs, n }) => {
    const desk = quotingDesk();
    fillQuote(desk, "buy", 1, { venueAtUs: desk.nowUs - ageMs * 1_000 });
    const { inst, market } = partsOf(desk);
    expect(inst.estimates.losses.buy.edgeFrac.n).toBe(n);
    expect(inst.estimates.intensity.own.fills.sum > 0).toBe(n > 0);
    expect(market.estimates.markouts.fills).toHaveLength(n);
    expect(market.inventoryBase).toBeCloseTo(0.01, 9);
  });

  it("counts as the share of its own order, whatever the standard size", () => {
    const desk = quotingDesk({ parameters: { quoteLevels: 2, levelSizeRatio: 0.5 } });
    const { inst } = partsOf(desk);
    const behind = desk.state.orders.get(inst.slots[2]?.clientId ?? "");
    if (behind === undefined) throw new Error("no second level rests");
    desk.send(fillOf(behind, behind.sizeLots));
    expect(behind.sizeLots).toBeLessThan(inst.orderLots);
    expect(inst.estimates.intensity.own.fills.sum).toBeCloseTo(1, 9);
  });
});

describe("the time that our quotes stood", () => {
  const exposure = (desk: Desk): number =>
    partsOf(desk).inst.estimates.intensity.own.seconds.reduce((sum, seconds) => sum + seconds, 0);

  /** Right after a sample, so that the next second is the test's. */
  function sampledDesk(): Desk {
    const desk = quotingDesk();
    desk.wait(1_000 - ((desk.nowUs / 1_000) % 1_000));
    desk.answers = false;
    return desk;
  }

  it("counts until the order ends, between two samples too", () => {
    const desk = sampledDesk();
    const before = exposure(desk);
    desk.wait(750);
    const { account, clientId } = quoteOf(desk, "buy");
    desk.send({ type: "orderCanceled", account, clientId, filledLots: 0 });
    expect(exposure(desk) - before).toBeCloseTo(0.75, 6);
  });

  it("counts to the price where it was, before the order moves", () => {
    const desk = sampledDesk();
    const order = quoteOf(desk, "sell");
    const own = partsOf(desk).inst.estimates.intensity.own;
    const before = exposure(desk);
    desk.wait(500);
    amendOwn(desk, order, { priceTicks: order.priceTicks + 50 });
    sayAmended(desk, order, order.priceTicks + 50, order.sizeLots);
    const binsBefore = own.seconds.filter((seconds) => seconds > 0.01).length;
    expect(exposure(desk) - before).toBeCloseTo(0.5, 6);
    desk.wait(500);
    // The bid's second, and half a second of the ask at each of its two prices.
    expect(exposure(desk) - before).toBeCloseTo(2, 6);
    expect(own.seconds.filter((seconds) => seconds > 0.01)).toHaveLength(binsBefore + 1);
  });

  it.each([
    { name: "an amendment", ask: (desk: Desk, order: Order) => amendOwn(desk, order, { sizeLots: 50 }) },
    { name: "a cancel", ask: (desk: Desk, order: Order) => cancelOrder(desk.engine, order, []) },
    { name: "nobody knows what", ask: (desk: Desk, order: Order) => sayUnknown(desk, order, "cancel") },
  ])("goes on while $name is under way: the order can still fill", ({ ask }) => {
    const desk = sampledDesk();
    ask(desk, quoteOf(desk, "buy"));
    const before = exposure(desk);
    desk.wait(1_000);
    expect(exposure(desk) - before).toBeCloseTo(2, 6);
  });

  it("is not counted for an order that the venue never took", () => {
    const desk = sampledDesk();
    const verdict = placeOwn(desk, { side: "sell" });
    desk.wait(500);
    const before = exposure(desk);
    desk.send({ type: "orderRejected", account: 0, clientId: verdict.clientId, reason: "OTHER" });
    expect(exposure(desk)).toBe(before);
  });

  it("is not counted at a distance that nobody knows", () => {
    const desk = sampledDesk();
    desk.send({ type: "feed", instrument: 0, status: "gap" });
    desk.wait(3_000);
    // A second on each side, as long as the last fair value was fresh.
    const before = exposure(desk);
    desk.wait(3_000);
    // What was counted fades.
    expect(exposure(desk)).toBeLessThanOrEqual(before);
  });
});

describe("what the tape teaches", () => {
  const trade = (desk: Desk, aggressor: "buy" | "sell" | undefined) =>
    desk.send({
      type: "trade",
      instrument: 0,
      priceTicks: aggressor === "sell" ? FAIR_TICKS - 1 : FAIR_TICKS + 1,
      sizeLots: 200,
      aggressor,
    });
  const imbalanceOf = (desk: Desk): number | undefined =>
    readTradeImbalance(partsOf(desk).inst.estimates.flow.trades, desk.nowUs, 60).value;

  it("leans to the side that trades, and to none before there were enough", () => {
    const desk = quotingDesk();
    for (let i = 0; i < 10; i++) trade(desk, "buy");
    expect(imbalanceOf(desk)).toBeUndefined();
    for (let i = 0; i < 40; i++) trade(desk, "buy");
    expect(imbalanceOf(desk)).toBeGreaterThan(0.6);
  });

  it("says nothing of a side when the venue does not name the aggressor", () => {
    const desk = quotingDesk();
    for (let i = 0; i < 50; i++) trade(desk, undefined);
    expect(imbalanceOf(desk)).toBeUndefined();
  });

  it("does not compare across a gap in the feed", () => {
    const desk = quotingDesk();
    desk.send({ type: "feed", instrument: 0, status: "gap" });
    expect(partsOf(desk).inst.estimates.flow.microPrice.at).toBeUndefined();
    sendBook(desk, 0, FAIR_TICKS + 50);
    expect(partsOf(desk).inst.estimates.flow.microPrice.at).toBeDefined();
  });
});

describe("the use of expected losses", () => {
  it("needs a volatility to scale them by", () => {
    const cold = readyDesk();
    const { inst, market } = partsOf(cold);
    expect(lossUse(cold.engine, inst, market)).toBeUndefined();
    const warm = quotingDesk({ parameters: { adverseSelectionBps: 1 } });
    const use = lossUse(warm.engine, partsOf(warm).inst, partsOf(warm).market);
    expect(use).toMatchObject({ horizonS: 5 });
    expect(use?.prior).toBeCloseTo(0.01, 6);
  });

  it("follows a change of the horizon at once, by what fills lost after that one", () => {
    const desk = quotingDesk({ parameters: { adverseSelectionSource: "markouts", markoutSeconds: "1" } });
    for (let i = 0; i < 40; i++) fillQuote(desk, "buy", 1);
    // Nothing happens for a second; then the price falls, and is there after five.
    desk.wait(2_000);
    sendBook(desk, 0, FAIR_TICKS - 10);
    desk.wait(5_000);
    const costOf = () => partsOf(desk).inst.pricing?.costBid ?? NaN;
    const calm = costOf();
    const changes: ParameterChange[] = [{ scope: { level: "desk" }, name: "markoutSeconds", value: "5" }];
    const command = {
      type: "setParameters",
      expectedVersion: desk.state.layers.version,
      changes,
    } as const;
    desk.send({ type: "command", commandId: newCommandId(), actor: "ann", reason: "test", command });
    // A fall of 0.1 after 5 s, over 40 fills and the 40 of the prior.
    expect(costOf()).toBeGreaterThan(0.04);
    expect(calm).toBeLessThan(0.02);
  });

  it.each([
    ["0.1", 0],
    ["1", 1],
    ["5", 2],
    ["30", 3],
    ["60", 4],
  ] as const)("reads the horizon of %s s", (markoutSeconds, position) => {
    const parameters = { adverseSelectionSource: "markouts", markoutSeconds } as const;
    expect(costHorizonOf(partsOf(readyDesk({ parameters })).market)).toBe(position);
  });
});
