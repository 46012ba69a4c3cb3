import { z } from "zod";

/** A positive decimal in plain notation, exact as text: ticks, lots and minimums never pass through a float. */
export const PositiveDecimal = z
  .string()
  .regex(/^\d+(\.\d+)?$/, "must be a plain decimal number such as 0.01")
  .refine((text) => /[1-9]/.test(text), "must be greater than zero");

const Asset = z.string().regex(/^[A-Z0-9]{2,12}$/, "must be an asset code such as BTC");

export const ASSET_DECIMALS_MAX = 18;

/** An asset and its atoms: one atom is 10^-decimals, the finest any venue of the desk uses. */
export const AssetSpec = z.strictObject({
  asset: Asset,
  decimals: z.int().min(0).max(ASSET_DECIMALS_MAX),
});
export type AssetSpec = z.infer<typeof AssetSpec>;

/**
 * Venue × symbol × version. A changed tick or lot is a new version: prices and sizes in ticks and
 * lots never cross from one instrument, or one version of it, to another.
 */
export const Instrument = z
  .strictObject({
    account: z.string().min(1).describe("the venue account that trades it"),
    symbol: z.string().min(1).describe("the name on the venue, such as BTC/USDT"),
    version: z.int().min(1).default(1),
    kind: z.enum(["spot", "linear-perpetual"]),
    base: Asset,
    quote: Asset,
    settle: Asset,
    contractSizeBase: PositiveDecimal.default("1").describe("base units in one contract; 1 on spot"),
    tick: PositiveDecimal.describe("smallest price step, quote per base"),
    lot: PositiveDecimal.describe("smallest size step, in contracts (base units on spot)"),
    sizeMinLots: z.int().min(1).default(1),
    notionalMinQuote: PositiveDecimal.optional(),
    /** A limit price must lie within this fraction of the venue's mid, where the venue has such a band. */
    priceBandFrac: z.number().positive().lt(1).optional(),
    status: z.enum(["TRADING", "HALTED", "DELISTED"]).default("TRADING"),
    /** False: its book informs fair value and it is never quoted. */
    quoted: z.boolean().default(true),
  })
  .refine((i) => i.kind === "spot" || i.settle === i.quote, "a linear perpetual settles in its quote asset");
export type Instrument = z.infer<typeof Instrument>;

/** What prices and sizes in ticks and lots are whole numbers of. */
export type Steps = Pick<Instrument, "tick" | "lot">;

/** A base asset, the currency its prices are reported in, and the instruments that trade it. */
export const Market = z.strictObject({
  market: z.string().min(1).describe("the symbol operators see, such as BTC"),
  base: Asset,
  reportingQuote: Asset,
});
export type Market = z.infer<typeof Market>;

/** A fee as a fraction of notional: cost > 0, rebate < 0. */
const FeeFrac = z.number().gt(-0.01).lt(0.02);

/** What trading costs. The rates of the schedule itself are the dearest: volume only ever makes them cheaper. */
export const FeeSchedule = z
  .strictObject({
    name: z.string().min(1).describe("the tier, for print-outs"),
    makerFrac: FeeFrac,
    takerFrac: FeeFrac,
    /** Which asset pays: the quote, or what the fill receives (base on a buy, quote on a sell). */
    paidIn: z.enum(["quote", "received"]).default("quote"),
    /** Cheaper rates from a volume of the last 30 days on, counted in one asset. */
    tiers: z
      .strictObject({
        volumeAsset: Asset,
        steps: z
          .array(z.strictObject({ volumeMin: PositiveDecimal, makerFrac: FeeFrac, takerFrac: FeeFrac }))
          .min(1)
          .max(20),
      })
      .optional(),
    /**
     * Fees and rebates are paid in this asset instead, fees at a discount. Where its free balance is short, or
     * nothing says what it is worth, the fill pays as `paidIn` says, without the discount.
     */
    thirdAsset: z.strictObject({ asset: Asset, discountFrac: z.number().min(0).lt(1) }).optional(),
  })
  .superRefine((fees, context) => {
    let before = { volumeMin: "0", makerFrac: fees.makerFrac, takerFrac: fees.takerFrac };
    for (const [at, step] of (fees.tiers?.steps ?? []).entries()) {
      const path = ["tiers", "steps", at];
      if (Number(step.volumeMin) <= Number(before.volumeMin))
        context.addIssue({ code: "custom", path, message: "steps go up in volume" });
      if (step.makerFrac > before.makerFrac || step.takerFrac > before.takerFrac)
        context.addIssue({ code: "custom", path, message: "no step is dearer than the one before" });
      before = step;
    }
  });
