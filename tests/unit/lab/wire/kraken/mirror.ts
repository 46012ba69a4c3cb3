/** A client's own copy of a book, kept as the venue's guide says: apply, cut to the depth, compare the checksum. */
import { krakenChecksum } from "../../../../../server/core/book/checksum.ts";

export interface BookMessage {
  readonly channel: string;
  readonly type: "snapshot" | "update";
  readonly data: readonly {
    readonly symbol: string;
    readonly bids: readonly { readonly price: number; readonly qty: number }[];
    readonly asks: readonly { readonly price: number; readonly qty: number }[];
    readonly checksum: number;
    readonly timestamp: string;
  }[];
}

export interface Mirror {
  /** False when the checksum of the message is not that of the copy. */
  apply(message: unknown): boolean;
  /** Flat `[price, size, …]`, best first. */
  readonly bids: number[];
  readonly asks: number[];
}

export function createMirror(
  depth: number,
  decimals: { readonly price: number; readonly size: number },
): Mirror {
  let bids = new Map<number, number>();
  let asks = new Map<number, number>();
  const sorted = (side: Map<number, number>, direction: 1 | -1): [number, number][] =>
    [...side].toSorted(([a], [b]) => (a - b) * direction).slice(0, depth);
  const texts = (side: Map<number, number>, direction: 1 | -1) =>
    sorted(side, direction).map(([price, qty]) => ({
      price: price.toFixed(decimals.price),
      qty: qty.toFixed(decimals.size),
    }));
  return {
    apply(message) {
      const { type, data } = message as BookMessage;
      const [book] = data;
      if (book === undefined) throw new Error("a book message without a book");
      if (type === "snapshot") [bids, asks] = [new Map(), new Map()];
      for (const [side, levels] of [[bids, book.bids] as const, [asks, book.asks] as const])
        for (const { price, qty } of levels)
          if (qty === 0) side.delete(price);
          else side.set(price, qty);
      bids = new Map(sorted(bids, -1));
      asks = new Map(sorted(asks, 1));
      return krakenChecksum(texts(bids, -1), texts(asks, 1)) === book.checksum;
    },
    get bids() {
      return sorted(bids, -1).flat();
    },
    get asks() {
      return sorted(asks, 1).flat();
    },
  };
}
