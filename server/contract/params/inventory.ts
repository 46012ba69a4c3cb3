/** What inventory does to quotes, and how it is taken off. */
import { z } from "zod";
import { EVERYWHERE, MARKET, atLeastZero, param, positive } from "./param.ts";

export const INVENTORY_PARAMS = {
  skewMaxBps: param(positive(500).default(20), {
    label: "Skew maximum",
    group: "Inventory",
    unit: "bps",
    help: "Cap on how far inventory, the venue's balance included, moves the centre of our quotes.",
    levels: EVERYWHERE,
  }),
  venueSkewBps: param(atLeastZero(50).default(3), {
    label: "Venue balance skew",
    group: "Inventory",
    unit: "bps at the venue's limit",
    help: "Moves quotes so that one venue's inventory drifts back without a transfer.",
    levels: EVERYWHERE,
  }),
  sizeSkewExponent: param(atLeastZero(8).default(1), {
    label: "Size skew exponent β",
    group: "Inventory",
    unit: "",
    help: "The side that leads away from the inventory target q* shrinks by (1 − |q − q*|/limit)^β.",
    levels: MARKET,
  }),
  inventoryTarget: param(z.enum(["zero", "drift", "mean-reversion"]).default("zero"), {
    label: "Inventory target",
    group: "Inventory",
    unit: "",
    help: "zero: flat. drift: lean with the expected drift. mean-reversion: lean towards the mean of fair value, only while its reversion is significant.",
    levels: MARKET,
  }),
  driftBpsPerHour: param(z.number().min(-1_000).max(1_000).default(0), {
    label: "Expected drift",
    group: "Inventory",
    unit: "bps/h",
    help: "Expected drift of fair value now; a positive one leans long.",
    levels: MARKET,
  }),
  driftDecaySeconds: param(positive(86_400).default(600), {
    label: "Drift decay",
    group: "Inventory",
    unit: "s",
    help: "Time constant 1/θ with which the expected drift fades.",
    levels: MARKET,
  }),

  hedgedQuoting: param(z.boolean().default(false), {
    label: "Hedged quoting",
    group: "Hedging",
    unit: "",
    help: "Bound every quote by what hedging its fill at another venue would cost now. Only where hedging is possible: in backtests.",
    levels: EVERYWHERE,
  }),
  hedgeProfitBps: param(atLeastZero(100).default(0.5), {
    label: "Hedge profit",
    group: "Hedging",
    unit: "bps",
    help: "What must be left of a hedged fill after both fees and slippage.",
    levels: EVERYWHERE,
  }),
  hedgeSlippageBps: param(atLeastZero(100).default(1), {
    label: "Hedge slippage",
    group: "Hedging",
    unit: "bps",
    help: "How much worse than the depth-walked price a hedge may be.",
    levels: EVERYWHERE,
  }),
  hedging: param(z.enum(["none", "band", "every-fill"]).default("none"), {
    label: "Hedging",
    group: "Hedging",
    unit: "",
    help: "none: inventory is only skewed away. band: what exceeds the band is taken off at the cheapest venue. every-fill: everything is. In backtests only.",
    levels: MARKET,
  }),
  hedgeBandOrders: param(atLeastZero(1_000).default(0), {
    label: "Hedge band",
    group: "Hedging",
    unit: "orders",
    help: "Inventory that is never hedged, in orders; 0: the model's own band.",
    levels: MARKET,
  }),
} as const;
