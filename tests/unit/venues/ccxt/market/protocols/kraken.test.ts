import { expect, it } from "vitest";
import { krakenMarket } from "../../../../../../server/venues/ccxt/market/protocols/kraken.ts";
import { instrument } from "../samples.ts";
import { answering } from "./answers.ts";

it("keeps the texts of numbers, zeros behind them included", () => {
  const text =
    '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":45285.20,"qty":0.00100000}],' +
    '"asks":[],"checksum":3310070434,"timestamp":"2023-10-06T17:35:55.440295Z"}]}';
  expect(krakenMarket.read(text)).toEqual({
    type: "book",
    kind: "delta",
    symbol: "BTC/USD",
    venueAtUs: 1696613755440295,
    bids: ["45285.20", "0.00100000"],
    asks: [],
    link: { rule: "checksum" },
    crc: 3310070434,
  });
});

it("keeps a number with an exponent as it is, for the grid to refuse", () => {
  const text =
    '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":45285.2,"qty":1e-8}],' +
    '"asks":[{"price":45285.3,"qty":2.5E+3}],"checksum":1,"timestamp":"2023-10-06T17:35:55.440295Z"}]}';
  expect(krakenMarket.read(text)).toMatchObject({ bids: ["45285.2", "1e-8"], asks: ["45285.3", "2.5E+3"] });
});

it("tells history from news", () => {
  const trade =
    '{"symbol":"BTC/USD","side":"buy","price":0.5117,"qty":40.0,"trade_id":4665906,"timestamp":"x"}';
  expect(krakenMarket.read(`{"channel":"trade","type":"snapshot","data":[${trade}]}`)).toEqual({
    type: "trades",
    symbol: "BTC/USD",
    isHistory: true,
    trades: [{ tradeId: 4665906, venueAtUs: undefined, price: "0.5117", size: "40.0", aggressor: "buy" }],
  });
  expect(krakenMarket.read(`{"channel":"trade","type":"update","data":[${trade}]}`)).toMatchObject({
    isHistory: false,
  });
});

it.each([
  ['{"channel":"heartbeat"}', { type: "heartbeat" }],
  ['{"channel":"instrument","type":"update","data":{}}', { type: "listing" }],
  ['{"channel":"instrument","type":"snapshot","data":{}}', undefined],
  [
    '{"method":"subscribe","success":false,"error":"no pair","req_id":4}',
    { type: "refused", requestId: 4, text: "no pair" },
  ],
  [
    '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":[]}]}',
    { type: "unreadable", of: "book", symbol: "BTC/USD" },
  ],
  ['{"method":"pong"}', undefined],
  ["[1,2]", undefined],
])("reads %s", (text, expected) => {
  expect(krakenMarket.read(text)).toEqual(expected);
});

it("asks by the old names and answers by the usual ones", async () => {
  const pair = {
    wsname: "XBT/USD",
    tick_size: "0.1",
    lot_decimals: 8,
    ordermin: "0.00005",
    costmin: "0.5",
    status: "post_only",
  };
  let asked: unknown;
  const instance = answering("publicGetAssetPairs", (params: unknown) => {
    asked = params;
    return { error: [], result: { XXBTZUSD: pair } };
  });
  const terms = await krakenMarket.fetchTerms(instance, [
    instrument({ symbol: "BTC/USD", quote: "USD", settle: "USD" }),
  ]);
  expect(asked).toEqual({ pair: "XBTUSD" });
  expect([...terms]).toEqual([
    [
      "BTC/USD",
      {
        tick: "0.1",
        lot: "0.00000001",
        sizeMin: "0.00005",
        notionalMinQuote: "0.5",
        priceBandFrac: undefined,
        status: "HALTED",
      },
    ],
  ]);
});
