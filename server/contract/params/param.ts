/** What is known of one parameter beside its values: words, unit, group, and where it may be set. */
import { z } from "zod";

/** From widest to most specific; the most specific value that is set wins. */
export const PARAM_LEVELS = ["desk", "account", "market", "instrument"] as const;
export type ParamLevel = (typeof PARAM_LEVELS)[number];

export const PARAM_GROUPS = [
  "Model",
  "Fill intensity",
  "Spread",
  "Adverse selection",
  "Inventory",
  "Levels",
  "Hedging",
  "Limits",
  "Fair value",
  "Volatility",
  "Orders",
] as const;

interface ParamMeta {
  readonly label: string;
  readonly group: (typeof PARAM_GROUPS)[number];
  readonly unit: string;
  readonly help: string;
  readonly levels: readonly ParamLevel[];
}

export const DESK = ["desk"] as const;
export const MARKET = ["desk", "market"] as const;
export const ACCOUNT = ["desk", "account"] as const;
export const EVERYWHERE = [...PARAM_LEVELS] as const;

export function param<T extends z.ZodType>(
  schema: T,
  meta: ParamMeta,
): { readonly schema: T; readonly meta: ParamMeta } {
  return { schema, meta };
}

export const positive = (max: number) => z.number().positive().max(max);
export const atLeastZero = (max: number) => z.number().min(0).max(max);
