/**
 * What passes between the parts of the lab: a driver says how the market of others moves, an
 * exchange turns that and our orders into a public feed and private reports, a world carries both
 * through virtual time. `instrument` is the position in the configuration's list everywhere.
 */
import type { AmendEffect, CancelEffect, PlaceEffect } from "../contract/effects.ts";
import type { VenueRefusal } from "../contract/reasons.ts";
import type { Liquidity, Side } from "../contract/units.ts";
import type { OpenOrderView, OrderStatusEvent } from "../contract/events.ts";

interface RecordBase {
  readonly instrument: number;
  /** When it happens at the exchange, by the clock of virtual time. */
  readonly exchangeAtUs: number;
  /** The stamp that the venue itself put on it, if it did; may be nonsense in a recording. */
  readonly venueAtUs?: number | undefined;
  /** When a recording's own receiver saw it: the public event is then delivered at this instant. */
  readonly receivedAtUs?: number | undefined;
}

/** Depth of everyone else, in absolute sizes. Levels are flat `[priceTicks, sizeLots, …]`, best first. */
export interface DepthRecord extends RecordBase {
  readonly kind: "snapshot" | "delta" | "top";
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** A trade between others that a recording saw: fills our orders at its price or better, once. */
export interface PrintRecord extends RecordBase {
  readonly kind: "print";
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly aggressor?: Side | undefined;
}

/** An anonymous taker of an agent market: an IOC order that trades with what rests, ours included. */
export interface TakeRecord extends RecordBase {
  readonly kind: "take";
  readonly side: Side;
  readonly sizeLots: number;
  readonly limitTicks?: number | undefined;
}

/** The channel said something that changes nothing, or broke: the next depth is a snapshot. */
export interface ChannelRecord extends RecordBase {
  readonly kind: "alive" | "gap";
}

export type MarketRecord = DepthRecord | PrintRecord | TakeRecord | ChannelRecord;

/** A market as an ordered stream: `exchangeAtUs` never decreases. Undefined ends it. */
export interface MarketDriver {
  /** Undefined is no end then: more may come at any time. */
  readonly isEndless?: true | undefined;
  next(): MarketRecord | undefined;
}

/** What everyone can see, our own orders included. At most 50 levels a side. */
export type PublicEvent =
  | {
      readonly type: "book";
      readonly instrument: number;
      readonly kind: "snapshot" | "delta";
      readonly bids: readonly number[];
      readonly asks: readonly number[];
    }
  | {
      readonly type: "trade";
      readonly instrument: number;
      readonly priceTicks: number;
      readonly sizeLots: number;
      readonly aggressor?: Side | undefined;
    }
  | { readonly type: "feed"; readonly instrument: number; readonly status: "alive" | "gap" };

/** What the owner of an account is told. */
export type PrivateReport =
  | { readonly type: "orderAccepted"; readonly clientId: string; readonly venueOrderId: string }
  | { readonly type: "orderRejected"; readonly clientId: string; readonly reason: VenueRefusal }
  | {
      readonly type: "orderCanceled" | "orderExpired";
      readonly clientId: string;
      readonly filledLots: number;
    }
  | {
      readonly type: "orderAmended";
      readonly clientId: string;
      readonly venueOrderId: string;
      readonly priceTicks: number;
      readonly sizeLots: number;
    }
  | {
      readonly type: "amendRejected";
      readonly clientId: string;
      readonly reason: VenueRefusal;
      readonly priceTicks: number;
      readonly sizeLots: number;
    }
  | { readonly type: "cancelRejected"; readonly clientId: string; readonly reason: VenueRefusal }
  | {
      readonly type: "fill";
      readonly instrument: number;
      readonly clientId: string;
      readonly venueOrderId: string;
      readonly tradeId: string;
      readonly side: Side;
      readonly priceTicks: number;
      readonly sizeLots: number;
      readonly liquidity: Liquidity;
      readonly venueAtUs: number;
      readonly feeAsset: string;
      readonly feeAtoms: bigint;
    };

/**
 * What happens when an order would trade with another of its own account, in Binance's words. OKX and Kraken know the
 * three that expire an order; DECREMENT takes the smaller size off both; with NONE they trade, under one trade id.
 */
export type SelfTradeMode = "NONE" | "EXPIRE_TAKER" | "EXPIRE_MAKER" | "EXPIRE_BOTH" | "DECREMENT";

interface PlaceTerms {
  readonly clientId: string;
  readonly instrument: number;
  readonly side: Side;
  readonly sizeLots: number;
  readonly selfTrade: SelfTradeMode;
  /** The venue must refuse the request after this instant. */
  readonly requestExpiresAtUs: number;
}

/** An order as venues take it, of which our own PlaceEffect is one kind. Without a price it is a market order. */
export type PlaceRequest = PlaceTerms &
  (
    | { readonly timeInForce: "POST_ONLY" | "GTC"; readonly priceTicks: number }
    | { readonly timeInForce: "IOC" | "FOK"; readonly priceTicks?: number | undefined }
  );

/** Collects what one call at the exchange caused, in order. */
export interface ExchangeOutput {
  public(event: PublicEvent): void;
  private(account: number, report: PrivateReport): void;
}

export interface BalanceTruth {
  readonly asset: string;
  readonly totalAtoms: bigint;
  readonly heldAtoms: bigint;
}

/** One change of a balance. All of them together are the balance: nothing else moves it. */
export interface LedgerEntry {
  /** From 1, without gaps. */
  readonly id: number;
  readonly atUs: number;
  readonly asset: string;
  readonly kind: "trade" | "fee" | "deposit" | "withdrawal" | "transfer";
  /** Signed: a fee is negative, a rebate positive. */
  readonly amountAtoms: bigint;
  /** Balance of the asset after it. */
  readonly balanceAtoms: bigint;
  /** The trade, deposit, withdrawal or transfer that it belongs to. */
  readonly refId: string;
  /** Of trades and their fees: trade ids are per instrument. */
  readonly instrument?: number | undefined;
}

export interface LedgerQuery {
  /** Only entries after this one. */
  readonly afterId?: number | undefined;
  readonly sinceUs?: number | undefined;
  /** At most this many, and never more than the venue gives at once. */
  readonly limit?: number | undefined;
}

export interface LedgerPage {
  /** Oldest first. */
  readonly entries: readonly LedgerEntry[];
  /** Entries up to this id are not kept any more: what was asked for may have had more. 0 when all are there. */
  readonly forgottenToId: number;
}

export type Withdrawal = {
  readonly withdrawalId: string;
  readonly asset: string;
  readonly amountAtoms: bigint;
  readonly requestedAtUs: number;
} & ({ readonly status: "PENDING" } | { readonly status: "DONE" | "CANCELED"; readonly endedAtUs: number });

export type TreasuryRefusal = "INSUFFICIENT_FUNDS" | "UNKNOWN_ASSET" | "BAD_AMOUNT" | "TOO_MANY_PENDING";

export type TreasuryOutcome =
  { readonly ok: true; readonly id: string } | { readonly ok: false; readonly reason: TreasuryRefusal };

/** What an account pays now. */
export interface FeeRates {
  readonly makerFrac: number;
  readonly takerFrac: number;
  /** Of the last 30 days, where the schedule has tiers. */
  readonly volume?: { readonly asset: string; readonly atoms: bigint } | undefined;
}

/** The back office of a simulated venue: money that moves without trading, and the records of all that moved. */
export interface VenueTreasury {
  /** Sets the amount aside until the withdrawal ends: done, it leaves the account; canceled, it is free again. */
  requestWithdrawal(account: number, asset: string, amountAtoms: bigint, atUs: number): TreasuryOutcome;
  /** Undefined when no withdrawal of this id is pending. */
  endWithdrawal(
    account: number,
    withdrawalId: string,
    status: "DONE" | "CANCELED",
    atUs: number,
  ): Withdrawal | undefined;
  /** In order of request; the oldest that ended are forgotten. */
  withdrawals(account: number): Withdrawal[];
  /** Between two accounts of this venue. */
  transfer(from: number, to: number, asset: string, amountAtoms: bigint, atUs: number): TreasuryOutcome;
  ledger(account: number, query?: LedgerQuery): LedgerPage;
  /** Balances before the oldest entry that is kept: with the entries since they sum to the balances. */
  ledgerOpening(account: number): ReadonlyMap<string, bigint>;
  feeRates(account: number, atUs: number): FeeRates;
}

/** One simulated venue: matching, accounts, fees. Synchronous; `atUs` is the exchange's clock. */
export interface SimulatedExchange {
  applyMarket(record: MarketRecord, atUs: number, output: ExchangeOutput): void;
  place(account: number, order: PlaceEffect, atUs: number, output: ExchangeOutput): void;
  amend(account: number, amend: AmendEffect, atUs: number, output: ExchangeOutput): void;
  cancel(account: number, cancel: CancelEffect, atUs: number, output: ExchangeOutput): void;
  cancelAll(account: number, atUs: number, output: ExchangeOutput): void;
  openOrders(account: number): OpenOrderView[];
  orderStatus(account: number, clientId: string): OrderStatusEvent["answer"];
  balances(account: number): BalanceTruth[];
  /**
   * At once, at the instant of the last call unless it is given. A negative amount is a withdrawal that is done at
   * once; a UserError when that is more than is free.
   */
  deposit(account: number, asset: string, amountAtoms: bigint, atUs?: number): void;
  /** A fresh snapshot of the public book, for a subscriber that lost its place. */
  snapshot(instrument: number, output: ExchangeOutput): void;
}
