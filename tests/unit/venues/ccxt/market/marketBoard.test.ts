import { expect, it } from "vitest";
import { MarketBoard } from "../../../../../server/venues/ccxt/market/marketBoard.ts";
import type { BookMessage } from "../../../../../server/venues/ccxt/market/messages.ts";
import { marketProtocolOf } from "../../../../../server/venues/ccxt/market/protocols/registry.ts";
import { testContext } from "./context.ts";
import { book, instrument, range } from "./samples.ts";

const BASES = ["BTC", "ETH", "SOL"];

/** Of Binance, with no venue behind it: snapshots are answered at once, as long as `isAnswering`. */
async function open() {
  const asked: string[] = [];
  const venue = { isAnswering: true };
  const context = testContext(
    "binance",
    "nowhere",
    BASES.map((base) => instrument({ symbol: `${base}/USDT`, base })),
  );
  const board = new MarketBoard({
    context,
    protocol: marketProtocolOf("binance"),
    send: () => undefined,
    drop: () => undefined,
    fetchSnapshot(symbol): Promise<BookMessage> {
      asked.push(symbol);
      const answer = book("snapshot", range(10, 10), ["99.99", "1"], ["100.01", "1"]);
      return venue.isAnswering ? Promise.resolve(answer) : Promise.reject(new Error("no room"));
    },
    fetchTerms: () => Promise.reject(new Error("not asked here")),
    doubtDefinitions: () => undefined,
    onUnreadable: () => undefined,
  });
  board.socketUp();
  board.hear(JSON.stringify({ result: null, id: 1 }));
  // Answers are taken in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked.splice(0)).toEqual(BASES.map((base) => `${base}USDT`));
  return { board, context, asked, venue };
}

it("compares one book after the other, and passes over those that are void", async () => {
  const { board, asked } = await open();
  const hole = { e: "depthUpdate", s: "ETHUSDT", U: 20, u: 20, b: [], a: [] };
  for (let turn = 0; turn < 4; turn++) await board.auditNext();
  expect(asked.splice(0)).toEqual(["BTCUSDT", "ETHUSDT", "SOLUSDT", "BTCUSDT"]);
  board.hear(JSON.stringify(hole));
  for (let turn = 0; turn < 3; turn++) await board.auditNext();
  expect(asked).toEqual(["SOLUSDT", "BTCUSDT", "SOLUSDT"]);
});

it("says which book could not be compared, and goes on with the next", async () => {
  const { board, context, asked, venue } = await open();
  venue.isAnswering = false;
  await board.auditNext();
  await board.auditNext();
  expect(asked).toEqual(["BTCUSDT", "ETHUSDT"]);
  expect(context.logs.filter((line) => line.includes("not compared"))).toEqual([
    'warn a book was not compared {"symbol":"BTCUSDT","error":"Error: no room"}',
    'warn a book was not compared {"symbol":"ETHUSDT","error":"Error: no room"}',
  ]);
});

it("compares nothing while there is no book", async () => {
  const { board, asked } = await open();
  board.socketDown("of a test");
  await board.auditNext();
  expect(asked).toEqual([]);
});
