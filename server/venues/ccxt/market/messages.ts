/** What a venue's public frames say, in one language for all venues: texts of prices and sizes are the venue's own. */
import type { Side } from "../../../contract/units.ts";

export interface BookMessage {
  readonly type: "book";
  readonly kind: "snapshot" | "delta";
  /** The venue's name of the instrument. */
  readonly symbol: string;
  readonly venueAtUs: number | undefined;
  /** Flat `[price, size, …]` in the message's order, which is the order in which they happened. */
  readonly bids: readonly string[];
  readonly asks: readonly string[];
  readonly link: BookLink;
  /** Of the book as it is after this message; undefined where the venue sends none. */
  readonly crc?: number | undefined;
}

/** By what a message is known to follow the one before it. */
export type BookLink =
  /** Holds the updates from `first` to `last`; a snapshot stands at its `last`. */
  | { readonly rule: "range"; readonly first: number; readonly last: number }
  /** Names the message before it. */
  | { readonly rule: "previous"; readonly previous: number; readonly last: number }
  /** Counts nothing: the checksum must be right afterwards. */
  | { readonly rule: "checksum" };

export interface VenueTrade {
  /** Rising per instrument. */
  readonly tradeId: number;
  readonly venueAtUs: number | undefined;
  readonly price: string;
  readonly size: string;
  readonly aggressor: Side;
}

export interface TradesMessage {
  readonly type: "trades";
  readonly symbol: string;
  /** Of trades that happened before we asked. */
  readonly isHistory: boolean;
  readonly trades: readonly VenueTrade[];
}

export type MarketMessage =
  | BookMessage
  | TradesMessage
  /** Of a subscription: `requestId` is what it was sent with. */
  | { readonly type: "accepted"; readonly requestId: number }
  | { readonly type: "refused"; readonly requestId: number | undefined; readonly text: string }
  /** The venue has nothing to say of what was subscribed to. */
  | { readonly type: "heartbeat" }
  /** Something about the venue's instruments changed: their definitions are to be read again. */
  | { readonly type: "listing" }
  /** The venue is about to close the socket. */
  | { readonly type: "leaving" }
  /** One of ours that cannot be understood; without a symbol it may have been anyone's. */
  | { readonly type: "unreadable"; readonly of: "book"; readonly symbol: string | undefined }
  | { readonly type: "unreadable"; readonly of: "trades" };
