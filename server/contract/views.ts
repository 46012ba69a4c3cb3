/** What a screen, a report or a command line shows of the engine: figures in units people read, missing ones absent. */
import type { TradingState } from "./tradingStates.ts";
import type { DayPnl, PnlView } from "./lines.ts";
import type { QuotingModel } from "./params/model.ts";
import type { OffReason } from "./reasons.ts";
import type { Side } from "./units.ts";

/** What one stage did to a quote: in price, and in bps of fair value. */
export interface StageContribution {
  readonly stage: string;
  readonly bid: number;
  readonly ask: number;
  readonly bidBps: number;
  readonly askBps: number;
  readonly inputs: Readonly<Record<string, number>>;
}

/** A quote as the list of its stages: they sum to it. */
export interface QuoteExplanation {
  readonly bid: number;
  readonly ask: number;
  readonly bidTicks: number;
  readonly askTicks: number;
  /** Why a side is not quoted all the same. */
  readonly bidOff: OffReason | undefined;
  readonly askOff: OffReason | undefined;
  readonly stages: readonly StageContribution[];
}

export interface ReasonView {
  readonly code: OffReason;
  readonly text: string;
  readonly releases: string;
  readonly sinceUs: number;
}

export interface SideView {
  readonly side: Side;
  readonly state: TradingState;
  /** The order that rests or is on its way, price in quote currency. */
  readonly order:
    | {
        readonly clientId: string;
        readonly status: string;
        /** The request without an answer, if there is one. */
        readonly waitsFor: "place" | "amend" | "cancel" | undefined;
        readonly price: number;
        readonly remainingBase: number;
      }
    | undefined;
  readonly reason: ReasonView | undefined;
}

export interface InstrumentView {
  readonly account: string;
  readonly symbol: string;
  readonly quoted: boolean;
  /** Best prices of others, quote currency. */
  readonly bid: number | undefined;
  readonly bidSizeBase: number | undefined;
  readonly ask: number | undefined;
  readonly askSizeBase: number | undefined;
  readonly channelAgeMs: number | undefined;
  readonly bookAgeMs: number | undefined;
  /** Lasting difference from fair value, and share of it. */
  readonly basisBps: number | undefined;
  readonly weight: number;
  readonly inventoryBase: number;
  readonly uptimeShare: number;
  readonly sides: readonly SideView[];
}

export interface PositionView {
  readonly quantityBase: number;
  readonly openedAtUs: number | undefined;
  /** Reporting currency per base unit; absent while flat. */
  readonly averageCost: number | undefined;
  readonly realised: number;
  /** Absent without a fair value. */
  readonly unrealised: number | undefined;
}

export interface MarketView {
  readonly market: string;
  readonly base: string;
  readonly state: TradingState;
  readonly fair: number | undefined;
  readonly fairAgeMs: number | undefined;
  /** Standard deviation of fair value, from the noise and age of the venues behind it. */
  readonly fairSdBps: number | undefined;
  readonly volatility: {
    readonly status: string;
    readonly bpsPerSqrtS: number | undefined;
    readonly stderrBps: number | undefined;
  };
  /** Risk aversion in force and what it implies for inventory. */
  readonly model:
    | {
        readonly name: QuotingModel;
        /** Absent where the model has none, or nothing pulls inventory back. */
        readonly gammaPerQuote: number | undefined;
        readonly slope: number;
        readonly inventorySdBase: number | undefined;
        readonly halfLifeS: number | undefined;
        readonly fillsPerMinute: number;
        readonly targetBase: number;
      }
    | undefined;
  /** Net over venues, and the limit of its worst case. */
  readonly inventoryBase: number;
  readonly limitBase: number | undefined;
  readonly position: PositionView;
  /** Since the desk began; absent without a price. */
  readonly pnl: PnlView | undefined;
  readonly instruments: readonly InstrumentView[];
}

/** Of balances, open orders, or what is filled of an order. */
export type BreakKind = "balance" | "order" | "fill";

/** A difference between a venue's books and ours that fills under way do not explain. */
export interface Break {
  readonly kind: BreakKind;
  /** The asset, or the order's client id. */
  readonly what: string;
  /** Exact text, with units where they are not those of `what`. */
  readonly ours: string;
  readonly venue: string;
  readonly sinceUs: number;
  /** Comparisons in a row that found it. */
  readonly seenTimes: number;
  /** Whether it keeps the desk from quoting there. */
  readonly severity: "observe-only" | "notice";
}

/** A venue's request budget as its adapter last saw it: what of it is used, and until when it wants silence. */
export interface RequestUse {
  /** The counter that is fullest, or the one that is silent. */
  readonly scope: string;
  readonly usedFrac: number;
  /** Engine time. */
  readonly silentUntilUs: number | undefined;
}

/** How a venue's own list of our trades is read beside its stream, of engine time. */
export interface TradeReads {
  readonly everyMs: number;
  /** When the last reading that came to its end began; undefined: none has. */
  readonly readAtUs: number | undefined;
}

export interface AccountView {
  readonly account: string;
  readonly status: string;
  /** Why the venue's adapter places nothing there, and what ends it. */
  readonly halted?: string | undefined;
  /** The difference of balances that keeps it from being READY. */
  readonly brokenBy: string | undefined;
  /** When balances last agreed, to a lot. */
  readonly agreedAtUs: number | undefined;
  readonly reconcileEveryMs: number;
  /** In the order in which they arose; of foreign orders the first hundred or so. */
  readonly breaks: readonly Break[];
  readonly ordersLeftOut: number;
  /** Absent where the venue's adapter counts no requests. */
  readonly requests?: RequestUse | undefined;
  /** Absent where the venue's adapter reads no such list, or has not begun. */
  readonly tradeReads?: TradeReads | undefined;
  readonly state: TradingState;
  readonly clearedAtUs: number | undefined;
  readonly sealedAtUs: number | undefined;
}

export interface DeskView {
  readonly atUs: number;
  readonly state: TradingState;
  /** Of real venues: what is missing before this desk may be armed. Absent: it may. */
  readonly observeOnly?: string | undefined;
  readonly reportingAsset: string;
  readonly paramVersion: number;
  /** The smallest parameter version that the quotes in force were decided under. */
  readonly quotingVersion: number | undefined;
  readonly netExposure: number;
  readonly grossExposure: number;
  /** Since the desk began, and since midnight UTC. */
  readonly pnl: PnlView;
  readonly day: DayPnl | undefined;
  readonly accounts: readonly AccountView[];
  readonly markets: readonly MarketView[];
}
