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
  deposit(account: number, asset: string, amountAtoms: bigint): void;
  /** A fresh snapshot of the public book, for a subscriber that lost its place. */
  snapshot(instrument: number, output: ExchangeOutput): void;
}
