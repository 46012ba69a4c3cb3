/**
 * A market whose every parameter is known: one asset at three venues that differ in noise and lag, in one
 * currency and behind one feed latency, and a desk that watches and never quotes.
 */
import { EngineConfig } from "../../../contract/config.ts";
import { VenueAccount } from "../../../contract/instrument.ts";
import { deskChanges } from "../../../core/params/resolve.ts";
import { createAgentMarket } from "../../../lab/drivers/agents.ts";
import { AgentMarket, type AgentBook } from "../../../lab/drivers/agentsParams.ts";
import { feeSchedule } from "../../../lab/fees.ts";
import type { Scenario } from "../../scenario.ts";
import { btcUsdVenues, SYMBOL } from "../btcUsdVenues.ts";

export const WORLDS = ["plain", "whole"] as const;
/**
 * plain: what the estimators assume, prices that diffuse and takers who know nothing. whole: the market of
 * the demo, with stress, jumps, leaning flow, informed takers and snipers.
 */
export type World = (typeof WORLDS)[number];

/** 2024-01-01T00:00:00Z, as the demo. */
const START_AT_US = 1_704_067_200_000_000;
const START_PRICE = 60_000;

/** Those of the demo: a leader, a follower and a laggard. */
export const VENUES = [
  { account: "leader", lagS: 0, noiseSdBps: 0.3, halfSpreadBps: 0.5, updatesPerS: 50, depthUsd: 6_000 },
  { account: "follower", lagS: 0.2, noiseSdBps: 0.5, halfSpreadBps: 0.7, updatesPerS: 40, depthUsd: 4_000 },
  { account: "laggard", lagS: 0.5, noiseSdBps: 0.8, halfSpreadBps: 1, updatesPerS: 30, depthUsd: 2_500 },
] as const;

export const FEED_LATENCY_US = 20_000;

/** So small an order that every sweep would have filled it. */
const ORDER_PCT = 0.01;

export interface ClosedWorld {
  readonly world: World;
  readonly seed: number;
  readonly durationS: number;
  /** Distance between the levels of every book. */
  readonly levelSpacingBps: number;
}

export function agentMarketOf({ world, seed, durationS, levelSpacingBps }: ClosedWorld): AgentMarket {
  const plain = world === "plain";
  const books = VENUES.map(({ depthUsd, ...book }): Partial<AgentBook> => ({
    ...book,
    symbol: SYMBOL,
    levelSpacingBps,
    // As deep per bp whatever the spacing: takers take by depth.
    levelSizeBase: (depthUsd * (levelSpacingBps / 0.5)) / START_PRICE,
    // Even levels, and more of them than takers reach: a taker stops for its price and not for want of size.
    ...(plain ? { informedRatePerS: 0, sniperProbability: 0, levels: 40, levelSizeShape: 100 } : {}),
  }));
  return AgentMarket.parse({
    seed,
    startAtUs: START_AT_US,
    durationS,
    assets: [
      {
        asset: "BTC",
        startPrice: START_PRICE,
        ...(plain ? { stressVolBps: 1, jumpSdBps: 0, imbalanceFrac: 0 } : {}),
      },
    ],
    books,
  });
}

/** What the desk is told in advance, wrong throughout: what comes out is what was seen. */
const PRIORS = {
  fillDecayBps: 3,
  fillRatePerMinute: 60,
  venueNoiseBps: 1,
  venueLagMs: 300,
  volatilityPriorPct: 100,
};

export function closedScenario(market: AgentMarket): Scenario {
  const config = EngineConfig.parse({
    deskCode: "est",
    epoch: 1,
    ...btcUsdVenues(
      VENUES.map(({ account }) =>
        VenueAccount.parse({
          account,
          venue: account,
          fees: feeSchedule(account, "maker"),
          amend: "in-place",
        }),
      ),
    ),
    initialState: "DISARMED",
    parameters: deskChanges({ capital: 100_000, orderNotionalPct: ORDER_PCT, ...PRIORS }),
  });
  const durationS = market.durationS ?? 0;
  return {
    name: `closed market, seed ${market.seed}, ${durationS} s`,
    source: `closed ${market.seed} ${durationS}`,
    config,
    driver: createAgentMarket(market, config),
    latency: {
      feed: { constantUs: FEED_LATENCY_US },
      entry: { constantUs: FEED_LATENCY_US },
      response: { constantUs: FEED_LATENCY_US },
      accounts: {},
    },
    deposits: [],
    seed: market.seed,
    fromUs: market.startAtUs,
    toUs: market.startAtUs + durationS * 1e6,
    assumptions: [],
    close: () => undefined,
  };
}
