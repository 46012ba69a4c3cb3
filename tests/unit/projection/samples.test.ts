import { describe, expect, it } from "vitest";
import { sampleMarket } from "../../../server/projection/samples.ts";
import { coldDesk, quotingDesk, type Desk } from "../../support/desk.ts";

function sampleOf(desk: Desk) {
  const market = desk.state.markets[0];
  if (market === undefined) throw new Error("the desk has a market");
  return sampleMarket(desk.engine, market);
}

describe("a sample of a market", () => {
  it("has fair value, mids and our own quotes around them", () => {
    const { fair, instruments, inventoryBase, pnl } = sampleOf(quotingDesk({ venues: 2 }));
    expect(fair).toBe(100);
    expect([inventoryBase, pnl]).toEqual([0, 0]);
    expect(instruments.map(({ account }) => account)).toEqual(["v0", "v1"]);
    for (const { mid, bid, ask } of instruments) {
      expect(mid).toBe(100);
      expect(bid).toBeLessThan(100);
      expect(ask).toBeGreaterThan(100);
    }
  });

  it("leaves out what is not there", () => {
    const [instrument] = sampleOf(coldDesk()).instruments;
    expect(instrument).toEqual({
      account: "v0",
      symbol: "BTC/USD",
      mid: undefined,
      bid: undefined,
      ask: undefined,
    });
    expect(sampleOf(coldDesk()).fair).toBeUndefined();
  });
});
