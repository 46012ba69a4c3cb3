import { expect, it } from "vitest";
import { startWalk } from "../../../../server/bench/wire/walk.ts";
import { createBinance } from "../../../../server/lab/wire/binance/binance.ts";
import { BTC, wireVenue } from "../../../support/wireVenue.ts";

it("moves by one level at a time, is never crossed and never thinner", () => {
  const { core } = wireVenue({ venue: "binance", front: createBinance });
  const { move } = startWalk(core, 1);
  let before = core.book(BTC);
  for (let n = 0; n < 500; n++) {
    move();
    const book = core.book(BTC);
    expect(book.bids[0]).toBeLessThan(book.asks[0] ?? 0);
    expect([book.bids.length, book.asks.length]).toEqual([before.bids.length, before.asks.length]);
    expect(Math.abs((book.bids[0] ?? 0) - (before.bids[0] ?? 0))).toBe(310);
    before = { ...book };
  }
});
