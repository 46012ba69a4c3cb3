/**
 * The engine's state: plain data, owned and mutated by `step` alone, the same in every profile. What
 * is not here does not survive a snapshot. Lists follow the order of the configuration.
 */
import type { EngineConfig } from "../contract/config.ts";
import type { StorageStatus } from "../contract/events.ts";
import type { TradingState } from "../contract/tradingStates.ts";
import type { Instrument } from "../contract/instrument.ts";
import type { PnlView } from "../contract/lines.ts";
import type { CommandOutcome } from "../contract/link.ts";
import type { ParamValues } from "../contract/params.ts";
import type { GateReason, OffReason, WaitReason } from "../contract/reasons.ts";
import type { Side } from "../contract/units.ts";
import type { Break } from "../contract/views.ts";
import type { Book } from "./book/book.ts";
import type { ExternalTop, OwnLevels } from "./book/ownOrders.ts";
import type { BasisState } from "./estimate/basis.ts";
import type { EwCovariance } from "./estimate/covariance/ewCovariance.ts";
import type { FusionInputs, FusionOutput } from "./estimate/fairValue.ts";
import type { InstrumentEstimates } from "./estimate/instrumentEstimates.ts";
import type { MarketEstimates } from "./estimate/marketEstimates.ts";
import type { Volatility } from "./estimate/volatility.ts";
import type { Attribution } from "./ledger/attribution.ts";
import type { Position } from "./ledger/position.ts";
import type { QuoteContext } from "./quote/context.ts";
import type { DistanceTable } from "./quote/glftSpectral.ts";
import type { MarketModel } from "./quote/model.ts";
import type { Order } from "./orders/order.ts";
import type { Pace } from "./orders/pace.ts";
import type { ParamLayers } from "./params/resolve.ts";

/** A place for one order at one price: a side of an instrument at one level. */
export interface QuoteSlot {
  readonly side: Side;
  /** The order that lives here, until it has ended. */
  clientId: string | undefined;
  wantedTicks: number | undefined;
  wantedLots: number;
  /** No new request before this instant: the venue has just refused one. */
  retryAtUs: number;
  heldFor: WaitReason | undefined;
  /** Why nothing is sent for what is wanted here, and since when: the gate's no, the venue's, or our own count's. */
  refusedFor: GateReason | WaitReason | undefined;
  refusedSinceUs: number;
  /** Why nothing is wanted here, and since when. */
  reason: OffReason | undefined;
  sinceUs: number;
}

/** An order of ours that the venue's book may still show after it has moved or ended. */
export interface Ghost {
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly untilUs: number;
}

export interface FeedState {
  /** A void book informs nothing until its next snapshot. */
  void: boolean;
  channelAtUs: number | undefined;
  changedAtUs: number | undefined;
  /** Fair value at the last change of the book, to tell a quiet book from a frozen one. */
  fairAtChange: number | undefined;
}

export interface Uptime {
  twoSided: boolean;
  sinceUs: number;
  startedAtUs: number | undefined;
  twoSidedUs: number;
  /** Whether the trading states allow both sides, since when, and how long they did before. */
  allowed: boolean;
  allowedSinceUs: number;
  allowedUs: number;
}

export interface Decided {
  readonly fair: number;
  readonly reason: OffReason | undefined;
  readonly paramVersion: number;
}

