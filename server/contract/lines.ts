/**
 * What happened, as numbered lines: the log topics of the live stream and the rows of the store are the
 * same lines. They derive from the engine's events and effects alone, so that whoever replays a journal
 * arrives at the same lines under the same cursors.
 */
import type { Command } from "./commands.ts";
import type { TradingState } from "./tradingStates.ts";
import type { ParamName, ParamValue } from "./params.ts";
import type { ParamLevel } from "./params/param.ts";
import type { NoticeCode } from "./reasons.ts";
import type { Liquidity, Side } from "./units.ts";

/** Place of a line: run epoch, number of the event in that run, position among the lines of that event. */
export interface Cursor {
  readonly epoch: number;
  readonly seq: number;
  readonly at: number;
}

interface LineBase {
  readonly cursor: Cursor;
  readonly atUs: number;
}

/** Quantities with their exact integers beside the figures people read. */
export interface FillLine extends LineBase {
  readonly type: "fill";
  readonly account: string;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly tradeId: string;
  readonly side: Side;
  readonly liquidity: Liquidity;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly price: number;
  readonly sizeBase: number;
  /** In atoms of the quote asset, exact. */
  readonly notionalAtoms: bigint;
  readonly notionalQuote: number;
  readonly feeAsset: string;
  readonly feeAtoms: bigint;
  readonly fee: number;
  readonly venueAtUs: number;
  /** Against fair value at the fill: gain > 0. Absent without a fair value. */
  readonly edgeBps: number | undefined;
}

/** An order as it stands after an event that changed it. */
export interface OrderLine extends LineBase {
  readonly type: "order";
  readonly account: string;
  readonly symbol: string;
  readonly clientId: string;
  readonly venueOrderId: string | undefined;
  readonly role: "quote" | "reduce" | "hedge";
  readonly side: Side;
  readonly status: string;
  readonly isFinal: boolean;
  readonly price: number;
  readonly sizeBase: number;
  readonly filledBase: number;
  readonly placedAtUs: number;
}

export interface NoticeLine extends LineBase {
  readonly type: "notice";
  readonly code: NoticeCode;
  readonly severity: "info" | "attention" | "danger";
  readonly scope: string;
  readonly text: string;
}

export interface CommandLine extends LineBase {
  readonly type: "command";
  readonly commandId: string;
  readonly actor: string;
  readonly reason: string;
  readonly command: Command;
  readonly accepted: boolean;
  readonly code: string | undefined;
  readonly text: string | undefined;
}

export interface ParameterSetting {
  readonly scope: string;
  readonly level: ParamLevel;
  readonly name: ParamName;
  readonly before: ParamValue | undefined;
  readonly after: ParamValue | undefined;
}

export interface ParametersLine extends LineBase {
  readonly type: "parameters";
  readonly version: number;
  readonly commandId: string | undefined;
  readonly actor: string;
  readonly reason: string;
  readonly settings: readonly ParameterSetting[];
}

export interface TradingStateLine extends LineBase {
  readonly type: "tradingState";
  readonly scope: string;
  readonly before: TradingState;
  readonly after: TradingState;
  readonly actor: string;
  readonly reason: string;
}

/** Balance and baseline of an account's asset after a change. */
export interface BalanceLine extends LineBase {
  readonly type: "balance";
  readonly account: string;
  readonly asset: string;
  readonly decimals: number;
  readonly balanceAtoms: bigint;
  readonly baselineAtoms: bigint;
}

/** A stretch in which an instrument was, or was not, quoted on both sides; written when it ends. */
export interface UptimeLine extends LineBase {
  readonly type: "uptime";
  readonly account: string;
  readonly symbol: string;
  readonly twoSided: boolean;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Every ten seconds of engine time. */
export interface EquityLine extends LineBase {
  readonly type: "equity";
  readonly reportingAsset: string;
  readonly netExposure: number;
  readonly grossExposure: number;
  readonly pnl: PnlView;
  readonly markets: readonly {
    readonly market: string;
    readonly fair: number | undefined;
    readonly inventoryBase: number;
    readonly pnl: PnlView | undefined;
  }[];
}

/** Gains > 0, in reporting currency, since the desk began; the parts sum to the total. */
export interface PnlView {
  readonly spreadCapture: number;
  readonly makerFees: number;
  readonly takerFees: number;
  readonly hedging: number;
  readonly reducing: number;
  readonly inventory: number;
  readonly currency: number;
  readonly total: number;
}

/** Of the engine's day: since midnight UTC, or since its first sample on the first day. */
export interface DayPnl extends PnlView {
  readonly sinceUs: number;
}

export type Line =
  | FillLine
  | OrderLine
  | NoticeLine
  | CommandLine
  | ParametersLine
  | TradingStateLine
  | BalanceLine
  | UptimeLine
  | EquityLine;

/** Lines that a stream carries; the others are read from the store. */
export const LOG_TOPICS = ["fills", "orders", "alerts", "audit"] as const;
export type LogTopic = (typeof LOG_TOPICS)[number];

export interface LogTopicLines {
  readonly fills: FillLine;
  readonly orders: OrderLine;
  readonly alerts: NoticeLine;
  readonly audit: CommandLine | ParametersLine | TradingStateLine;
}

export function topicOf(line: Line): LogTopic | undefined {
  switch (line.type) {
    case "fill":
      return "fills";
    case "order":
      return "orders";
    case "notice":
      return "alerts";
    case "command":
    case "parameters":
    case "tradingState":
      return "audit";
    case "balance":
    case "uptime":
    case "equity":
      return undefined;
  }
}

export function compareCursors(a: Cursor, b: Cursor): number {
  return a.epoch - b.epoch || a.seq - b.seq || a.at - b.at;
}

/** `epoch.seq.at`, as the id of a streamed event. */
export function formatCursor({ epoch, seq, at }: Cursor): string {
  return `${epoch}.${seq}.${at}`;
}

/** Undefined for anything that `formatCursor` did not write. */
export function parseCursor(text: string): Cursor | undefined {
  const match = /^(\d{1,9})\.(\d{1,15})\.(\d{1,9})$/.exec(text);
  if (match === null) return undefined;
  return { epoch: Number(match[1]), seq: Number(match[2]), at: Number(match[3]) };
}
