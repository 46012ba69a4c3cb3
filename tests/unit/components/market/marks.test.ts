import { expect, it } from "vitest";
import { marksOf, mergeLines } from "../../../../components/market/marks.ts";
import type { FillLine, ParametersLine } from "../../../../server/contract/lines.ts";

const INSTRUMENTS = [
  { account: "kraken", symbol: "BTC/USD", rate: 1 },
  { account: "okx", symbol: "BTC/USDT", rate: 0.5 },
  { account: "binance", symbol: "BTC/USDT", rate: undefined },
];

function fill(seq: number, over: Partial<FillLine>): FillLine {
  return {
    type: "fill",
    cursor: { epoch: 1, seq, at: 0 },
    atUs: 10_400_000,
    account: "kraken",
    symbol: "BTC/USD",
    side: "buy",
    price: 100,
    sizeBase: 2,
    edgeBps: 1.5,
    ...over,
  } as FillLine;
}

function version(seq: number, number: number, atUs: number): ParametersLine {
  return { type: "parameters", cursor: { epoch: 1, seq, at: 0 }, atUs, version: number } as ParametersLine;
}

it("puts the fills of a second together, in reporting currency", () => {
  const marks = marksOf(
    INSTRUMENTS,
    [fill(1, {}), fill(2, { atUs: 10_999_999, account: "okx", symbol: "BTC/USDT", side: "sell" })],
    [],
  );
  expect([...marks]).toEqual([
    [
      10,
      {
        fills: [
          { instrument: 0, side: "buy", price: 100, sizeBase: 2, edgeBps: 1.5 },
          { instrument: 1, side: "sell", price: 50, sizeBase: 2, edgeBps: 1.5 },
        ],
        version: undefined,
      },
    ],
  ]);
});

it("leaves out other markets' fills and those that have no price to be drawn at", () => {
  const others = [fill(1, { symbol: "ETH/USD" }), fill(2, { account: "binance", symbol: "BTC/USDT" })];
  expect(marksOf(INSTRUMENTS, others, []).size).toBe(0);
});

it("marks the newest parameter version of a second", () => {
  const marks = marksOf(INSTRUMENTS, [], [version(3, 8, 20_900_000), version(2, 7, 20_100_000)]);
  expect(marks.get(20)).toEqual({ fills: [], version: 8 });
});

it("counts a line once that store and stream both have", () => {
  const merged = mergeLines([fill(1, {}), fill(2, {})], [fill(2, {}), fill(3, {})]);
  expect(merged.map(({ cursor }) => cursor.seq)).toEqual([1, 2, 3]);
});