export interface InstrumentState {
  readonly index: number;
  readonly account: number;
  /** Position of its market, or undefined when it only gives a rate. */
  readonly market: number | undefined;
  /** Position among its market's instruments. */
  readonly member: number;
  definition: Instrument;
  /** A new version with another tick or lot, waiting for the orders of this one to end. */
  nextDefinition: Instrument | undefined;
  tickQuote: number;
  lotBase: number;
  baseAtomsPerLot: bigint;
  quoteAtomsPerTickLot: bigint;
  params: ParamValues;
  book: Book;
  feed: FeedState;
  external: ExternalTop;
  /** Our own orders as the venue's book may show them. */
  ownBids: OwnLevels;
  ownAsks: OwnLevels;
  /** Mid of others in the reporting currency, while usable. */
  midReporting: number | undefined;
  reason: OffReason | undefined;
  basis: BasisState;
  /** A bid and an ask for each level, the nearest first. */
  slots: QuoteSlot[];
  /** What the latest decision about its quotes went by. */
  decided: Decided | undefined;
  ghosts: Ghost[];
  /** Ids of its orders without a final state, or with fills still under way. */
  live: string[];
  /** Worst case of everything open, in flight or unknown, by side. */
  workingBuyLots: number;
  workingSellLots: number;
  uptime: Uptime;
  orderLots: number;
  estimates: InstrumentEstimates;
  pace: Pace;
  /** Undefined while its flow is not known: then it is not quoted. */
  pricing: Pricing | undefined;
}

/** What the quotes of one instrument are computed from beside the model of its market: price units, once a second. */
export interface Pricing {
  /** 1/s per side, and 1/price. */
  readonly A: number;
  readonly k: number;
  /** Slope of the fill rate where the quote stands, 1/price: k unless a power law is in force. */
  readonly localK: number;
  /** Expected loss after a fill of our bid and of our ask. */
  readonly costBid: number;
  readonly costAsk: number;
}

export interface MarketState {
  readonly index: number;
  readonly market: string;
  readonly base: string;
  readonly instruments: readonly number[];
  readonly accounts: readonly number[];
  params: ParamValues;
  readonly fusion: FusionInputs;
  readonly fused: FusionOutput;
  /** The last fair value and when a usable venue last confirmed it. */
  fair: number | undefined;
  fairAtUs: number;
  volatility: Volatility;
  jumpUntilUs: number;
  model: MarketModel | undefined;
  readonly estimates: MarketEstimates;
  /** q*, base units. */
  targetBase: number;
  /** Exact quotes far from flat, for the model that uses them; from the slow loop. */
  spectral: { readonly table: DistanceTable; readonly core: number; readonly k: number } | undefined;
  /** Aggregate inventory over venues, base units, from the ledger's atoms. */
  inventoryBase: number;
  workingBuyBase: number;
  workingSellBase: number;
  position: Position;
  attribution: Attribution;
  flatten: Flatten | undefined;
}

/** Inventory on its way back to the baselines. */
export interface Flatten {
  /** A person's goes on in every trading state; a session's end only where the desk may trade by itself. */
  readonly askedBy: "person" | "session";
  readonly slippageMaxBps: number;
  readonly untilUs: number;
  nextAtUs: number;
  /** Why the latest order of it was refused. */
  refusedFor: OffReason | undefined;
}

export interface Holding {
  readonly asset: string;
  readonly decimals: number;
  /** Position of the market whose base this is. */
  readonly market: number | undefined;
  balanceAtoms: bigint | undefined;
  baselineAtoms: bigint;
  heldAtoms: bigint;
  /** balance − baseline in units, cached. */
  inventoryUnits: number;
}

export type AccountStatus = "NOT_READY" | "RECONCILING" | "READY" | "DEGRADED";

export interface Reconciliation {
  startedAtUs: number;
  ordersSeen: boolean;
  balancesSeen: boolean;
  nextQueryAtUs: number;
}

/** After a stop: cleared when open orders read empty, sealed when nothing in flight can arrive any more. */
export interface Seal {
  requestedAtUs: number;
  lastExpiryAtUs: number;
  nextQueryAtUs: number;
  clearedAtUs: number | undefined;
  sealedAtUs: number | undefined;
}

/**
 * When a booked fill happened at the venue, what it was booked as, and as what else it was last told. A tuple: thousands
 * of them are in a snapshot.
 */
export type KnownFill = readonly [venueAtUs: number, terms: string, otherTerms?: string];

