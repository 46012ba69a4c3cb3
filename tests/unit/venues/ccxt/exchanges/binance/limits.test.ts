import { expect, it } from "vitest";
import { depth } from "../../../../../../server/lab/wire/binance/marketQueries.ts";
import { binanceLimits } from "../../../../../../server/venues/ccxt/exchanges/binance/limits.ts";
import { marketProtocolOf } from "../../../../../../server/venues/ccxt/market/protocols/registry.ts";

it("counts a snapshot of a book as the venue does", () => {
  const limit = String(marketProtocolOf("binance").snapshot?.levelsMax);
  const { weight } = depth;
  const counted = typeof weight === "function" ? weight(new Map([["limit", limit]])) : weight;
  expect(binanceLimits.read("book")).toEqual([{ scope: "weight", weight: counted }]);
});