export type FeeSchedule = z.infer<typeof FeeSchedule>;

/** The best that any fill can get, over all tiers: < 0 is a rebate. */
export function lowestFeeFrac({ makerFrac, takerFrac, tiers }: FeeSchedule): number {
  const last = tiers?.steps.at(-1);
  return Math.min(last?.makerFrac ?? makerFrac, last?.takerFrac ?? takerFrac);
}

/** What a request raises the venue's counter by: less, the longer its order has rested since it was placed or changed. */
const AgedCost = z.strictObject({
  cost: z.number().min(0),
  /** Youngest first. */
  younger: z
    .array(z.strictObject({ thanMs: z.int().positive(), cost: z.number().min(0) }))
    .max(10)
    .default([]),
});
export type AgedCost = z.infer<typeof AgedCost>;

const budgetTerms = {
  per: z.enum(["account", "instrument"]),
  /** What is this desk's of it: a tenth of most counters is the guard's. */
  limit: z.number().positive().max(1_000_000),
  // A new order costs 1.
  amendCost: AgedCost.default({ cost: 1, younger: [] }),
  cancelCost: AgedCost.default({ cost: 0, younger: [] }),
};

/** How a venue counts orders: so many within any time of a length, or a counter that time lowers. */
export const OrderBudget = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("window"), windowMs: z.int().positive().max(86_400_000), ...budgetTerms }),
  z.strictObject({ kind: z.literal("decay"), perSecond: z.number().positive().max(100_000), ...budgetTerms }),
]);
export type OrderBudget = z.infer<typeof OrderBudget>;

/**
 * One account at one venue. `amend` says what an amendment is there: one order changed in place, a
 * cancel and a new order in one request (both may fill while it is unconfirmed), or not available
 * (we cancel, wait for the answer, and place again).
 */
export const VenueAccount = z.strictObject({
  account: z.string().min(1),
  venue: z.string().min(1),
  fees: FeeSchedule,
  amend: z.enum(["in-place", "cancel-new", "none"]),
  /** The venue refuses a request older than this; a venue without an expiry is assumed to need 30 s. */
  requestExpiryMs: z.int().min(100).max(60_000).default(1_500),
  /**
   * Pause between two comparisons of open orders and balances in quiet times: so many as a fifth of the venue's budget
   * of reads has room for. While something is open they come up to five times as often.
   */
  reconcileEveryMs: z
    .int()
    .min(500)
    .max(600_000)
    .default(5_000)
    .describe("how often orders and balances are compared with the venue in quiet times"),
  /** The venue's budget of orders; absent where there is none to keep. */
  orderBudget: OrderBudget.optional(),
});
export type VenueAccount = z.infer<typeof VenueAccount>;

/** Where the rate `asset → reportingQuote` comes from: a measured market, or an assumption that is printed. */
export const Conversion = z.strictObject({
  asset: Asset,
  to: Asset,
  /** Meant to trade at par, as USDT and USD are: far from it, quoting stops. */
  pegged: z.boolean().default(true),
  source: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("instrument"), account: z.string(), symbol: z.string() }),
    z.strictObject({ kind: z.literal("assumed"), rate: z.number().positive() }),
  ]),
});
export type Conversion = z.infer<typeof Conversion>;