export interface AccountState {
  readonly index: number;
  readonly account: string;
  status: AccountStatus;
  /** Why the venue's adapter places nothing there; undefined: for want of a stream, or not at all. */
  halted: string | undefined;
  holdings: Map<string, Holding>;
  reconciliation: Reconciliation | undefined;
  /** Totals of assets outside the desk, as this run first heard of them: nothing that it does moves them. */
  elsewhere: Map<string, string> | undefined;
  /** Comparisons of balances in a row that differed by more than a lot. */
  mismatches: number;
  /** What the venue's books and ours differ in, by kind and subject, and how many more of its orders have no place here. */
  breaks: Map<string, Break>;
  ordersLeftOut: number;
  /** When open orders and balances are next compared in quiet times, and when lost fills were last asked for. */
  nextPollAtUs: number;
  fillsAskedAtUs: number;
  /** When open orders and balances were last asked for together. */
  comparedAtUs: number;
  /** Of booked fills, by symbol, trade and order. The newest are kept. */
  fillKeys: Map<string, KnownFill>;
  /** Fills up to this instant may be told again without being recognised: none are asked for from before it. */
  fillsForgottenToUs: number;
  /** Fills from this instant on may be told again until that one: they stay known. */
  fillsHeldFromUs: number;
  fillsHeldUntilUs: number;
  seal: Seal | undefined;
  /** Latest expiry of any request that has left: nothing older can still arrive. */
  lastExpiryAtUs: number;
  /** Until then a request of an earlier life of this desk may still arrive; undefined before the first contact of a first run. */
  strangersUntilUs: number | undefined;
  /** When the venue's balances last agreed with ours: every fill before is booked. */
  agreedAtUs: number | undefined;
  pace: Pace;
  /** Ids of transfers that are booked, so that a repeated report is not. */
  transferIds: Set<string>;
}

export interface Rate {
  readonly asset: string;
  /** The instrument that measures it, or undefined when it is assumed. */
  readonly instrument: number | undefined;
  readonly inverted: boolean;
  /** Meant to stay at par: a rate far from 1 stops quoting. */
  readonly pegged: boolean;
  value: number | undefined;
  /** When it was last measured; undefined: never, or nobody knows how long ago. */
  atUs: number | undefined;
}

export interface TradingStates {
  desk: TradingState;
  accounts: TradingState[];
  markets: TradingState[];
  /** Per instrument: [buy, sell]. */
  sides: [TradingState, TradingState][];
}

export interface SecondWriter {
  readonly clientId: string;
  readonly whose: string;
  readonly epoch: number;
}

export interface EngineState {
  nowUs: number;
  /** The market whose slow estimators have their turn next. */
  slowTurn: number;
  /** Last instant of the one-second grid that was sampled. */
  sampledAtUs: number;
  instruments: InstrumentState[];
  markets: MarketState[];
  /** Of the returns of all markets together. */
  readonly covariance: EwCovariance;
  accounts: AccountState[];
  rates: Map<string, Rate>;
  trading: TradingStates;
  /** Nothing is quoted while the journal's disk is not OK. */
  storage: StorageStatus;
  layers: ParamLayers;
  deskParams: ParamValues;
  orders: Map<string, Order>;
  /** Ended orders, oldest first, kept for late fills. */
  ended: Set<string>;
  orderCounter: number;
  /** The latest sign of another desk in this one's name, and the highest run epoch that it was seen with. */
  secondWriter: SecondWriter | undefined;
  refusals: Map<string, number>;
  /** Accepted commands by id, oldest first: one that is sent again is not obeyed again. */
  outcomes: Map<string, CommandOutcome>;
  /** P&L at the start of the engine's day in UTC, or at its first sample on the first day. */
  day: { readonly sinceUs: number; readonly pnl: PnlView } | undefined;
  counts: { orders: number; fills: number; volumeReporting: number; anomalies: number };
}

/** The engine: what never changes in a run beside what does. */
export interface Engine {
  readonly config: EngineConfig;
  readonly state: EngineState;
  /** Of a study alone, never of a desk: moves what a quote is computed from, to try rules that no parameter offers. */
  readonly adjustQuote?: ((context: QuoteContext, inst: InstrumentState, engine: Engine) => void) | undefined;
}
