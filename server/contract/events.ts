/**
 * What the engine consumes. Every event carries `atUs`, the engine's time of receipt; market events
 * also carry the venue's own stamp where there is one. `instrument` and `account` are positions in
 * the configuration's lists. Levels are flat `[priceTicks, sizeLots, …]`, best price first; in a
 * delta a size of 0 removes the level.
 */
import type { Command } from "./commands.ts";
import type { Instrument, Steps } from "./instrument.ts";
import type { VenueRefusal } from "./reasons.ts";
import type { Liquidity, Side } from "./units.ts";

export interface BookEvent {
  readonly type: "book";
  readonly atUs: number;
  readonly instrument: number;
  readonly kind: "snapshot" | "delta" | "top";
  readonly venueAtUs?: number | undefined;
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

export interface TradeEvent {
  readonly type: "trade";
  readonly atUs: number;
  readonly instrument: number;
  readonly venueAtUs?: number | undefined;
  readonly priceTicks: number;
  readonly sizeLots?: number | undefined;
  readonly aggressor?: Side | undefined;
}

/** The channel itself: a heartbeat, a sequence gap (the book is void until its next snapshot), or its loss. */
export interface FeedEvent {
  readonly type: "feed";
  readonly atUs: number;
  readonly instrument: number;
  readonly status: "alive" | "gap" | "down";
}

export interface InstrumentEvent {
  readonly type: "instrument";
  readonly atUs: number;
  readonly instrument: number;
  readonly definition: Instrument;
}

/** The private side of a venue account: "up" starts reconciliation, "down" ends trust in what we know. */
export interface AccountEvent {
  readonly type: "account";
  readonly atUs: number;
  readonly account: number;
  readonly status: "up" | "down";
  /** Of one that is halted: why, and what ends it. Absent: the private stream is lost. */
  readonly halted?: string | undefined;
}

export interface BalancesEvent {
  readonly type: "balances";
  readonly atUs: number;
  readonly account: number;
  /** Engine time of the question, where it was one: an older answer proves nothing to a reconciliation. */
  readonly askedAtUs?: number | undefined;
  readonly balances: readonly { readonly asset: string; readonly totalAtoms: bigint }[];
  /** All that is there of assets outside the desk, as the venue writes it; absent where it was not asked for. */
  readonly elsewhere?: readonly { readonly asset: string; readonly total: string }[] | undefined;
}

/** A deposit (> 0) or withdrawal (< 0) in the venue's own records; moves the baseline with the balance. */
export interface TransferEvent {
  readonly type: "transfer";
  readonly atUs: number;
  readonly account: number;
  readonly transferId: string;
  readonly asset: string;
  readonly amountAtoms: bigint;
}

export interface OpenOrderView {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly instrument: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly filledLots: number;
  /** What it is counted in, where that may be another version than the engine has; absent: the one in force there. */
  readonly steps?: Steps | undefined;
}

/** An open order of a symbol outside the configuration, as the venue writes it. */
export interface OpenOrderElsewhere {
  readonly symbol: string;
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly side: Side;
  readonly price: string;
  readonly size: string;
}

export interface OpenOrdersEvent {
  readonly type: "openOrders";
  readonly atUs: number;
  readonly account: number;
  /** Engine time at which the question was asked: orders placed later are not judged by the answer. */
  readonly askedAtUs: number;
  readonly orders: readonly OpenOrderView[];
  /** Absent where nobody looked for them. */
  readonly elsewhere?: readonly OpenOrderElsewhere[] | undefined;
}

export interface OrderAcceptedEvent {
  readonly type: "orderAccepted";
  readonly atUs: number;
  readonly account: number;
  readonly clientId: string;
  readonly venueOrderId: string;
}

/** The venue's definitive no: the order never rested and never will. */
export interface OrderRejectedEvent {
  readonly type: "orderRejected";
  readonly atUs: number;
  readonly account: number;
  readonly clientId: string;
  readonly reason: VenueRefusal;
}

export interface OrderCanceledEvent {
  readonly type: "orderCanceled" | "orderExpired";
  readonly atUs: number;
  readonly account: number;
  readonly clientId: string;
  /** Cumulative, by the venue: fills still under way are waited for. */
  readonly filledLots: number;
}

export interface OrderAmendedEvent {
  readonly type: "orderAmended";
  readonly atUs: number;
  readonly account: number;
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly priceTicks: number;
  /** Total size including what had been filled. */
  readonly sizeLots: number;
}

export interface AmendRejectedEvent {
  readonly type: "amendRejected";
  readonly atUs: number;
  readonly account: number;
  readonly clientId: string;
  readonly reason: VenueRefusal;
  /** The terms that were refused, where the request is known: another amendment may be under way by now. */
  readonly priceTicks?: number | undefined;
  readonly sizeLots?: number | undefined;
}

export interface CancelRejectedEvent {
  readonly type: "cancelRejected";
  readonly atUs: number;
  readonly account: number;
  readonly clientId: string;
  readonly reason: VenueRefusal;
}

/** A request whose outcome nobody knows: time-out, cut connection, 5xx. It decides nothing. */
export interface OrderUnknownEvent {
  readonly type: "orderUnknown";
  readonly atUs: number;
  readonly account: number;
  readonly clientId: string;
  readonly request: "place" | "amend" | "cancel";
}

/** The answer to a question about one order. */
export interface OrderStatusEvent {
  readonly type: "orderStatus";
  readonly atUs: number;
  readonly account: number;
  readonly clientId: string;
  readonly askedAtUs: number;
  readonly answer:
    | { readonly found: false }
    | {
        readonly found: true;
        readonly venueOrderId: string;
        readonly status: "OPEN" | "FILLED" | "CANCELED" | "EXPIRED" | "REJECTED";
        readonly priceTicks: number;
        readonly sizeLots: number;
        readonly filledLots: number;
        readonly steps?: Steps | undefined;
      };
}

export interface FillEvent {
  readonly type: "fill";
  readonly atUs: number;
  readonly account: number;
  readonly instrument: number;
  readonly clientId?: string | undefined;
  readonly venueOrderId: string;
  readonly tradeId: string;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly steps?: Steps | undefined;
  readonly liquidity: Liquidity;
  readonly venueAtUs: number;
  /** Cost > 0, rebate < 0, in atoms of its asset. */
  readonly feeAsset: string;
  readonly feeAtoms: bigint;
}

/** Periodic wake-up from the injected clock: ages, deadlines, the sampling grid of the estimators. */
export interface TimerEvent {
  readonly type: "timer";
  readonly atUs: number;
}

/**
 * First event of a run that takes up the state of an earlier one: whatever was known of the outside is a
 * memory now. Every order is UNKNOWN, every account to be reconciled, and the desk is DISARMED unless
 * it was KILLED.
 */
export interface RestartEvent {
  readonly type: "restart";
  readonly atUs: number;
  readonly reason: string;
  /** What of the earlier run could not be taken up, in words; missing when all of it was. */
  readonly leftOut?: string | undefined;
}

/** Whether what the engine does can be written down: the journal's disk, as the shell sees it. */
export interface StorageEvent {
  readonly type: "storage";
  readonly atUs: number;
  readonly status: StorageStatus;
  /** Figures, for people. */
  readonly text: string;
}
export type StorageStatus = "OK" | "DISK_LOW" | "JOURNAL_STALLED";

/**
 * The wall clock moved against the machine's monotonic one: a suspended host, which the monotonic clock sleeps
 * through, or a clock that was set. Engine time does not move with it.
 */
export interface ClockStepEvent {
  readonly type: "clockStep";
  readonly atUs: number;
  /** Forward > 0. */
  readonly stepMs: number;
}

export interface CommandEvent {
  readonly type: "command";
  readonly atUs: number;
  readonly commandId: string;
  readonly actor: string;
  readonly reason: string;
  readonly command: Command;
}

export type OrderReportEvent =
  | OrderAcceptedEvent
  | OrderRejectedEvent
  | OrderCanceledEvent
  | OrderAmendedEvent
  | AmendRejectedEvent
  | CancelRejectedEvent
  | OrderUnknownEvent
  | OrderStatusEvent;

export type EngineEvent =
  | BookEvent
  | TradeEvent
  | FeedEvent
  | InstrumentEvent
  | AccountEvent
  | BalancesEvent
  | TransferEvent
  | OpenOrdersEvent
  | OrderReportEvent
  | FillEvent
  | ShellEvent;

/** What no venue says: the engine's own shell does. */
export type ShellEvent = TimerEvent | RestartEvent | StorageEvent | ClockStepEvent | CommandEvent;
