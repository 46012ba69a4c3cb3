/**
 * The demo market: BTC and ETH at three venues that differ in tick, lot, fees, depth, speed and currency. The
 * fees are those of market makers' tiers: at an entry tier (10 to 25 bps a side) nobody quotes these spreads.
 */
import type { EngineConfig } from "../../contract/config.ts";
import { AssetSpec, Conversion, Instrument, Market, VenueAccount } from "../../contract/instrument.ts";
import { feeSchedule } from "../fees.ts";
import { LatencyProfile } from "../world/latency.ts";
import { AgentMarket } from "./agentsParams.ts";

export interface DemoMarket {
  readonly config: Pick<
    EngineConfig,
    "reportingAsset" | "assets" | "accounts" | "markets" | "instruments" | "conversions"
  >;
  readonly agents: AgentMarket;
  readonly latency: LatencyProfile;
  /** Working stock to deposit before the start. */
  readonly deposits: readonly { readonly account: string; readonly asset: string; readonly amount: string }[];
}

/** 2024-01-01T00:00:00Z: a demo that starts at a round instant reads well. */
const START_AT_US = 1_704_067_200_000_000;

const START_PRICES = { BTC: 60_000, ETH: 3_000, USDT: 1 } as const;

/**
 * What differs between the venues. Deviations and spreads are those of the market model. Takers take in
 * proportion to depth: 6,000 USD a level make trades of 50,000 USD on average, 4 billion a day. A comparison
 * (`reconcileEveryMs`) is a question for open orders and one for balances, and a third each of the fifth of what
 * may be read; the last third is for trades.
 */
const VENUES = [
  {
    account: "binance",
    amend: "cancel-new",
    requestExpiryMs: 1_500,
    // 100 in 10 s, less the guard's tenth.
    orderBudget: { kind: "window", per: "account", limit: 90, windowMs: 10_000 },
    // Open orders are 80 of 6,000 weight a minute.
    reconcileEveryMs: 12_000,
    quote: "USDT",
    instruments: {
      BTC: { tick: "0.01", lot: "0.00001", notionalMinQuote: "5" },
      ETH: { tick: "0.01", lot: "0.0001", notionalMinQuote: "5" },
    },
    book: { lagS: 0, noiseSdBps: 0.3, halfSpreadBps: 0.5, updatesPerS: 50 },
    depthUsd: 6_000,
    latency: { medianUs: 8_000, p99Us: 60_000 },
  },
  {
    account: "okx",
    amend: "in-place",
    requestExpiryMs: 1_000,
    // 60 in 2 s, less the guard's tenth.
    orderBudget: { kind: "window", per: "instrument", limit: 54, windowMs: 2_000 },
    // Balances are 1 of 10 in 2 s.
    reconcileEveryMs: 3_000,
    quote: "USDT",
    instruments: {
      BTC: { tick: "0.1", lot: "0.00000001", sizeMinLots: 1_000 },
      ETH: { tick: "0.01", lot: "0.000001", sizeMinLots: 100 },
    },
    book: { lagS: 0.2, noiseSdBps: 0.5, halfSpreadBps: 0.7, updatesPerS: 40 },
    depthUsd: 4_000,
    latency: { medianUs: 15_000, p99Us: 100_000 },
  },
  {
    account: "kraken",
    amend: "in-place",
    requestExpiryMs: 2_000,
    // Of tier Starter, one a pair; no cancel is refused for it, and the guard does nothing else.
    orderBudget: {
      kind: "decay",
      per: "instrument",
      limit: 60,
      perSecond: 1,
      amendCost: agedCost(1, [5_000, 4], [10_000, 3], [15_000, 2]),
      cancelCost: agedCost(0, [5_000, 8], [10_000, 6], [15_000, 5], [45_000, 4], [90_000, 2], [300_000, 1]),
    },
    // Each is 1 on a counter of the account that falls by 0.33 a second.
    reconcileEveryMs: 46_000,
    quote: "USD",
    instruments: {
      BTC: { tick: "0.1", lot: "0.00000001", sizeMinLots: 5_000 },
      ETH: { tick: "0.01", lot: "0.00000001", sizeMinLots: 200_000 },
    },
    book: { lagS: 0.5, noiseSdBps: 0.8, halfSpreadBps: 1, updatesPerS: 30 },
    depthUsd: 2_500,
    latency: { medianUs: 25_000, p99Us: 150_000 },
  },
] as const;

