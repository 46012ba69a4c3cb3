import { describe, expect, it } from "vitest";
import { summaryLines } from "../../../../server/replay/report/summary.ts";
import { result } from "./fixture.ts";

function summary(changes = {}): string {
  return summaryLines(result(changes)).join("\n");
}

describe("the summary of a backtest", () => {
  it.each([
    ["period", "period       2024-01-01 00:00:00 to 01:30:00 UTC, 1 h 30 min"],
    ["events and speed", "events       1,234,567 at 210,000 a second"],
    ["orders and fills", "orders       5,000 placed, 1,500 fills"],
    ["volume", "volume       12.346 BTC, 740,000 USD"],
    ["total P&L", "P&L          +950.25 USD"],
    ["a part of P&L, aligned", "spread capture  +1,250.50 USD  maker fills against fair value"],
    ["a loss with a true minus", "inventory         −300.25 USD"],
    ["drawdown", "drawdown     75.13 USD"],
    ["net inventory", "inventory    −1,200.00 USD net at the end, rms 800.50 USD, largest 4,000.00 USD"],
    ["inventory of an asset", "−0.02 BTC at the end, rms 0.0134 BTC, largest 0.0667 BTC"],
    [
      "positions",
      "positions    BTC at 60,000.13 USD on average, realised +951.00 USD, unrealised −0.75 USD, fees apart",
    ],
    ["a flat position", "             ETH flat, realised −12.50 USD, fees apart"],
    ["uptime", "uptime       95.1 % of the time with both sides quoted"],
    ["uptime of an instrument", "y BTC/USD   94.2 %"],
    ["refusals in words", "not quoted   1,200 × NET_LIMIT  the worst case exceeds the desk's net limit"],
    ["every assumption", "assumed      x: fees of nobody\n             1 USDT is assumed to be 1 USD"],
    ["state hash", `state hash   ${"f00d".repeat(16)}`],
  ])("tells %s", (_what, expected) => {
    expect(summary()).toContain(expected);
  });

  it("names the most frequent refusal first", () => {
    expect(summary().indexOf("NET_LIMIT")).toBeLessThan(summary().indexOf("JUMP"));
  });

  it("leaves out parts of P&L that came to nothing", () => {
    expect(summary()).not.toContain("taker fees");
    const { pnl } = result();
    expect(summary({ pnl: { ...pnl, takerFees: -1e-9 } })).not.toContain("taker fees");
    expect(summary({ pnl: { ...pnl, takerFees: -2.5 } })).toContain("taker fees          −2.50 USD");
  });

  it("tells anomalies only when there are some", () => {
    expect(summary()).not.toContain("anomalies");
    expect(summary({ anomalies: 2 })).toContain("anomalies    2 reports that did not fit");
  });

  it("says that nothing traded instead of an empty line", () => {
    expect(summary({ volume: {} })).toContain("volume       nothing changed hands");
  });

  it("refuses a code that no list of reasons explains", () => {
    expect(() => summary({ refusals: { MADE_UP: 1 } })).toThrow("there is no reason MADE_UP");
  });
});
