import { expect, it } from "vitest";
import { okxMarket } from "../../../../../../server/venues/ccxt/market/protocols/okx.ts";
import { instrument } from "../samples.ts";
import { answering, failing } from "./answers.ts";

const read = (frame: unknown): unknown => okxMarket.read(JSON.stringify(frame));

const BOOK = {
  arg: { channel: "books", instId: "BTC-USDT" },
  action: "update",
  data: [
    {
      asks: [["30000.1", "0.5", "0", "1"]],
      bids: [],
      ts: "1652459225503",
      checksum: 1,
      prevSeqId: 5,
      seqId: 8,
    },
  ],
};

it("reads a book and how it follows", () => {
  expect(read(BOOK)).toEqual({
    type: "book",
    kind: "delta",
    symbol: "BTC-USDT",
    venueAtUs: 1652459225503000,
    bids: [],
    asks: ["30000.1", "0.5"],
    link: { rule: "previous", previous: 5, last: 8 },
    crc: 1,
  });
  expect(read({ ...BOOK, action: "snapshot" })).toMatchObject({ kind: "snapshot" });
});

it("reads all trades of a frame", () => {
  const row = (tradeId: string) => ({
    instId: "BTC-USDT",
    tradeId,
    px: "1.5",
    sz: "2",
    side: "sell",
    ts: "3",
  });
  expect(read({ arg: { channel: "trades", instId: "BTC-USDT" }, data: [row("7"), row("8")] })).toMatchObject({
    symbol: "BTC-USDT",
    trades: [{ tradeId: 7, venueAtUs: 3000, price: "1.5", size: "2", aggressor: "sell" }, { tradeId: 8 }],
  });
});

it.each([
  [
    "a refusal",
    { event: "error", code: "60018", msg: "does not exist" },
    { type: "refused", requestId: undefined, text: "does not exist" },
  ],
  ["a notice that it will close", { event: "notice", code: "64008" }, { type: "leaving" }],
  ["changed instruments", { arg: { channel: "instruments" }, data: [{}] }, { type: "listing" }],
  ["an acceptance, which says nothing that data does not", { event: "subscribe", arg: BOOK.arg }, undefined],
  [
    "a book without a sequence",
    { ...BOOK, data: [{ ...BOOK.data[0], seqId: undefined }] },
    { type: "unreadable", of: "book", symbol: "BTC-USDT" },
  ],
])("reads %s", (_, frame, expected) => {
  expect(read(frame)).toEqual(expected);
});

it("leaves ccxt the answers to its own pings", () => {
  expect(okxMarket.read("pong")).toBeUndefined();
});

it("reads what is listed, suspended or gone", async () => {
  const listed = {
    instId: "BTC-USDT",
    tickSz: "0.1",
    lotSz: "0.00000001",
    minSz: "0.00001",
    state: "suspend",
  };
  const asked: unknown[] = [];
  const instance = answering("publicGetPublicInstruments", (params: unknown) => {
    asked.push(params);
    return { data: [listed, { instId: "XRP-USDT", tickSz: "" }] };
  });
  const terms = await okxMarket.fetchTerms(instance, [instrument(), instrument({ symbol: "ETH/USDT" })]);
  expect([...terms]).toEqual([
    [
      "BTC-USDT",
      {
        tick: "0.1",
        lot: "0.00000001",
        sizeMin: "0.00001",
        notionalMinQuote: undefined,
        priceBandFrac: undefined,
        status: "HALTED",
      },
    ],
  ]);
  expect(asked).toEqual([{ instType: "SPOT" }]);
  await expect(okxMarket.fetchTerms(failing("publicGetPublicInstruments"), [instrument()])).rejects.toThrow(
    "down",
  );
});

it("takes an empty list for no answer, and never for a delisting", async () => {
  const instance = answering("publicGetPublicInstruments", { data: [] });
  await expect(okxMarket.fetchTerms(instance, [instrument()])).rejects.toThrow("lists no instrument");
});
