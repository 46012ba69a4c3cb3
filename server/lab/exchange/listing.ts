/** An instrument is listed anew: halted, resumed, delisted, or with other filters, tick or lot. */
import type { AssetSpec, Instrument } from "../../contract/instrument.ts";
import { clearBook } from "../../core/book/book.ts";
import { expireOrder } from "./execution.ts";
import type { Call } from "./execution.ts";
import { publishChanges } from "./feed.ts";
import type { InstrumentMarket } from "./market.ts";
import { compileMoney } from "./money.ts";

/** Prices and sizes never cross from one grid to another: with the grid go the orders and the book. */
export function relist(
  market: InstrumentMarket,
  definition: Instrument,
  assets: readonly AssetSpec[],
  call: Call,
): void {
  const { definition: before, account } = market;
  if (definition.account !== before.account || definition.symbol !== before.symbol)
    throw new Error(`invariant: ${before.symbol} cannot be listed as ${definition.symbol}`);
  const money = market.money === undefined ? undefined : compileMoney(definition, assets);
  const isNewGrid = definition.tick !== before.tick || definition.lot !== before.lot;
  if (isNewGrid || definition.status === "DELISTED") {
    for (const order of [...account.open.values()])
      if (order.instrument === market.instrument) expireOrder(market, order, call);
    publishChanges(market, call.output);
    voidBook(market, call);
  }
  market.definition = definition;
  // In place: the routes of fees and volume of other markets price by this very object.
  if (market.money !== undefined) Object.assign(market.money, money);
}

function voidBook(market: InstrumentMarket, call: Call): void {
  clearBook(market.book);
  for (const side of [market.bids, market.asks]) side.consumed.clear();
  market.published = false;
  call.output.public({ type: "feed", instrument: market.instrument, status: "gap" });
}
