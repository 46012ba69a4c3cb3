/**
 * The public side of one venue as its core answers questions about it: books with their counters, and the last
 * trades. It numbers trades, those of others and those of the venue's own accounts alike.
 */
import { applyDelta, applySnapshot, clearBook, createBook, flatLevels } from "../../../core/book/book.ts";
import type { Book } from "../../../core/book/book.ts";
import { VIEW_LEVELS } from "../../../core/book/depthView.ts";
import type { PublicEvent } from "../../ports.ts";
import type { FillRecord, PublicBook, PublicTrade } from "../ports.ts";

/** What venues give at once. */
const TRADES_KEPT_MAX = 1_000;

export interface Tape {
  /** The fill under the venue's number of its trade. */
  numbered(fill: FillRecord): FillRecord;
  publish(event: PublicEvent, atUs: number): void;
  book(instrument: number): PublicBook;
  trades(instrument: number): readonly PublicTrade[];
}

interface Page {
  readonly book: Book;
  updates: number;
  shown: PublicBook | undefined;
  readonly trades: PublicTrade[];
  lastTradeId: number;
  /** The last trade of an own order that nobody was told of yet, under the exchange's number and under ours. */
  own: { readonly toldId: string; readonly tradeId: number; readonly priceTicks: number } | undefined;
}

/** Ids begin after `lastTradeId`. */
export function createTape(instruments: readonly number[], lastTradeId: number): Tape {
  const pages = new Map<number, Page>(
    instruments.map((instrument) => [
      instrument,
      {
        book: createBook(VIEW_LEVELS),
        updates: 0,
        shown: undefined,
        trades: [],
        lastTradeId,
        own: undefined,
      },
    ]),
  );
  const pageOf = (instrument: number): Page => {
    const page = pages.get(instrument);
    if (page === undefined) throw new Error(`invariant: this venue does not list instrument ${instrument}`);
    return page;
  };
  return {
    numbered(fill) {
      const page = pageOf(fill.instrument);
      // Both orders of a self-trade have one trade, told twice in a row under one number.
      const tradeId = page.own?.toldId === fill.tradeId ? page.own.tradeId : ++page.lastTradeId;
      page.own = { toldId: fill.tradeId, tradeId, priceTicks: fill.priceTicks };
      return { ...fill, tradeId: String(tradeId) };
    },
    publish(event, atUs) {
      const page = pageOf(event.instrument);
      switch (event.type) {
        case "book":
          return changeBook(page, event);
        case "feed":
          if (event.status === "gap") changeBook(page, undefined);
          return;
        case "trade":
          addTrade(page, event, atUs);
      }
    },
    book: (instrument) => shownBook(pageOf(instrument)),
    trades: (instrument) => pageOf(instrument).trades,
  };
}

/** Without an event the book is void. */
function changeBook(page: Page, event: Extract<PublicEvent, { type: "book" }> | undefined): void {
  page.updates++;
  page.shown = undefined;
  if (event === undefined) return clearBook(page.book);
  const apply = event.kind === "snapshot" ? applySnapshot : applyDelta;
  const refusal = apply(page.book, event.bids, event.asks);
  if (refusal !== undefined) throw new Error(`invariant: a public book is ${refusal}`);
}

function shownBook(page: Page): PublicBook {
  page.shown ??= {
    bids: flatLevels(page.book.bids),
    asks: flatLevels(page.book.asks),
    updates: page.updates,
  };
  return page.shown;
}

/** A trade at the price of the fill before it is that fill's. */
function addTrade(page: Page, event: Extract<PublicEvent, { type: "trade" }>, atUs: number): void {
  const { priceTicks, sizeLots, aggressor } = event;
  const { own } = page;
  const tradeId = own?.priceTicks === priceTicks ? own.tradeId : ++page.lastTradeId;
  page.own = undefined;
  page.trades.push({ tradeId, atUs, priceTicks, sizeLots, aggressor });
  if (page.trades.length > TRADES_KEPT_MAX) page.trades.shift();
}
