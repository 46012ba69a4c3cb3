/**
 * Every knob of the engine, in one place: type, bounds, default, unit, label, group, help, and where
 * it may be set. Form, tRPC input, stored row, command-line flag and the table in the docs derive from here.
 */
import { z } from "zod";

/** From widest to most specific; the most specific value that is set wins. */
export const PARAM_LEVELS = ["desk", "account", "market", "instrument"] as const;
export type ParamLevel = (typeof PARAM_LEVELS)[number];

export const QUOTING_MODELS = [
  "glft",
  "glft-spectral",
  "avellaneda-stoikov",
  "symmetric",
  "strategy-document",
] as const;
export type QuotingModel = (typeof QUOTING_MODELS)[number];

/** Levels of quotes per side, at most: each is an order that spends the venue's budget. */
export const QUOTE_LEVELS_MAX = 5;

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

const DESK = ["desk"] as const;
const MARKET = ["desk", "market"] as const;
const ACCOUNT = ["desk", "account"] as const;
const EVERYWHERE = PARAM_LEVELS;

function param<T extends z.ZodType>(
  schema: T,
  meta: ParamMeta,
): { readonly schema: T; readonly meta: ParamMeta } {
  return { schema, meta };
}

const positive = (max: number) => z.number().positive().max(max);
const atLeastZero = (max: number) => z.number().min(0).max(max);

export const PARAMS = {
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

  requoteToleranceK: param(atLeastZero(2).default(0.2), {
    label: "Requote tolerance",
    group: "Orders",
    unit: "of 1/k",
    help: "A quote is moved once it is this far from where it should be (at least one tick).",
    levels: EVERYWHERE,
  }),
  quoteLifeMinMs: param(z.int().min(0).max(60_000).default(250), {
    label: "Minimum quote life",
    group: "Orders",
    unit: "ms",
    help: "A quote is not moved sooner, unless the move reduces risk. Under strategy-document also the horizon of the volatility in its half-spread.",
    levels: EVERYWHERE,
  }),
  unknownAfterMs: param(z.int().min(50).max(60_000).default(1_000), {
    label: "Answer time-out",
    group: "Orders",
    unit: "ms",
    help: "A request without an answer for this long is UNKNOWN and the venue is asked.",
    levels: ACCOUNT,
  }),
} as const;

export type ParamName = keyof typeof PARAMS;
export const PARAM_NAMES = Object.keys(PARAMS) as readonly ParamName[];

type Shape = { [K in ParamName]: (typeof PARAMS)[K]["schema"] };
const shape = Object.fromEntries(PARAM_NAMES.map((name) => [name, PARAMS[name].schema])) as Shape;

/** A complete set of values, as resolved for one instrument. */
export const ParamValues = z.strictObject(shape);
export type ParamValues = z.infer<typeof ParamValues>;
export type ParamValue = ParamValues[ParamName];

/** Where a value is set: the desk, one account, one market, or one symbol at one account. */
export const ParamScope = z.discriminatedUnion("level", [
  z.strictObject({ level: z.literal("desk") }),
  z.strictObject({ level: z.literal("account"), account: z.string() }),
  z.strictObject({ level: z.literal("market"), market: z.string() }),
  z.strictObject({ level: z.literal("instrument"), account: z.string(), symbol: z.string() }),
]);
export type ParamScope = z.infer<typeof ParamScope>;

const ParamNameSchema = z.enum(PARAM_NAMES as [ParamName, ...ParamName[]]);

/** One value set at one scope. `value` absent takes the setting back, so that the wider scope shows through. */
export const ParameterChange = z
  .strictObject({
    scope: ParamScope,
    name: ParamNameSchema,
    value: z.union([z.number(), z.string(), z.boolean()]).optional(),
  })
  .superRefine((change, context) => {
    const { schema, meta } = PARAMS[change.name];
    if (!(meta.levels as readonly ParamLevel[]).includes(change.scope.level))
      context.addIssue({
        code: "custom",
        path: ["scope"],
        message: `${change.name} can be set at: ${meta.levels.join(", ")}`,
      });
    if (change.value === undefined) return;
    const parsed = schema.safeParse(change.value);
    if (parsed.success) return;
    for (const issue of parsed.error.issues)
      context.addIssue({ code: "custom", path: ["value"], message: `${change.name}: ${issue.message}` });
  });
export type ParameterChange = z.infer<typeof ParameterChange>;
