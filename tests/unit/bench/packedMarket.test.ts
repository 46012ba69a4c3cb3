import { describe, expect, it } from "vitest";
import { recordWalk } from "../../../server/bench/marketWalk.ts";
import { packMarket } from "../../../server/bench/packedMarket.ts";
import type { MarketDriver, MarketRecord } from "../../../server/lab/ports.ts";

const START_US = 1_700_000_000_000_000;

function readAll(driver: MarketDriver): MarketRecord[] {
  const records: MarketRecord[] = [];
  for (let record = driver.next(); record !== undefined; record = driver.next()) records.push(record);
  return records;
}

describe("packMarket", () => {
  const records = recordWalk({ venues: 3, events: 500, startAtUs: START_US });

  it("gives back every record of a walk, snapshots, deltas and takers", () => {
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(["snapshot", "delta", "take"]));
    expect(readAll(packMarket(records).open())).toEqual(records);
  });

  it("starts anew each time it is opened", () => {
    const market = packMarket(records);
    readAll(market.open());
    expect(readAll(market.open())).toEqual(records);
  });

  it("ends with its last record", () => {
    expect(packMarket(records).endAtUs).toBe(records.at(-1)?.exchangeAtUs);
  });

  it("refuses a record that it cannot hold", () => {
    expect(() => packMarket([{ kind: "alive", instrument: 0, exchangeAtUs: START_US }])).toThrow("alive");
  });
});
