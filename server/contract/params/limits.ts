/** How many orders of which size, and what bounds them. */
import { z } from "zod";
import { DESK, EVERYWHERE, MARKET, param, positive } from "./param.ts";

/** Levels of quotes per side, at most: each is an order that spends the venue's budget. */
const QUOTE_LEVELS_MAX = 5;

export const LIMIT_PARAMS = {
  quoteLevels: param(z.int().min(1).max(QUOTE_LEVELS_MAX).default(1), {
    label: "Levels per side",
    group: "Levels",
    unit: "",
    help: "Orders per side and symbol; the first stands where the model wants it.",
    levels: EVERYWHERE,
  }),
  levelStepOfDecay: param(positive(10).default(0.5), {
    label: "Level distance",
    group: "Levels",
    unit: "of 1/k",
    help: "Distance between one level and the next, at least one tick.",
    levels: EVERYWHERE,
  }),
  levelSizeRatio: param(positive(5).default(1), {
    label: "Level size ratio",
    group: "Levels",
    unit: "×",
    help: "Size of each level relative to the one before it.",
    levels: EVERYWHERE,
  }),

  capital: param(positive(1e12), {
    label: "Capital",
    group: "Limits",
    unit: "reporting currency",
    help: "What sizes and limits are percentages of. Required.",
    levels: DESK,
  }),
  orderNotionalPct: param(positive(25).default(2), {
    label: "Order notional",
    group: "Limits",
    unit: "% of capital",
    help: "Notional of one quote.",
    levels: EVERYWHERE,
  }),
  assetMaxPct: param(positive(100).default(10), {
    label: "Inventory limit per asset",
    group: "Limits",
    unit: "% of capital",
    help: "Qmax: worst case of one asset over all venues.",
    levels: MARKET,
  }),
  venueMaxPct: param(positive(100).default(10), {
    label: "Inventory limit per venue",
    group: "Limits",
    unit: "% of capital",
    help: "Worst case of one asset at one venue account.",
    levels: EVERYWHERE,
  }),
  netMaxPct: param(positive(100).default(15), {
    label: "Net limit",
    group: "Limits",
    unit: "% of capital",
    help: "Worst case of the sum of q·F over assets.",
    levels: DESK,
  }),
  grossMaxPct: param(positive(400).default(30), {
    label: "Gross limit",
    group: "Limits",
    unit: "% of capital",
    help: "Worst case of the sum of |q·F| over assets.",
    levels: DESK,
  }),
  collarBps: param(positive(2_000).default(100), {
    label: "Price collar",
    group: "Limits",
    unit: "bps",
    help: "No order is priced further from fair value than this.",
    levels: EVERYWHERE,
  }),
} as const;
