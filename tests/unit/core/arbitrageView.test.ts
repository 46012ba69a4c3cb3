import { describe, expect, it } from "vitest";
import { viewArbitrage } from "../../../server/core/arbitrageView.ts";
import { readyDesk, sendBook, type Desk } from "../../support/desk.ts";

/** Each book is a tick wide on both sides of its mid and shows 5 BTC a side; takers pay 5 bps. */
function bestPair(desk: Desk, sigma: number | undefined = 0.001): ReturnType<typeof viewArbitrage> {
  const [market] = desk.state.markets;
  if (market?.fair === undefined) throw new Error("no fair value");
  return viewArbitrage(desk.engine, market, { fair: market.fair, sigma });
}

describe("the arbitrage of a market", () => {
  it("is the pair with the best edge after both fees, with what the books show at a gain", () => {
    const desk = readyDesk({ venues: 3 });
    sendBook(desk, 1, 9_988);
    sendBook(desk, 2, 10_005);
    const found = bestPair(desk);
    // Bought at 99.89 and sold at 100.04, each less 5 bps.
    const edge = 100.04 * 0.9995 - 99.89 * 1.0005;
    expect(found).toMatchObject({ buyAt: "v1", sellAt: "v2", sizeBase: 5, worthwhile: true });
    expect(found?.profit).toBeCloseTo(5 * edge, 9);
    expect(found?.edgeBps).toBeCloseTo((edge / (desk.state.markets[0]?.fair ?? NaN)) * 1e4, 9);
  });

  it("says by how much the best pair would lose where none gains", () => {
    const found = bestPair(readyDesk({ venues: 2 }));
    expect(found).toMatchObject({ sizeBase: 0, profit: 0, worthwhile: false });
    // Two ticks of spread and ten bps of fees.
    expect(found?.edgeBps).toBeCloseTo(-12, 1);
  });

  it("takes no more than the balances on both sides pay for", () => {
    const desk = readyDesk({ venues: 2, stockBtc: 2 });
    sendBook(desk, 1, 10_030);
    expect(bestPair(desk)).toMatchObject({ buyAt: "v0", sellAt: "v1", sizeBase: 2 });
  });

  it("is not worth the while where the price may move by more between the legs, or nobody knows", () => {
    const desk = readyDesk({ venues: 2 });
    sendBook(desk, 1, 10_015);
    expect(bestPair(desk, 0.001)?.worthwhile).toBe(true);
    expect(bestPair(desk, 10)?.worthwhile).toBe(false);
    const [market] = desk.state.markets;
    if (market?.fair === undefined) throw new Error("no fair value");
    const unknown = viewArbitrage(desk.engine, market, { fair: market.fair, sigma: undefined });
    expect(unknown).toMatchObject({ legRiskBps: undefined, worthwhile: false });
  });

  it("leaves out a venue whose book may not be used, and is none with one venue", () => {
    const desk = readyDesk({ venues: 2 });
    sendBook(desk, 1, 10_030);
    desk.send({ type: "feed", instrument: 1, status: "gap" });
    expect(bestPair(desk)).toBeUndefined();
  });
});
