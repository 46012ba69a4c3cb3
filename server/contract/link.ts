/**
 * EngineLink: the one way to the engine for web, command line, recorder and tests. Commands and questions
 * are answered; topics are pushed. State topics carry the latest value and are conflated; log topics carry
 * every line, resumed from a cursor or, where that is too old, resynchronised explicitly from the store.
 */
import { z } from "zod";
import { Command } from "./commands.ts";
import type { EngineConfig } from "./config.ts";
import type { TradingState } from "./tradingStates.ts";
import type { EstimatesView } from "./estimates.ts";
import type { Cursor, Line, LogTopic } from "./lines.ts";
import { LOG_TOPICS } from "./lines.ts";
import type { ParamName, ParamValue } from "./params.ts";
import type { ParamLevel } from "./params/param.ts";
import type { Side } from "./units.ts";
import type { DeskView, QuoteExplanation } from "./views.ts";

export const LINK_PROTOCOL = 1;

/** Lines of each log topic that are kept for a client that comes back. */
export const LOG_RING_MAX = 10_000;

/** A state topic is pushed at most this often. */
export const STATE_PERIOD_MS = 100;

/** How the engine itself is doing; pushed once a second. */
export interface SystemView {
  readonly atUs: number;
  readonly profile: string;
  readonly epoch: number;
  readonly seq: number;
  readonly pid: number;
  readonly startedAtUs: number;
  /** Engine seconds per second of the wall clock; 1 unless a recording plays faster. */
  readonly clockSpeed: number;
  readonly phase: "recovering" | "running" | "stopping" | "failed";
  readonly failure: string | undefined;
  /** What of the earlier run could not be taken up: shown for as long as this run goes on. */
  readonly leftOut?: string | undefined;
  readonly eventsPerSecond: number;
  /** Age of the oldest event that waits, and how many do. */
  readonly mailboxLagMs: number;
  readonly mailboxWaiting: number;
  readonly stepP99Us: number | undefined;
  /** The longest that the engine's thread stood still within the last second. */
  readonly loopStallMs: number;
  /** Number of the last event that is durable. */
  readonly journalSeq: number;
  readonly heapMb: number;
  /** A recording that plays has come to its end. */
  readonly marketEnded: boolean;
  readonly venues: readonly {
    readonly account: string;
    readonly connected: boolean;
    readonly sinceUs: number;
  }[];
}

/** A price level of the venue's book without our own orders, and our orders at the venue. */
export interface LadderView {
  readonly account: string;
  readonly symbol: string;
  readonly quote: string;
  readonly tick: string;
  readonly lot: string;
  /** Reporting currency per unit of its quote currency, to draw all ladders on one axis. */
  readonly rate: number | undefined;
  /** Flat `[price, sizeBase, …]`, best first, at most 15 levels a side. */
  readonly bids: readonly number[];
  readonly asks: readonly number[];
  readonly own: readonly {
    readonly clientId: string;
    readonly side: Side;
    readonly status: string;
    readonly price: number;
    readonly remainingBase: number;
  }[];
}

/** One market in depth: pushed like the desk, to whoever looks at it. */
export interface MarketDetail {
  readonly atUs: number;
  readonly market: string;
  readonly ladders: readonly LadderView[];
  readonly quotes: readonly {
    readonly account: string;
    readonly symbol: string;
    readonly explanation: QuoteExplanation | undefined;
  }[];
}

export interface StateTopics {
  readonly desk: DeskView;
  readonly system: SystemView;
  readonly [market: `market ${string}`]: MarketDetail;
}
export type StateTopic = keyof StateTopics;
export type Topic = StateTopic | LogTopic;

export function isLogTopic(topic: string): topic is LogTopic {
  return (LOG_TOPICS as readonly string[]).includes(topic);
}

/** One second of a market, in reporting currency; columns of `HistoryAnswer`. */
export interface HistoryAnswer {
  readonly market: string;
  /** Instruments in the order of the columns below. */
  readonly instruments: readonly { readonly account: string; readonly symbol: string }[];
  readonly atS: readonly number[];
  readonly fair: readonly (number | null)[];
  readonly inventoryBase: readonly number[];
  readonly pnl: readonly (number | null)[];
  /** [instrument][second]; null where nothing was there. */
  readonly mid: readonly (readonly (number | null)[])[];
  readonly bid: readonly (readonly (number | null)[])[];
  readonly ask: readonly (readonly (number | null)[])[];
}

export interface ParametersAnswer {
  readonly version: number;
  /** What has been set explicitly, scope by scope. */
  readonly settings: readonly {
    readonly level: ParamLevel;
    readonly scope: string;
    readonly name: ParamName;
    readonly value: ParamValue;
  }[];
}

/** Scopes a desk has: what may be addressed by parameters and states. */
export interface DeskShape {
  readonly profile: string;
  readonly deskCode: string;
  readonly epoch: number;
  readonly reportingAsset: string;
  readonly hedging: EngineConfig["hedging"];
  readonly accounts: readonly { readonly account: string; readonly venue: string }[];
  readonly markets: readonly { readonly market: string; readonly base: string }[];
  readonly instruments: readonly {
    readonly account: string;
    readonly symbol: string;
    readonly market: string | undefined;
    readonly base: string;
    readonly quote: string;
    readonly tick: string;
    readonly lot: string;
    readonly quoted: boolean;
  }[];
}

