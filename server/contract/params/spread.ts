/** How wide a quote stands, and what it charges for being hit by who knows more. */
import { z } from "zod";
import { EVERYWHERE, MARKET, atLeastZero, param, positive } from "./param.ts";

export const SPREAD_PARAMS = {
  spreadMultiplier: param(positive(20).default(1), {
    label: "Spread multiplier",
    group: "Spread",
    unit: "×",
    help: "Scales the model's half-spread, costs included.",
    levels: EVERYWHERE,
  }),
  spreadAddBps: param(z.number().min(-50).max(500).default(0), {
    label: "Spread add-on",
    group: "Spread",
    unit: "bps",
    help: "Added to the half-spread after the multiplier.",
    levels: EVERYWHERE,
  }),
  halfSpreadMaxBps: param(positive(1_000).default(50), {
    label: "Half-spread maximum",
    group: "Spread",
    unit: "bps",
    help: "A wider wish is not quoted (WIDER_THAN_MAX), unless an obligation holds.",
    levels: EVERYWHERE,
  }),
  obligation: param(z.boolean().default(false), {
    label: "Quoting obligation",
    group: "Spread",
    unit: "",
    help: "Quote at the maximum half-spread and minimum size instead of not at all.",
    levels: EVERYWHERE,
  }),
  quoteLatencyMs: param(z.number().min(0).max(5_000).default(100), {
    label: "Quote latency",
    group: "Spread",
    unit: "ms",
    help: "How long a stale quote of ours can be hit, and how long a hedge takes: sets the floor of the half-spread, and a hedge's slippage and cost.",
    levels: EVERYWHERE,
  }),
  pickOffZ: param(atLeastZero(6).default(1), {
    label: "Pick-off guard",
    group: "Spread",
    unit: "σ",
    help: "The half-spread is at least this many standard deviations of fair value over the quote latency, less the sniper's fee.",
    levels: EVERYWHERE,
  }),
  sniperFeeBps: param(atLeastZero(20).default(1), {
    label: "Sniper's taker fee",
    group: "Spread",
    unit: "bps",
    help: "Taker fee of the fastest trader at the venue.",
    levels: EVERYWHERE,
  }),

  adverseSelectionSource: param(z.enum(["markouts", "set", "strategy-document"]).default("markouts"), {
    label: "Adverse selection from",
    group: "Adverse selection",
    unit: "",
    help: "markouts: the measured loss after our fills, with the adverse selection cost as its prior. set: that cost as it is. strategy-document: that cost, and 10 bps and half size on the side that a trade imbalance beyond 0.6 exposes.",
    levels: EVERYWHERE,
  }),
  adverseSelectionBps: param(atLeastZero(100).default(0.3), {
    label: "Adverse selection cost",
    group: "Adverse selection",
    unit: "bps",
    help: "Expected move against us after a fill; added to the exposed half-spread in full.",
    levels: EVERYWHERE,
  }),
  // Literals keep their order: an enum lists what looks like a whole number first.
  markoutSeconds: param(z.literal(["0.1", "1", "5", "30", "60"]).default("5"), {
    label: "Markout horizon",
    group: "Adverse selection",
    unit: "s",
    help: "How long after a fill its loss is measured: where the mean markout curve flattens.",
    levels: MARKET,
  }),
} as const;
