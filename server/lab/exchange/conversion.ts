/** What one asset is worth in another by the venue's own books: for fees in a third asset and for volume. */
import { UserError } from "../../contract/errors.ts";
import { bestAskTicks, bestBidTicks } from "../../core/book/book.ts";
import type { Book } from "../../core/book/book.ts";
import type { Ratio, SpotMoney } from "./money.ts";

/** A spot market of the account, as far as it prices one asset in another. */
export interface PricedMarket {
  readonly book: Book;
  readonly money: SpotMoney;
}

/** From one asset to another: the same, or through a market with one of them as base and the other as quote. */
export type Route =
  { readonly kind: "same" } | ({ readonly kind: "base-to-quote" | "quote-to-base" } & PricedMarket);

const PAR: Ratio = { numerator: 1n, denominator: 1n };

/** Throws a UserError when the account has no market that says it: nothing is ever taken to be at par. */
export function findRoute(
  markets: readonly PricedMarket[],
  from: string,
  to: string,
  purpose: string,
): Route {
  if (from === to) return { kind: "same" };
  for (const { book, money } of markets) {
    if (money.base === from && money.quote === to) return { kind: "base-to-quote", book, money };
    if (money.base === to && money.quote === from) return { kind: "quote-to-base", book, money };
  }
  throw new UserError(
    `${purpose}: no market there trades ${from} against ${to}: list one as an instrument, or change the fees`,
  );
}

/** At the mid of the public book. Undefined unless it has two sides. */
export function ratioOf(route: Route): Ratio | undefined {
  if (route.kind === "same") return PAR;
  const { book, money } = route;
  const bidTicks = bestBidTicks(book);
  const askTicks = bestAskTicks(book);
  if (bidTicks === undefined || askTicks === undefined) return undefined;
  const base = 2n * money.baseAtomsPerLot;
  const quote = BigInt(bidTicks + askTicks) * money.quoteAtomsPerTickLot;
  return route.kind === "base-to-quote"
    ? { numerator: quote, denominator: base }
    : { numerator: base, denominator: quote };
}