export interface OpenOrderLine {
  readonly account: string;
  readonly symbol: string;
  readonly clientId: string;
  readonly side: Side;
  readonly status: string;
  readonly price: number;
  readonly sizeBase: number;
  readonly filledBase: number;
  readonly placedAtUs: number;
}

export const Question = z.discriminatedUnion("ask", [
  z.strictObject({ ask: z.literal("shape") }),
  z.strictObject({ ask: z.literal("parameters") }),
  z.strictObject({ ask: z.literal("history"), market: z.string(), fromS: z.number(), stepS: z.int().min(1) }),
  z.strictObject({ ask: z.literal("estimates"), market: z.string() }),
  z.strictObject({ ask: z.literal("openOrders") }),
  z.strictObject({ ask: z.literal("desk") }),
  z.strictObject({ ask: z.literal("system") }),
]);
export type Question = z.infer<typeof Question>;

export interface Answers {
  readonly shape: DeskShape;
  readonly parameters: ParametersAnswer;
  readonly history: HistoryAnswer;
  readonly estimates: EstimatesView;
  readonly openOrders: readonly OpenOrderLine[];
  readonly desk: DeskView;
  readonly system: SystemView;
}

export type CommandOutcome =
  | { readonly accepted: true; readonly paramVersion: number }
  | { readonly accepted: false; readonly code: string; readonly text: string };

const CursorSchema = z.strictObject({
  epoch: z.int().min(0),
  seq: z.int().min(0),
  at: z.int().min(0),
});

/** What a client may send; anything else ends the connection. */
export const ClientFrame = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("hello"), protocol: z.int(), token: z.string(), client: z.string() }),
  z.strictObject({
    type: z.literal("command"),
    commandId: z.string().min(8).max(64),
    actor: z.string().min(1).max(64),
    reason: z.string().min(1).max(500),
    command: Command,
  }),
  z.strictObject({ type: z.literal("question"), id: z.int(), question: Question }),
  z.strictObject({ type: z.literal("subscribe"), topic: z.string(), after: CursorSchema.optional() }),
  z.strictObject({ type: z.literal("unsubscribe"), topic: z.string() }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export type ServerFrame =
  | { readonly type: "welcome"; readonly epoch: number; readonly profile: string }
  | { readonly type: "refused"; readonly code: "TOKEN" | "PROTOCOL" | "FRAME"; readonly text: string }
  | { readonly type: "acknowledge"; readonly commandId: string; readonly outcome: CommandOutcome }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "noAnswer"; readonly id: number; readonly code: string; readonly text: string }
  | { readonly type: "state"; readonly topic: string; readonly value: unknown }
  | { readonly type: "lines"; readonly topic: LogTopic; readonly lines: readonly Line[] }
  /** The cursor is older than what is kept: read the store up to `oldest`, then go on. */
  | { readonly type: "resync"; readonly topic: LogTopic; readonly oldest: Cursor | undefined };

export type LinkErrorCode = "NOT_CONNECTED" | "TIMED_OUT" | "REFUSED" | "CLOSED" | "OVERLOADED";

/** The other end of the link, as web, command line and tests see it. */
export interface EngineLink {
  readonly connected: boolean;
  /** Resolves with the engine's outcome; rejects with a LinkError when there is no answer. A command without one may have happened. */
  command(input: {
    readonly commandId: string;
    readonly actor: string;
    readonly reason: string;
    readonly command: Command;
  }): Promise<CommandOutcome>;
  ask<Q extends Question>(question: Q): Promise<Answers[Q["ask"]]>;
  /** Latest value now, if there is one, and every conflated one from here. Returns the end of it. */
  watch<T extends StateTopic>(topic: T, listener: (value: StateTopics[T]) => void): () => void;
  /** Lines after the cursor, in order, without gap or repetition; `resync` when the cursor is too old. */
  follow(
    topic: LogTopic,
    after: Cursor | undefined,
    listener: {
      readonly lines: (lines: readonly Line[]) => void;
      readonly resync: (oldest: Cursor | undefined) => void;
    },
  ): () => void;
  /** Told at once and after every change. */
  onConnection(listener: (connected: boolean) => void): () => void;
  close(): void;
}

/** What a stop did, venue by venue; the same for button and command line. */
export interface StopReceipt {
  readonly receiptId: string;
  readonly scope: string;
  readonly state: TradingState;
  readonly actor: string;
  readonly reason: string;
  readonly requestedAtMs: number;
  /** When the latch was on disk, and when the engine confirmed; absent while it has not. */
  readonly latchedAtMs: number | undefined;
  readonly acknowledgedAtMs: number | undefined;
  readonly failure: string | undefined;
  readonly accounts: readonly {
    readonly account: string;
    readonly status: string;
    readonly clearedAtUs: number | undefined;
    readonly sealedAtUs: number | undefined;
  }[];
}
