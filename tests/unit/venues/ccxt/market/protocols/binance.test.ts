import { expect, it } from "vitest";
import { binanceMarket } from "../../../../../../server/venues/ccxt/market/protocols/binance.ts";
import { instrument } from "../samples.ts";
import { answering, failing } from "./answers.ts";

const read = (frame: unknown): unknown => binanceMarket.read(JSON.stringify(frame));

const DEPTH = {
  e: "depthUpdate",
  E: 1633998512068,
  s: "NKNUSDT",
  U: 499869750,
  u: 499869752,
  b: [["0.35130000", "6195.00000000"]],
  a: [],
};

it("reads depth, bare and as part of a combined stream", () => {
  const expected = {
    type: "book",
    kind: "delta",
    symbol: "NKNUSDT",
    venueAtUs: 1633998512068000,
    bids: ["0.35130000", "6195.00000000"],
    asks: [],
    link: { rule: "range", first: 499869750, last: 499869752 },
  };
  expect(read(DEPTH)).toEqual(expected);
  expect(read({ stream: "nknusdt@depth@100ms", data: DEPTH })).toEqual(expected);
});

it("reads trades: the side that took is not the maker's", () => {
  const trade = { e: "trade", E: 2, s: "BTCUSDT", t: 12345, p: "0.001", q: "100", T: 1, m: true, M: true };
  expect(read(trade)).toEqual({
    type: "trades",
    symbol: "BTCUSDT",
    isHistory: false,
    trades: [{ tradeId: 12345, venueAtUs: 1000, price: "0.001", size: "100", aggressor: "sell" }],
  });
});

it.each([
  ["an acceptance", { result: null, id: 3 }, { type: "accepted", requestId: 3 }],
  [
    "a refusal",
    { error: { code: 2, msg: "Invalid request" }, id: 3 },
    { type: "refused", requestId: 3, text: "Invalid request" },
  ],
  ["depth without an id", { ...DEPTH, u: undefined }, { type: "unreadable", of: "book", symbol: DEPTH.s }],
  [
    "depth with numbers for prices",
    { ...DEPTH, b: [[0.35, 1]] },
    { type: "unreadable", of: "book", symbol: DEPTH.s },
  ],
  ["something else", { e: "kline" }, undefined],
])("reads %s", (_, frame, expected) => {
  expect(read(frame)).toEqual(expected);
});

it("names both streams of every instrument in one request", () => {
  expect(binanceMarket.subscription("subscribe", ["BTCUSDT", "ETHUSDT"], 7)).toEqual([
    '{"method":"SUBSCRIBE","params":["btcusdt@depth@100ms","btcusdt@trade","ethusdt@depth@100ms","ethusdt@trade"],"id":7}',
  ]);
});

it("takes a snapshot over REST", async () => {
  const instance = answering("publicGetDepth", { lastUpdateId: 9, bids: [["1.0", "2"]], asks: [] });
  expect(await binanceMarket.snapshot?.fetch(instance, "BTCUSDT")).toMatchObject({
    kind: "snapshot",
    bids: ["1.0", "2"],
    link: { rule: "range", first: 9, last: 9 },
  });
});

const LISTED = {
  symbol: "BTCUSDT",
  status: "TRADING",
  filters: [
    { filterType: "PRICE_FILTER", minPrice: "0.01000000", tickSize: "0.01000000" },
    { filterType: "LOT_SIZE", minQty: "0.00001000", stepSize: "0.00001000" },
    { filterType: "NOTIONAL", minNotional: "5.00000000" },
    {
      filterType: "PERCENT_PRICE_BY_SIDE",
      bidMultiplierUp: "5",
      bidMultiplierDown: "0.2",
      askMultiplierUp: "5",
    },
  ],
};

it("reads filters as exact texts", async () => {
  const terms = await binanceMarket.fetchTerms(answering("publicGetExchangeInfo", { symbols: [LISTED] }), [
    instrument(),
  ]);
  expect(terms.get("BTCUSDT")).toEqual({
    tick: "0.01",
    lot: "0.00001",
    sizeMin: "0.00001",
    notionalMinQuote: "5",
    priceBandFrac: 0.8,
    status: "TRADING",
  });
});

it("finds the one that is not listed among several", async () => {
  const instance = answering("publicGetExchangeInfo", ({ symbols }: { symbols: string }) => {
    if (symbols.includes("ETH")) throw new Error('binance {"code":-1121,"msg":"Invalid symbol."}');
    return { symbols: [LISTED] };
  });
  const terms = await binanceMarket.fetchTerms(instance, [instrument({ symbol: "ETH/USDT" }), instrument()]);
  expect([...terms.keys()]).toEqual(["BTCUSDT"]);
});

it("takes no answer for no answer, and never for a delisting", async () => {
  await expect(binanceMarket.fetchTerms(failing("publicGetExchangeInfo"), [instrument()])).rejects.toThrow(
    "down",
  );
  await expect(
    binanceMarket.fetchTerms(answering("publicGetExchangeInfo", {}), [instrument()]),
  ).rejects.toThrow("a list of symbols");
});