const BASES = ["BTC", "ETH"] as const;
const TETHER = { account: "kraken", symbol: "USDT/USD" } as const;

/** What a change costs at last, and before that by how young the order is. */
function agedCost(cost: number, ...younger: (readonly [thanMs: number, cost: number])[]) {
  return { cost, younger: younger.map(([thanMs, cost]) => ({ thanMs, cost })) };
}

export function demoMarket(seed: number): DemoMarket {
  return {
    config: {
      reportingAsset: "USD",
      // Decimals hold the finest tick × lot of any venue exactly.
      assets: [
        { asset: "USD", decimals: 14 },
        { asset: "USDT", decimals: 12 },
        { asset: "BTC", decimals: 8 },
        { asset: "ETH", decimals: 8 },
      ].map((asset) => AssetSpec.parse(asset)),
      accounts: VENUES.map(({ account, amend, requestExpiryMs, orderBudget, reconcileEveryMs }) =>
        VenueAccount.parse({
          account,
          venue: account,
          fees: feeSchedule(account, "maker"),
          amend,
          requestExpiryMs,
          reconcileEveryMs,
          orderBudget,
        }),
      ),
      markets: BASES.map((base) => Market.parse({ market: base, base, reportingQuote: "USD" })),
      instruments: instruments(),
      conversions: [
        Conversion.parse({ asset: "USDT", to: "USD", source: { kind: "instrument", ...TETHER } }),
      ],
    },
    agents: agents(seed),
    latency: latency(),
    deposits: VENUES.flatMap(({ account, quote }) => [
      { account, asset: quote, amount: "1000000" },
      { account, asset: "BTC", amount: "10" },
      { account, asset: "ETH", amount: "200" },
    ]),
  };
}

function instruments(): Instrument[] {
  const traded = VENUES.flatMap(({ account, quote, instruments: details }) =>
    BASES.map((base) =>
      Instrument.parse({
        account,
        symbol: `${base}/${quote}`,
        kind: "spot",
        base,
        quote,
        settle: quote,
        ...details[base],
      }),
    ),
  );
  const tether = Instrument.parse({
    ...TETHER,
    kind: "spot",
    base: "USDT",
    quote: "USD",
    settle: "USD",
    tick: "0.00001",
    lot: "0.00000001",
    sizeMinLots: 500_000_000,
    quoted: false,
  });
  return [...traded, tether];
}

function agents(seed: number): AgentMarket {
  const books = VENUES.flatMap(({ account, quote, book, depthUsd }) =>
    BASES.map((base) => ({
      ...book,
      account,
      symbol: `${base}/${quote}`,
      levelSizeBase: depthUsd / START_PRICES[base],
    })),
  );
  return AgentMarket.parse({
    seed,
    startAtUs: START_AT_US,
    assets: [
      { asset: "BTC", startPrice: START_PRICES.BTC },
      { asset: "ETH", startPrice: START_PRICES.ETH, calmVolBps: 1.3, stressVolBps: 4, jumpSdBps: 10 },
      // A peg: it moves by a few bps and comes back.
      {
        asset: "USDT",
        startPrice: START_PRICES.USDT,
        calmVolBps: 0.05,
        stressVolBps: 0.1,
        jumpSdBps: 0.5,
        reversionS: 3_600,
      },
    ],
    books: [
      ...books,
      {
        ...TETHER,
        levelSizeBase: 5_000,
        updatesPerS: 5,
        noiseSdBps: 0.05,
        basisSdBps: 0,
        halfSpreadBps: 0.1,
        levelSpacingBps: 0.1,
        noise: { reachDecayPerBp: 2 },
        informedRatePerS: 0,
        sniperProbability: 0,
      },
    ],
  });
}

function latency(): LatencyProfile {
  const routes = (model: { readonly medianUs: number; readonly p99Us: number }) => ({
    feed: model,
    entry: model,
    response: model,
  });
  return LatencyProfile.parse({
    ...routes({ medianUs: 20_000, p99Us: 150_000 }),
    accounts: Object.fromEntries(VENUES.map((v) => [v.account, routes(v.latency)])),
  });
}
