/**
 * Parameters of the agent market: a price per asset that nobody sees exactly, and per venue and symbol a book
 * that follows it late and noisily, with the takers that trade there.
 */
import { z } from "zod";

/** How far back and ahead of now the efficient price is known: lags and foresight must fit in. */
export const PRICE_MEMORY_S = 1;

const bps = (max: number) => z.number().min(0).max(max);
const meanSeconds = z.number().min(0.1).max(1e9);
const rate = z.number().min(0).max(1_000);

/** The efficient price of an asset in the reporting currency. */
export const AgentAsset = z.strictObject({
  asset: z.string(),
  startPrice: z.number().positive(),
  calmVolBps: bps(100).default(1).describe("standard deviation over one second"),
  stressVolBps: bps(100).default(3),
  calmMeanS: meanSeconds.default(900),
  stressMeanS: meanSeconds.default(120),
  jumpMeanS: meanSeconds.default(300).describe("mean time between jumps"),
  jumpSdBps: bps(1_000).default(8),
  /** Pulls the price back to its start with this time constant; absent: a random walk. */
  reversionS: meanSeconds.optional(),
  /** Noise takers lean one way, neither or the other, for this long on average, by this share of their rate. */
  imbalanceMeanS: meanSeconds.default(120),
  imbalanceFrac: z.number().min(0).max(1).default(0.3),
});
export type AgentAsset = z.infer<typeof AgentAsset>;

/** Uninformed takers: buys and sells excite each other (bivariate Hawkes process, exponential kernel). */
export const NoiseTakers = z
  .strictObject({
    baseRatePerS: rate.default(0.15).describe("per side"),
    selfExcitation: z
      .number()
      .min(0)
      .max(1)
      .default(0.6)
      .describe("further takers of its side that one causes"),
    crossExcitation: z.number().min(0).max(1).default(0.1).describe("further takers of the other side"),
    decayPerS: z.number().positive().max(1_000).default(2),
    reachDecayPerBp: z.number().positive().max(100).default(0.5).describe("k of λ(δ) = A·exp(−k·δ)"),
  })
  .refine((t) => t.selfExcitation + t.crossExcitation < 1, "each taker must cause less than one other");
export type NoiseTakers = z.infer<typeof NoiseTakers>;

/** One venue's book of one symbol. Distances and sizes are of the venue's own price and base units. */
export const AgentBook = z.strictObject({
  account: z.string(),
  symbol: z.string(),
  lagS: z.number().min(0).max(PRICE_MEMORY_S).default(0),
  noiseSdBps: bps(100).default(0.3),
  noiseTauS: meanSeconds.default(2),
  basisSdBps: bps(100).default(2),
  basisTauS: meanSeconds.default(3_600),
  halfSpreadBps: bps(100).default(0.5).describe("the book never shows less than one level spacing"),
  levels: z.int().min(1).max(50).default(20).describe("per side"),
  levelSpacingBps: z.number().positive().max(10).default(0.5),
  levelSizeBase: z.number().positive().describe("mean size of one level"),
  levelSizeShape: z.number().min(0.2).max(100).default(2).describe("shape of its gamma distribution"),
  /** Each renews one level of the book, so that every level comes back at an exponential rate. */
  updatesPerS: z.number().positive().max(10_000).default(40),
  noise: NoiseTakers.prefault({}),
  informedRatePerS: rate
    .default(0.05)
    .describe("takers that know the price one second ahead look this often"),
  sniperProbability: z.number().min(0).max(1).default(0.5).describe("that a sniper looks, each 100 ms"),
  takerFeeBps: z.number().min(-10).max(100).default(2.5).describe("what informed takers and snipers pay"),
  sharpSizeLevels: z.number().positive().max(100).default(3).describe("their mean size, in mean levels"),
});
export type AgentBook = z.infer<typeof AgentBook>;

export const AgentMarket = z.strictObject({
  seed: z.int().min(0),
  startAtUs: z.int().min(0),
  /** Absent: it never ends. */
  durationS: z.number().positive().max(1e9).optional(),
  assets: z.array(AgentAsset).min(1),
  books: z.array(AgentBook).min(1),
});
export type AgentMarket = z.infer<typeof AgentMarket>;
