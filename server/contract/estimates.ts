/** What the estimators of a market know, as screens and reports show it: figures in units people read. */
import type { QuotingModel } from "./params/model.ts";
import type { OffReason } from "./reasons.ts";

/** COLD: too little was seen, nothing comes from it. WARM: blended with its prior. STALE: nothing was seen for too long. */
export type EstimatorStatus = "COLD" | "WARM" | "TRUSTED" | "STALE";

export interface EstimateView {
  readonly name: string;
  /** What it is, in one line. */
  readonly help: string;
  readonly unit: string;
  readonly status: EstimatorStatus;
  /** What is in force, prior included; absent while COLD. */
  readonly value: number | undefined;
  readonly stderr: number | undefined;
  readonly nEff: number;
  readonly ageMs: number | undefined;
}

/** Mean move of fair value after fills of one side, maker-signed: below 0 it went against us. */
export interface MarkoutPoint {
  readonly horizonS: number;
  readonly bps: number | undefined;
  readonly stderrBps: number | undefined;
  readonly nEff: number;
}

export interface SideFlowView {
  readonly side: "buy" | "sell";
  /** Expected loss c in force for this side. */
  readonly cost: EstimateView;
  readonly markouts: readonly MarkoutPoint[];
  /** c over the net edge that fills capture; above 1 the side is withdrawn. */
  readonly toxicity: number | undefined;
  readonly verdict: "NORMAL" | "WIDE" | "WITHDRAWN";
  readonly fills: number;
  readonly untilUs: number | undefined;
}

/** What one model would quote on the state of this instant, before any limit or hold of a side. */
export interface ModelQuoteView {
  readonly model: QuotingModel;
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  /** Half the distance of the two, and of their middle from fair value at the venue, both in bps of fair value. */
  readonly halfSpreadBps: number | undefined;
  readonly centreBps: number | undefined;
  readonly off: OffReason | undefined;
}

export interface VenueEstimatesView {
  readonly account: string;
  readonly symbol: string;
  readonly law: "exponential" | "power";
  readonly estimates: readonly EstimateView[];
  readonly sides: readonly SideFlowView[];
  readonly models: readonly ModelQuoteView[];
}

export interface InformationShareView {
  readonly account: string;
  readonly symbol: string;
  /** Hasbrouck's bounds and their middle, and Gonzalo and Granger's weight. */
  readonly lower: number;
  readonly upper: number;
  readonly mid: number;
  readonly gonzaloGranger: number;
}

/** Correlation of one-second returns with another market, shrunk (Ledoit and Wolf 2004) and repaired. */
export interface CorrelationView {
  readonly market: string;
  readonly correlation: number;
  readonly stderr: number;
}

/** Buying at one venue and selling at another, walked through both books after both taker fees. Nobody acts on it yet. */
export interface ArbitrageView {
  readonly buyAt: string;
  readonly sellAt: string;
  /** Of the best prices, in bps of fair value: below 0 it would lose. */
  readonly edgeBps: number;
  /** What the books and our balances allow at a gain, and the gain in reporting currency; 0 where there is none. */
  readonly sizeBase: number;
  readonly profit: number;
  /** One standard deviation of the price between the two legs; absent while volatility is not known. */
  readonly legRiskBps: number | undefined;
  /** Whether the mean edge exceeds that risk. What bringing the balances back costs is not in it. */
  readonly worthwhile: boolean;
}

export interface EstimatesView {
  readonly atUs: number;
  readonly market: string;
  readonly estimates: readonly EstimateView[];
  /** Whether the mean reversion of fair value may be used at all. */
  readonly reversionSignificant: boolean;
  readonly venues: readonly VenueEstimatesView[];
  readonly informationShares: readonly InformationShareView[];
  /** With every other market; empty until enough returns were seen. */
  readonly correlations: readonly CorrelationView[];
  /** Share of the shrinkage's target in them. */
  readonly shrinkage: number | undefined;
  /** The best pair of venues; absent while fewer than two can be compared. */
  readonly arbitrage: ArbitrageView | undefined;
}
