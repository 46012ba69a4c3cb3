import { z } from "zod";
import { ParameterChange } from "./params.ts";
import { TRADING_STATES } from "./tradingStates.ts";

/** Where a trading state is set. */
export const StateScope = z.discriminatedUnion("level", [
  z.strictObject({ level: z.literal("desk") }),
  z.strictObject({ level: z.literal("account"), account: z.string() }),
  z.strictObject({ level: z.literal("market"), market: z.string() }),
  z.strictObject({
    level: z.literal("side"),
    account: z.string(),
    symbol: z.string(),
    side: z.enum(["buy", "sell"]),
  }),
]);
export type StateScope = z.infer<typeof StateScope>;

export const Command = z.discriminatedUnion("type", [
  /** Tightens a state, or loosens one that is neither DISARMED nor KILLED. */
  z.strictObject({ type: z.literal("setTradingState"), scope: StateScope, state: z.enum(TRADING_STATES) }),
  /** The only way out of DISARMED and KILLED; needs every venue account sealed. */
  z.strictObject({ type: z.literal("arm"), scope: StateScope }),
  z.strictObject({
    type: z.literal("setParameters"),
    expectedVersion: z.int().min(0),
    changes: z.array(ParameterChange).min(1),
  }),
  /** Trades each venue's inventory of a market back to its baseline with reducing IOC orders. */
  z.strictObject({
    type: z.literal("flatten"),
    market: z.string(),
    slippageMaxBps: z.number().positive().max(500),
  }),
  /** Moves the working stock itself: an audited act, never trading P&L. */
  z.strictObject({
    type: z.literal("setBaseline"),
    account: z.string(),
    asset: z.string(),
    baselineAtoms: z.bigint(),
  }),
]);
export type Command = z.infer<typeof Command>;
