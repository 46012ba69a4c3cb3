/**
 * What subscribers of one depth have been told of a book, and the messages that keep it up to date. A level that falls
 * out of the depth is not told as removed: the client cuts its book to the depth after every message.
 */
import { krakenChecksum } from "../../../core/book/checksum.ts";
import type { TextLevel } from "../../../core/book/checksum.ts";
import { changesOf } from "../core/bookChanges.ts";
import { priceText, sizeText } from "../decimals.ts";
import type { PublicBook } from "../ports.ts";
import type { Pair } from "./pairs.ts";
import { rfc3339 } from "./time.ts";

/** Flat `[priceTicks, sizeLots, …]`, best first. */
type Levels = readonly number[];

export interface BookView {
  readonly depth: number;
  bids: Levels;
  asks: Levels;
}

export interface ViewChange {
  readonly bids: Levels;
  readonly asks: Levels;
}

/** Moves the view to the book, and returns what that changes; undefined when nothing in its depth did. */
export function advance(view: BookView, book: Pick<PublicBook, "bids" | "asks">): ViewChange | undefined {
  const bids = book.bids.slice(0, 2 * view.depth);
  const asks = book.asks.slice(0, 2 * view.depth);
  const change = {
    bids: changesOf(view.bids, bids, 1, view.depth),
    asks: changesOf(view.asks, asks, -1, view.depth),
  };
  view.bids = bids;
  view.asks = asks;
  return change.bids.length + change.asks.length === 0 ? undefined : change;
}

export function bookText(
  pair: Pair,
  view: BookView,
  message: {
    readonly type: "snapshot" | "update";
    readonly levels: ViewChange;
    readonly checksum: number;
    readonly atUs: number;
  },
): string {
  const { type, levels, checksum, atUs } = message;
  const side = (flat: Levels): string =>
    textLevels(pair, flat)
      .map(({ price, qty }) => `{"price":${price},"qty":${qty}}`)
      .join(",");
  return (
    `{"channel":"book","type":"${type}","data":[{"symbol":${JSON.stringify(pair.symbol)},` +
    `"bids":[${side(levels.bids)}],"asks":[${side(levels.asks)}],` +
    `"checksum":${checksum},"timestamp":"${rfc3339(atUs)}"}]}`
  );
}

/** Of the ten best levels a side, whatever the depth. */
export function checksumOf(pair: Pair, { bids, asks }: BookView): number {
  return krakenChecksum(textLevels(pair, bids.slice(0, 20)), textLevels(pair, asks.slice(0, 20)));
}

function textLevels({ definition }: Pair, flat: Levels): TextLevel[] {
  const levels: TextLevel[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2)
    levels.push({
      price: priceText(definition, flat[i] as number),
      qty: sizeText(definition, flat[i + 1] as number),
    });
  return levels;
}
