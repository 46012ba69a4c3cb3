/** Which model quotes, what it is told about risk and time, and how often its quotes are filled. */
import { z } from "zod";
import { EVERYWHERE, MARKET, atLeastZero, param, positive } from "./param.ts";

export const QUOTING_MODELS = [
  "glft",
  "glft-spectral",
  "avellaneda-stoikov",
  "symmetric",
  "strategy-document",
] as const;
export type QuotingModel = (typeof QUOTING_MODELS)[number];

export const MODEL_PARAMS = {
  model: param(z.enum(QUOTING_MODELS).default("glft"), {
    label: "Quoting model",
    group: "Model",
    unit: "",
    help: "glft: the stationary optimum for markets that never close. glft-spectral: its exact form far from flat. avellaneda-stoikov: sessions with an end. symmetric: no inventory skew. strategy-document: the document's rules, units and signs mended.",
    levels: MARKET,
  }),
  riskAversionSource: param(z.enum(["target-inventory-sd", "direct"]).default("target-inventory-sd"), {
    label: "Risk aversion from",
    group: "Model",
    unit: "",
    help: "Solve γ from a target inventory deviation, or set γ itself.",
    levels: MARKET,
  }),
  targetInventorySdPct: param(positive(100).default(25), {
    label: "Target inventory s.d.",
    group: "Model",
    unit: "% of the asset's limit",
    help: "The standard deviation that inventory settles at; γ follows from it.",
    levels: MARKET,
  }),
  riskAversionPerQuote: param(positive(1e3).default(1e-4), {
    label: "Risk aversion γ",
    group: "Model",
    unit: "1/quote currency",
    help: "CARA risk aversion, when it is set directly.",
    levels: MARKET,
  }),
  sessionSeconds: param(z.int().min(10).max(86_400).default(3_600), {
    label: "Session length",
    group: "Model",
    unit: "s",
    help: "Horizon of avellaneda-stoikov: sessions follow each other, from midnight UTC where they divide a day.",
    levels: MARKET,
  }),
  sessionFlattenPct: param(atLeastZero(50).default(2), {
    label: "Flatten before the end",
    group: "Model",
    unit: "% of the session",
    help: "Of avellaneda-stoikov: in the last part of a session inventory is traded back and quotes stay out until the next. 0: never.",
    levels: MARKET,
  }),
  documentSpreadBps: param(positive(500).default(20), {
    label: "Base spread (strategy document)",
    group: "Model",
    unit: "bps",
    help: "Of strategy-document: full spread before volatility and inventory.",
    levels: EVERYWHERE,
  }),
  documentPenaltyBps: param(atLeastZero(500).default(10), {
    label: "Inventory penalty (strategy document)",
    group: "Model",
    unit: "bps at the limit",
    help: "Of strategy-document: how far both quotes move at full inventory.",
    levels: EVERYWHERE,
  }),

  intensitySource: param(z.enum(["estimated", "set"]).default("estimated"), {
    label: "Fill intensity from",
    group: "Fill intensity",
    unit: "",
    help: "estimated: A and k from trades and own fills, with fill rate and fill decay as their priors. set: those values as they are.",
    levels: EVERYWHERE,
  }),
  fillDecayBps: param(positive(100).default(2), {
    label: "Fill decay 1/k",
    group: "Fill intensity",
    unit: "bps",
    help: "Distance from fair value over which the fill rate falls by a factor e.",
    levels: EVERYWHERE,
  }),
  fillRatePerMinute: param(positive(6_000).default(30), {
    label: "Fill rate A",
    group: "Fill intensity",
    unit: "1/min",
    help: "Fills per minute of an order at fair value, per side.",
    levels: EVERYWHERE,
  }),
} as const;
