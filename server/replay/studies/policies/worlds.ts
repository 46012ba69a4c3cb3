/**
 * The worlds of the study (docs/models.md §2.1): one asset at three venues that differ in lag, noise and spread, in one currency.
 * Takers without information arrive as Poisson processes and lean by ±30 % where nothing else is said: the
 * published table was made with both (clustered takers would double the inventory that quotes settle at).
 */
import { EngineConfig } from "../../../contract/config.ts";
import { VenueAccount } from "../../../contract/instrument.ts";
import type { ParameterChange } from "../../../contract/params.ts";
import { deskChanges } from "../../../core/params/resolve.ts";
import { AgentMarket } from "../../../lab/drivers/agentsParams.ts";
import { LatencyProfile } from "../../../lab/world/latency.ts";
import { btcUsdVenues, SYMBOL } from "../btcUsdVenues.ts";

export const MAIN_WORLDS = ["no-informed", "moderate", "toxic"] as const;
export type MainWorld = (typeof MAIN_WORLDS)[number];

/** Those of the table, and those of single checks. */
export type WorldName = MainWorld | "untilted" | "ideal" | "fee" | "rebate" | "slow";

interface WorldSpec {
  /** Takers that know the price one second ahead, per venue. */
  readonly informedRatePerS: number;
  readonly sniperProbability: number;
  /** What the two above pay: they take only what pays for it. */
  readonly sharpFeeBps: number;
  readonly imbalanceFrac: number;
  /** In quiet times and under stress, bps/√s. */
  readonly calmVolBps: number;
  readonly stressVolBps: number;
  readonly jumpSdBps: number;
  readonly makerFeeBps: number;
  /** Of the routes to and from the venues, which have a median of 20 ms and a p99 of 150 ms. */
  readonly latencyFactor: number;
  /** Of the venues' lags and noises. */
  readonly noiseFactor: number;
}

const CLEAN: WorldSpec = {
  informedRatePerS: 0,
  sniperProbability: 0,
  sharpFeeBps: 2.5,
  imbalanceFrac: 0.3,
  calmVolBps: 1,
  stressVolBps: 3,
  jumpSdBps: 8,
  makerFeeBps: 0,
  latencyFactor: 1,
  noiseFactor: 1,
};

/**
 * Who knows how much, and volatility, are set so that the mean 5-s markouts of the published table come out, −0.4 bps
 * in the moderate world and about −2 in the toxic one: the table does not print its rates. Takers that know a
 * second ahead cannot be toxic in a calm market: our quotes stand further away than it moves in that time.
 */
const MODERATE: WorldSpec = {
  ...CLEAN,
  informedRatePerS: 1,
  sniperProbability: 0.5,
  sharpFeeBps: 0.5,
  calmVolBps: 1.5,
};

export const WORLDS: Readonly<Record<WorldName, WorldSpec>> = {
  "no-informed": CLEAN,
  moderate: MODERATE,
  toxic: { ...CLEAN, informedRatePerS: 3, sniperProbability: 0.9, sharpFeeBps: 0.5, calmVolBps: 3 },
  untilted: { ...CLEAN, imbalanceFrac: 0 },
  // Without jumps and stress too: a book that jumps through a quote hits it as an informed taker would.
  ideal: { ...CLEAN, imbalanceFrac: 0, latencyFactor: 0, noiseFactor: 0, stressVolBps: 1, jumpSdBps: 0 },
  fee: { ...CLEAN, makerFeeBps: 1 },
  rebate: { ...CLEAN, makerFeeBps: -0.5 },
  slow: { ...MODERATE, latencyFactor: 5 },
};

/** 2024-01-01T00:00:00Z, as the demo. */
export const START_AT_US = 1_704_067_200_000_000;
export const START_PRICE = 60_000;

/** One lot of the table: small against a level, so that takers who reach an order take all of it. */
export const ORDER_USD = 1_000;
const CAPITAL_USD = 1_000_000;

/** Models §8.2: k per bp, fills per second of an order at fair value, price of inventory in bps per lot, limit in lots. */
export const TABLE = {
  kPerBp: 0.5,
  ratePerS: 0.5,
  slopeBps: 0.125,
  limitLots: 20,
  takerFeeBps: 2.5,
} as const;

/** Models §8.1. */
const VENUES = [
  { account: "leader", lagS: 0, noiseSdBps: 0.3, halfSpreadBps: 0.5, depthUsd: 6_000 },
  { account: "follower", lagS: 0.2, noiseSdBps: 0.5, halfSpreadBps: 0.7, depthUsd: 4_000 },
  { account: "laggard", lagS: 0.5, noiseSdBps: 0.8, halfSpreadBps: 1, depthUsd: 2_500 },
] as const;

