import { expect, it } from "vitest";
import { createBook } from "../../../../server/core/book/book.ts";
import { createAccount } from "../../../../server/lab/exchange/account.ts";
import { joinQueue, setOthers } from "../../../../server/lab/exchange/levels.ts";
import { createMarket } from "../../../../server/lab/exchange/market.ts";
import { bid, exchangeConfig, quoteRequest, SPOT } from "./venue.ts";
import { newOrder } from "../../../../server/lab/exchange/requests.ts";

it("keeps our orders of one level in the order in which they came, where the queue model would not", () => {
  const config = exchangeConfig();
  const definition = config.instruments[SPOT];
  const terms = config.accounts[0];
  if (definition === undefined || terms === undefined) throw new Error("the test venue has no spot market");
  const account = createAccount(0, terms, { assets: config.assets, endedMax: 10 });
  const routes = { thirdAsset: undefined, volume: undefined };
  const parts = { instrument: SPOT, definition, account, money: undefined, routes, book: createBook() };
  const { bids } = createMarket(parts, 2);
  setOthers(bids, 90, 1);
  setOthers(bids, 100, 40);
  const first = newOrder(quoteRequest(bid("b1", 100, 5)), 100, 1);
  joinQueue(bids, first);
  setOthers(bids, 100, 50);
  const second = newOrder(quoteRequest(bid("b2", 100, 5)), 100, 1);
  joinQueue(bids, second);
  setOthers(bids, 100, 100);
  // The model alone puts the first at 10 and the second at 5: it stood in the middle, where p falls fastest.
  setOthers(bids, 100, 10);
  expect(first.frontLots).toBeCloseTo(10, 9);
  expect(second.frontLots).toBe(first.frontLots);
});
