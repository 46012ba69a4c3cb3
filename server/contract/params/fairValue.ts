/** What each venue is believed, when its book is stale, and how much the price moves. */
import { z } from "zod";
import { EVERYWHERE, MARKET, atLeastZero, param, positive } from "./param.ts";

export const FAIR_VALUE_PARAMS = {
  venueNoiseBps: param(positive(50).default(0.5), {
    label: "Venue noise ω",
    group: "Fair value",
    unit: "bps",
    help: "Standard deviation of the venue's mid around fair value; noisier venues weigh less, and their quiet books are stale later.",
    levels: EVERYWHERE,
  }),
  venueLagMs: param(atLeastZero(10_000).default(100), {
    label: "Venue lag",
    group: "Fair value",
    unit: "ms",
    help: "How far the venue's mid trails fair value; laggards weigh less.",
    levels: EVERYWHERE,
  }),
  venuePrice: param(z.enum(["mid", "micro-price"]).default("mid"), {
    label: "Venue price",
    group: "Fair value",
    unit: "",
    help: "What a venue says: its mid, or its micro-price where that is known.",
    levels: EVERYWHERE,
  }),
  venueWeights: param(z.enum(["estimated", "set"]).default("estimated"), {
    label: "Venue noise and lag from",
    group: "Fair value",
    unit: "",
    help: "estimated: noise and lag of each venue as measured, with venue noise and venue lag as their priors. set: those values as they are.",
    levels: EVERYWHERE,
  }),
  basisHalfLifeMinutes: param(positive(240).default(10), {
    label: "Basis half-life",
    group: "Fair value",
    unit: "min",
    help: "Memory of each venue's lasting difference from fair value.",
    levels: MARKET,
  }),
  channelSilenceMaxMs: param(z.int().min(50).max(120_000).default(3_000), {
    label: "Channel silence maximum",
    group: "Fair value",
    unit: "ms",
    help: "A feed without any message for this long is stale.",
    levels: EVERYWHERE,
  }),
  quietBookZ: param(positive(20).default(4), {
    label: "Quiet book guard",
    group: "Fair value",
    unit: "×",
    help: "A book that does not change is stale once fair value has moved, and stands away from it, by more than this many times (σ√age + venue noise + one tick).",
    levels: EVERYWHERE,
  }),

  volatilityPriorPct: param(positive(1_000).default(50), {
    label: "Volatility prior",
    group: "Volatility",
    unit: "% a year",
    help: "Blended with the estimate until that has seen enough returns.",
    levels: MARKET,
  }),
  jumpSigmas: param(z.number().min(2).max(50).default(5), {
    label: "Jump threshold",
    group: "Volatility",
    unit: "σ",
    help: "A one-second return above this is a jump: quotes are pulled and the return is not learned.",
    levels: MARKET,
  }),
  jumpPauseMs: param(z.int().min(0).max(60_000).default(1_500), {
    label: "Pause after a jump",
    group: "Volatility",
    unit: "ms",
    help: "How long quotes stay out after a jump.",
    levels: MARKET,
  }),
} as const;
