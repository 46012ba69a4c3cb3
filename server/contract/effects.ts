/** What the engine wants done. Effects are data; the shell performs them and what comes back is an event. */
import type { Steps } from "./instrument.ts";
import type { NoticeCode } from "./reasons.ts";
import type { Side } from "./units.ts";

export type TimeInForce = "POST_ONLY" | "IOC";

export interface PlaceEffect {
  readonly type: "place";
  readonly account: number;
  readonly instrument: number;
  readonly clientId: string;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  /** What both are counted in: the venue may have other steps by now. Absent: those of its definition. */
  readonly steps?: Steps | undefined;
  readonly timeInForce: TimeInForce;
  /** A quote that would meet our own resting order expires; a reducing order expires the resting one. */
  readonly selfTrade: "EXPIRE_TAKER" | "EXPIRE_MAKER";
  /** The venue must refuse the request after this instant. */
  readonly requestExpiresAtUs: number;
}

export interface AmendEffect {
  readonly type: "amend";
  readonly account: number;
  readonly instrument: number;
  readonly clientId: string;
  readonly priceTicks: number;
  /** Total size including what has been filled. */
  readonly sizeLots: number;
  readonly steps?: Steps | undefined;
  readonly requestExpiresAtUs: number;
}

export interface CancelEffect {
  readonly type: "cancel";
  readonly account: number;
  readonly instrument: number;
  readonly clientId: string;
}

export interface CancelAllEffect {
  readonly type: "cancelAll";
  readonly account: number;
}

/** What became of one order. Nothing about it is older than `placedAtUs`. */
export interface OrderQuery {
  readonly type: "query";
  readonly what: "order";
  readonly account: number;
  readonly clientId: string;
  /** Absent: any of the account's, and each is asked for. */
  readonly instrument?: number | undefined;
  /** Where the venue has told it. */
  readonly venueOrderId?: string | undefined;
  readonly placedAtUs: number;
  /** Fills from before it may not be recognised when they are told again: they are not. Absent: all are. */
  readonly fillsSinceUs?: number | undefined;
}

export type QueryEffect =
  | OrderQuery
  | { readonly type: "query"; readonly what: "openOrders" | "balances"; readonly account: number }
  /** Every fill of the account since an instant of ours, told again; known ones are recognised. */
  | { readonly type: "query"; readonly what: "fills"; readonly account: number; readonly sinceUs: number };

/** A numbered line for the log topics: what an operator or an auditor must be able to read later. */
export interface NoticeEffect {
  readonly type: "notice";
  readonly code: NoticeCode;
  readonly scope: string;
  readonly text: string;
}

/** The outcome of a command: exactly one for each command event. */
export interface AcknowledgeEffect {
  readonly type: "acknowledge";
  readonly commandId: string;
  readonly outcome:
    | { readonly accepted: true; readonly paramVersion: number }
    | { readonly accepted: false; readonly code: string; readonly text: string };
}

export type OrderEffect = PlaceEffect | AmendEffect | CancelEffect | CancelAllEffect | QueryEffect;

export type Effect = OrderEffect | NoticeEffect | AcknowledgeEffect;
