import { describe, expect, it } from "vitest";
import { createExchange } from "../../../../server/lab/exchange/exchange.ts";
import type { MarketRecord } from "../../../../server/lab/ports.ts";
import { openLabMarket, readPrices } from "../../../../server/lab/service/market.ts";
import { demoDesk } from "./desk.ts";

const desk = demoDesk();
const SILENT = { public: () => undefined, private: () => undefined };

function firstBooks(prices: Record<string, number>, generation = 1): MarketRecord[] {
  const { driver } = openLabMarket(desk, { nowUs: 5_000_000, prices, generation });
  return desk.config.instruments.flatMap(() => driver.next() ?? []);
}

/** What the exchanges say after the first books. */
function pricesOf(books: readonly MarketRecord[]): Record<string, number> {
  const { config } = desk;
  const exchanges = config.accounts.map((_, account) => createExchange({ config, accounts: [account] }));
  for (const book of books) {
    const name = config.instruments[book.instrument]?.account;
    exchanges[config.accounts.findIndex((a) => a.account === name)]?.applyMarket(book, 1, SILENT);
  }
  return readPrices(config, exchanges);
}

describe("the agents' market of a lab", () => {
  it("begins at the present instant with every book", () => {
    const books = firstBooks({});
    expect(books.map((book) => book.exchangeAtUs)).toEqual(books.map(() => 5_000_000));
    expect(new Set(books.map((book) => book.instrument)).size).toBe(desk.config.instruments.length);
  });

  it("goes on from the prices that were read of it, but for the peg", () => {
    const prices = pricesOf(firstBooks({ BTC: 71_234, ETH: 2_345, USDT: 0.9 }));
    // Within the deviations of a venue from the efficient price: some basis points.
    expect(Math.abs((prices["BTC"] ?? 0) / 71_234 - 1)).toBeLessThan(0.002);
    expect(Math.abs((prices["ETH"] ?? 0) / 2_345 - 1)).toBeLessThan(0.002);
    expect(Math.abs((prices["USDT"] ?? 0) - 1)).toBeLessThan(0.002);
  });

  it("draws other numbers in each of its lives", () => {
    expect(firstBooks({}, 1)).toEqual(firstBooks({}, 1));
    expect(firstBooks({}, 2)).not.toEqual(firstBooks({}, 1));
  });
});
