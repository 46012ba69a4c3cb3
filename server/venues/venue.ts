/**
 * The port between the engine's shell and the venues: order effects go out, events come back. An adapter
 * owns its connections, decides nothing, and never loses a report: what it cannot deliver it says.
 */
import type { OrderEffect } from "../contract/effects.ts";
import type { EngineEvent, ShellEvent } from "../contract/events.ts";
import type { RequestUse, TradeReads } from "../contract/views.ts";

type WithoutTime<E> = E extends unknown ? Omit<E, "atUs"> : never;

/** What a venue says; the mailbox stamps it with engine time when it is served. */
export type VenueEvent = WithoutTime<Exclude<EngineEvent, ShellEvent>>;

export interface VenueSink {
  /** In the order in which the venue said it. */
  event(event: VenueEvent): void;
  /** The connection itself, for the screen: an account's "up" and "down" are events. */
  connection(account: number, connected: boolean): void;
  /** What an account uses of its request budget, for the screen; several times a second at most. */
  budget?(account: number, use: RequestUse): void;
  /** How an account's list of trades is read, for the screen; after each reading. */
  tradeReads?(account: number, reads: TradeReads): void;
  /** The market that a recording plays is over. */
  marketEnded(): void;
}

export interface Venue {
  /** Connects and keeps connecting; the sink hears of it. Closed, it may be opened again. */
  open(sink: VenueSink): void;
  /**
   * Puts a request on the wire. One that cannot leave is answered with `orderUnknown`, or for a question
   * with nothing: the engine asks again.
   */
  send(effect: OrderEffect): void;
  /**
   * The engine has consumed the last book event of this instrument: the next may come. Between two of
   * them deltas are merged, so that a slow engine gets fewer books and never old ones.
   */
  consumed(instrument: number): void;
  close(): Promise<void>;
}
