/** What a person may set for a backtest, from a file or from flags; everything else is derived or assumed and printed. */
import { z } from "zod";
import { UserError } from "../contract/errors.ts";
import { FeeSchedule } from "../contract/instrument.ts";
import { PARAM_NAMES, ParameterChange, type ParamName } from "../contract/params.ts";
import { deskChanges } from "../core/params/resolve.ts";
import { FEE_TIERS } from "../lab/fees.ts";
import { LATENCY_PRESETS, LatencyProfile, type LatencyPreset } from "../lab/world/latency.ts";

const PRESETS = Object.keys(LATENCY_PRESETS) as [LatencyPreset, ...LatencyPreset[]];

const Amount = z.string().regex(/^\d+(\.\d+)?$/, "must be a plain amount such as 2.5");

const ParamNameEnum = z.enum(PARAM_NAMES as [ParamName, ...ParamName[]]);
const ParamInput = z.union([z.number(), z.string(), z.boolean()]);

function checkDeskParameters(
  values: Partial<Record<ParamName, string | number | boolean>>,
  context: z.RefinementCtx,
): void {
  for (const change of deskChanges(values))
    for (const issue of ParameterChange.safeParse(change).error?.issues ?? [])
      context.addIssue({ code: "custom", path: [change.name], message: issue.message });
}

export const BacktestSettings = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1),
  /** Parameters at desk scope, by name. */
  parameters: z.partialRecord(ParamNameEnum, ParamInput).superRefine(checkDeskParameters).default({}),
  /** Parameters at narrower scopes. */
  scoped: z.array(ParameterChange).default([]),
  feeTier: z.enum(FEE_TIERS).default("maker"),
  /** Fee schedules by account, where neither tier fits. */
  fees: z.record(z.string(), FeeSchedule).default({}),
  latency: z.union([z.enum(PRESETS), LatencyProfile]).optional(),
  /** How long a recorded feed had travelled when the recorder saw it. */
  feedLatencyMs: z.number().min(0).max(10_000).default(20),
  /** Displayed at the top where a recording has no sizes, in reporting currency. */
  topSizeNotional: z.number().positive().default(50_000),
  /** Traded where a recording has prints without sizes, in reporting currency. */
  printSizeNotional: z.number().positive().default(1_000),
  /** Working stock by account and asset; by default capital in quote, and its worth in every base asset. */
  stock: z.record(z.string(), z.record(z.string(), Amount)).default({}),
  amend: z.enum(["in-place", "cancel-new", "none"]).default("in-place"),
});
export type BacktestSettings = z.infer<typeof BacktestSettings>;

/** Throws a UserError that names the first thing that is wrong. */
export function parseSettings(raw: unknown, source: string): BacktestSettings {
  const parsed = BacktestSettings.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : ` ${issue.path.join(".")}:`;
  throw new UserError(`${source}:${where} ${issue?.message ?? "is not valid"}`);
}

export function latencyOf(settings: BacktestSettings, fallback: LatencyProfile): LatencyProfile {
  const { latency } = settings;
  if (latency === undefined) return fallback;
  return typeof latency === "string" ? LATENCY_PRESETS[latency] : latency;
}
