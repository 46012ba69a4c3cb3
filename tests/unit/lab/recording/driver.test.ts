import { describe, expect, it } from "vitest";
import type { RecordedEvent } from "../../../../server/lab/recording/events.ts";
import type { RecordingDriverOptions } from "../../../../server/lab/recording/driver.ts";
import { recordingDriver } from "../../../../server/lab/recording/driver.ts";
import type { MarketRecord } from "../../../../server/lab/ports.ts";
import { instrument, record } from "./fixtures.ts";

const WITHOUT_SIZES = instrument("b", { recorded: ["top", "trades"], depthSizes: false, tradeSizes: false });

const EVENTS: RecordedEvent[] = [
  {
    kind: "snapshot",
    instrument: 0,
    receivedAtUs: 1_000,
    venueAtUs: 1_700,
    updateId: 4,
    bids: [99, 3],
    asks: [101, 2],
  },
  { kind: "touch", instrument: 1, receivedAtUs: 2_000, bidTicks: 98, askTicks: 102 },
  { kind: "touch", instrument: 1, receivedAtUs: 2_500, askTicks: 103 },
  { kind: "print", instrument: 0, receivedAtUs: 3_000, priceTicks: 101, sizeLots: 2, aggressor: "buy" },
  { kind: "print", instrument: 1, receivedAtUs: 4_000, priceTicks: 102 },
  { kind: "alive", instrument: 0, receivedAtUs: 5_000 },
  { kind: "gap", instrument: 1, receivedAtUs: 6_000 },
];

const ASSUMED = { topSizeBase: 0.25, printSizeBase: 0.01 };

function drive(options: Partial<RecordingDriverOptions>): MarketRecord[] {
  const recording = record(EVENTS, [instrument("a"), WITHOUT_SIZES]);
  const driver = recordingDriver(recording, { feedLatencyUs: 300, assumptions: ASSUMED, ...options });
  const records: MarketRecord[] = [];
  for (let next = driver.next(); next !== undefined; next = driver.next()) records.push(next);
  return records;
}

describe("a recording as a market", () => {
  it("puts each record at its exchange a feed latency before it was received, and keeps both stamps", () => {
    expect(drive({})[0]).toEqual({
      kind: "snapshot",
      instrument: 0,
      exchangeAtUs: 700,
      receivedAtUs: 1_000,
      venueAtUs: 1_700,
      bids: [99, 3],
      asks: [101, 2],
    });
  });

  it("gives a top without sizes the assumed one, side by side, and leaves an absent side empty", () => {
    expect(drive({}).slice(1, 3)).toMatchObject([
      { kind: "top", instrument: 1, bids: [98, 250], asks: [102, 250] },
      { kind: "top", instrument: 1, bids: [], asks: [103, 250] },
    ]);
  });

  it("gives a print without a size the assumed one and keeps the size that was recorded", () => {
    expect(drive({}).slice(3, 5)).toMatchObject([
      { kind: "print", priceTicks: 101, sizeLots: 2, aggressor: "buy" },
      { kind: "print", priceTicks: 102, sizeLots: 10, aggressor: undefined },
    ]);
  });

  it("passes channel records on", () => {
    expect(
      drive({})
        .slice(5)
        .map((r) => r.kind),
    ).toEqual(["alive", "gap"]);
  });

  it("plays a range, starting with the books of its first instant", () => {
    expect(drive({ fromUs: 2_600, toUs: 4_000 }).map((r) => [r.kind, r.instrument, r.receivedAtUs])).toEqual([
      ["snapshot", 0, 2_600],
      ["top", 1, 2_600],
      ["print", 0, 3_000],
      ["print", 1, 4_000],
    ]);
  });

  it("moves instruments to their place in the configuration and leaves out those without one", () => {
    const records = drive({ positions: [5, undefined], assumptions: undefined });
    expect(records.map((r) => [r.kind, r.instrument])).toEqual([
      ["snapshot", 5],
      ["print", 5],
      ["alive", 5],
    ]);
  });

  it.each([
    {
      name: "top sizes",
      assumptions: { printSizeBase: 1 },
      says: /b BTC\/USDT was recorded without sizes: assume one with topSizeBase, in BTC/,
    },
    { name: "print sizes", assumptions: { topSizeBase: 1 }, says: /assume one with printSizeBase/ },
    {
      name: "a size of at least a lot",
      assumptions: { ...ASSUMED, topSizeBase: 0.0001 },
      says: /less than one lot/,
    },
  ])("refuses to start without $name", ({ assumptions, says }) => {
    expect(() => drive({ assumptions })).toThrow(says);
  });
});