/**
 * Each update renews one level, and books are what a path costs. Slower than this, depth that takers used up leaves
 * the mid off for seconds: a fill then moves our quotes as inventory should, and inventory settles too low.
 */
const UPDATES_PER_S = 25;
const LEVELS = 5;

export const DEPOSITS = VENUES.flatMap(({ account }) => [
  { account, asset: "USD", amount: "1000000" },
  { account, asset: "BTC", amount: "10" },
]);

export function marketOf(world: WorldName, seed: number, durationS: number): AgentMarket {
  const { informedRatePerS, sniperProbability, sharpFeeBps } = WORLDS[world];
  const { imbalanceFrac, calmVolBps, stressVolBps, jumpSdBps, noiseFactor } = WORLDS[world];
  return AgentMarket.parse({
    seed,
    startAtUs: START_AT_US,
    durationS,
    assets: [{ asset: "BTC", startPrice: START_PRICE, imbalanceFrac, calmVolBps, stressVolBps, jumpSdBps }],
    books: VENUES.map(({ account, lagS, noiseSdBps, halfSpreadBps, depthUsd }) => ({
      account,
      symbol: SYMBOL,
      lagS: lagS * noiseFactor,
      noiseSdBps: noiseSdBps * noiseFactor,
      // Lasting differences between venues are not part of the published table.
      basisSdBps: 0,
      halfSpreadBps,
      levels: LEVELS,
      levelSizeBase: depthUsd / START_PRICE,
      updatesPerS: UPDATES_PER_S,
      noise: {
        baseRatePerS: TABLE.ratePerS,
        selfExcitation: 0,
        crossExcitation: 0,
        reachDecayPerBp: TABLE.kPerBp,
      },
      informedRatePerS,
      sniperProbability,
      takerFeeBps: sharpFeeBps,
    })),
  });
}

/** The desk in that world; what a policy sets comes on top of what all have in common. */
export function configOf(world: WorldName, policy: readonly ParameterChange[]): EngineConfig {
  const { makerFeeBps, noiseFactor } = WORLDS[world];
  const sdLots = Math.sqrt(1 / (2 * TABLE.kPerBp * TABLE.slopeBps));
  const desk = {
    capital: CAPITAL_USD,
    orderNotionalPct: (ORDER_USD / CAPITAL_USD) * 100,
    assetMaxPct: ((ORDER_USD * TABLE.limitLots) / CAPITAL_USD) * 100,
    targetInventorySdPct: (sdLots / TABLE.limitLots) * 100,
    intensitySource: "set",
    fillDecayBps: 1 / TABLE.kPerBp,
    fillRatePerMinute: TABLE.ratePerS * 60,
    adverseSelectionBps: 0,
    venueWeights: "set",
    // The table has orders of one lot, and nothing that steers inventory between venues.
    sizeSkewExponent: 0,
    venueSkewBps: 0,
  } as const;
  const ofVenues = VENUES.flatMap(({ account, lagS, noiseSdBps }): unknown[] => [
    { scope: { level: "account", account }, name: "venueLagMs", value: lagS * noiseFactor * 1e3 },
    // Depth that is used up moves a mid too: without any noise of the makers that much is left.
    {
      scope: { level: "account", account },
      name: "venueNoiseBps",
      value: Math.max(0.1, noiseSdBps * noiseFactor),
    },
  ]);
  return EngineConfig.parse({
    deskCode: "pol",
    epoch: 1,
    ...btcUsdVenues(
      VENUES.map(({ account }) =>
        VenueAccount.parse({
          account,
          venue: account,
          fees: { name: "study", makerFrac: makerFeeBps / 1e4, takerFrac: TABLE.takerFeeBps / 1e4 },
          amend: "in-place",
        }),
      ),
    ),
    initialState: "ACTIVE",
    hedging: "simulated",
    parameters: [...deskChanges(desk), ...ofVenues, ...policy],
  });
}

export function latencyOf(world: WorldName): LatencyProfile {
  const { latencyFactor } = WORLDS[world];
  const route =
    latencyFactor === 0
      ? { constantUs: 0 }
      : { medianUs: 20_000 * latencyFactor, p99Us: 150_000 * latencyFactor };
  return LatencyProfile.parse({ feed: route, entry: route, response: route });
}
