import { describe, expect, it } from "vitest";
import { Instrument } from "../../../../server/contract/instrument.ts";
import { LiveDriver } from "../../../../server/engine/paper/liveDriver.ts";
import type { MarketRecord } from "../../../../server/lab/ports.ts";

const BTC = Instrument.parse({
  account: "a",
  symbol: "BTC/USDT",
  kind: "spot",
  base: "BTC",
  quote: "USDT",
  settle: "USDT",
  tick: "0.1",
  lot: "0.001",
});

function open() {
  let nowUs = 1_000;
  const taken: number[] = [];
  const troubles: string[] = [];
  const listed: Instrument[] = [];
  const driver = new LiveDriver({
    instruments: [BTC],
    nowUs: () => nowUs,
    onTaken: (instrument) => void taken.push(instrument),
    onListed: (_, definition) => void listed.push(definition),
    onTrouble: (text, fields) => void troubles.push(`${text} ${JSON.stringify(fields)}`),
  });
  return { driver, taken, troubles, listed, at: (us: number) => void (nowUs = us) };
}

const book = (kind: "snapshot" | "delta") =>
  ({ type: "book", instrument: 0, kind, bids: [10, 1], asks: [11, 1] }) as const;

/** Until there is nothing twice: before a listing there is nothing once. */
function all(driver: LiveDriver): MarketRecord[] {
  const records: MarketRecord[] = [];
  for (let isOver = false; ;) {
    const record = driver.next();
    if (record === undefined && isOver) return records;
    isOver = record === undefined;
    if (record !== undefined) records.push(record);
  }
}

describe("the market of real venues", () => {
  it("happens when it is heard, in order, and has no end", () => {
    const { driver, taken, at } = open();
    driver.hear(book("snapshot"));
    at(2_000);
    driver.hear({ type: "trade", instrument: 0, priceTicks: 10, sizeLots: 3, aggressor: "sell" });
    // A clock that is set back moves nothing back.
    at(1_500);
    driver.hear(book("delta"));
    expect(all(driver)).toMatchObject([
      { kind: "snapshot", exchangeAtUs: 1_000, receivedAtUs: 1_000 },
      { kind: "print", exchangeAtUs: 2_000, priceTicks: 10, sizeLots: 3, aggressor: "sell" },
      { kind: "delta", exchangeAtUs: 2_000 },
    ]);
    expect(taken).toEqual([0, 0]);
    driver.hear(book("delta"));
    expect(all(driver)).toHaveLength(1);
  });

  it("is void from a gap on, and one word of life waits at most", () => {
    const { driver } = open();
    for (const status of ["alive", "alive", "gap", "down"] as const)
      driver.hear({ type: "feed", instrument: 0, status });
    expect(all(driver).map(({ kind }) => kind)).toEqual(["alive", "gap", "gap"]);
    driver.hear({ type: "feed", instrument: 0, status: "alive" });
    expect(all(driver).map(({ kind }) => kind)).toEqual(["alive"]);
  });

  it("fills nobody by a trade without a size", () => {
    const { driver } = open();
    driver.hear({ type: "trade", instrument: 0, priceTicks: 10 });
    expect(all(driver)).toEqual([]);
  });

  it("tells how many trades were left out when more come than are taken", () => {
    const { driver, troubles } = open();
    const trade = { type: "trade", instrument: 0, priceTicks: 10, sizeLots: 3, aggressor: "sell" } as const;
    for (let n = 0; n < 50_007; n++) driver.hear(trade);
    expect(all(driver)).toHaveLength(50_000);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain('"trades":7');
    driver.hear(trade);
    expect(all(driver)).toHaveLength(1);
    expect(troubles).toHaveLength(1);
  });

  it("passes on what the venue lists otherwise: a halt, or another minimum", () => {
    const { driver, troubles, listed } = open();
    const halted = { ...BTC, status: "HALTED", sizeMinLots: 5, version: 2 } as const;
    driver.hear({ type: "instrument", instrument: 0, definition: halted });
    driver.hear(book("snapshot"));
    expect(all(driver)).toHaveLength(1);
    expect(listed).toEqual([halted]);
    expect(troubles).toEqual([]);
  });

  it("lets a listing overtake nothing: what was taken before it is served first", () => {
    const { driver, listed } = open();
    driver.hear(book("snapshot"));
    driver.hear({ type: "instrument", instrument: 0, definition: { ...BTC, tick: "0.01", version: 2 } });
    expect(driver.next()?.kind).toBe("snapshot");
    expect(driver.next()?.kind).toBe("gap");
    expect(driver.next()).toBeUndefined();
    expect(listed).toEqual([]);
    expect(driver.next()).toBeUndefined();
    expect(listed).toHaveLength(1);
  });

  it("halts an instrument whose steps change, and goes on when they are again what they were", () => {
    const { driver, taken, troubles, listed } = open();
    const finer = { ...BTC, tick: "0.01", version: 2 };
    driver.hear({ type: "instrument", instrument: 0, definition: finer });
    driver.hear(book("snapshot"));
    driver.hear({ type: "trade", instrument: 0, priceTicks: 10, sizeLots: 3, aggressor: "sell" });
    expect(all(driver).map(({ kind }) => kind)).toEqual(["gap"]);
    // What is not told is taken all the same: the next book would not come otherwise.
    expect(taken).toEqual([0]);
    expect(listed).toEqual([{ ...finer, status: "HALTED" }]);
    expect(troubles[0]).toContain("move the desk's home away");
    driver.hear({ type: "instrument", instrument: 0, definition: { ...BTC, version: 3 } });
    driver.hear(book("snapshot"));
    expect(all(driver).map(({ kind }) => kind)).toEqual(["snapshot"]);
    expect(listed.at(-1)).toEqual({ ...BTC, version: 3 });
  });
});
