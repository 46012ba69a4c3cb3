/**
 * What one seed of the swarm runs on. Swarm style: every fault and every choice is on or off for the whole
 * run and has a strength of its own, so that some seeds have one trouble alone and some have all of them.
 */
import { EngineConfig } from "../../contract/config.ts";
import type { PlaceEffect } from "../../contract/effects.ts";
import type { VenueAccount } from "../../contract/instrument.ts";
import { clientIdOf } from "../../core/orders/clientId.ts";
import { deskChanges } from "../../core/params/resolve.ts";
import type { AgentMarket } from "../../lab/drivers/agentsParams.ts";
import { demoMarket } from "../../lab/drivers/demo.ts";
import { randomStream } from "../../lab/random.ts";
import { FaultPlan } from "../../lab/world/faults.ts";
import { LatencyProfile } from "../../lab/world/latency.ts";
import type { Deposit } from "../scenario.ts";
import { Dice } from "./dice.ts";

export interface SwarmCase {
  readonly config: EngineConfig;
  readonly agents: AgentMarket;
  readonly latency: LatencyProfile;
  readonly deposits: readonly Deposit[];
  readonly faults: FaultPlan;
  /** What a run before this one left at the venues: small orders far from the market, for the desk to clear away. */
  readonly leftovers: readonly PlaceEffect[];
}

export function drawCase(seed: number): SwarmCase {
  const dice = (purpose: string) => new Dice(randomStream(seed, `swarm ${purpose}`));
  const demo = demoMarket(seed);
  const bases = dice("symbols").pick([["BTC"], ["ETH"], ["BTC", "ETH"]]);
  const isWanted = (base: string) => base === "USDT" || bases.includes(base);
  const accounts = demo.config.accounts.map((account) => drawAccount(account, dice(account.account)));
  const config = EngineConfig.parse({
    ...demo.config,
    accounts,
    markets: demo.config.markets.filter(({ base }) => isWanted(base)),
    instruments: demo.config.instruments.filter(({ base }) => isWanted(base)),
    deskCode: "sim",
    epoch: 2,
    initialState: "ACTIVE",
    parameters: deskChanges(drawParameters(dice("parameters"))),
  });
  return {
    config,
    agents: drawAgents(demo.agents, bases, dice("agents")),
    latency: drawLatency(config, dice("latency")),
    deposits: drawDeposits(demo.deposits, isWanted, dice("deposits")),
    faults: drawFaults(dice("faults")),
    leftovers: dice("leftovers").chance(0.3) ? drawLeftovers(config, demo.agents) : [],
  };
}

function drawAccount(account: VenueAccount, dice: Dice): VenueAccount {
  return {
    ...account,
    amend: dice.pick(["in-place", "cancel-new", "none"] as const),
    requestExpiryMs: dice.pick([500, 1_500, 3_000]),
    // Nobody counts questions here, and what a lost report hides must show before the seed is over.
    reconcileEveryMs: 5_000,
    fees: {
      name: "drawn",
      makerFrac: dice.pick([-0.5, 0, 0.1, 0.2]) / 1e4,
      takerFrac: dice.pick([2, 5, 10]) / 1e4,
      paidIn: dice.pick(["quote", "received"] as const),
    },
  };
}

function drawParameters(dice: Dice) {
  const orderNotionalPct = dice.between(0.4, 2);
  const source = dice.pick(["target-inventory-sd", "direct"] as const);
  const quoteLevels = dice.pick([1, 1, 2, 3]);
  const model = dice.pick([
    "glft",
    "glft",
    "glft-spectral",
    "avellaneda-stoikov",
    "symmetric",
    "strategy-document",
  ] as const);
  const inventoryTarget = dice.pick(["zero", "zero", "drift", "mean-reversion"] as const);
  const levelSizeRatio = dice.pick([0.5, 1, 1.5]);
  const isSkewedByRisk = model !== "symmetric" && model !== "strategy-document";
  return {
    capital: 1_000_000,
    model,
    ...(model === "strategy-document" ? {} : { riskAversionSource: source }),
    ...(model !== "strategy-document" && source === "direct" ? { riskAversionPerQuote: 1e-5 } : {}),
    ...(isSkewedByRisk ? { inventoryTarget } : {}),
    quoteLevels,
    ...(quoteLevels > 1 ? { levelSizeRatio } : {}),
    orderNotionalPct,
    // From limits that hardly hold one order per venue to such as never bind.
    assetMaxPct: orderNotionalPct * dice.between(1.5, 12),
    venueMaxPct: orderNotionalPct * dice.between(1.2, 8),
    netMaxPct: orderNotionalPct * dice.between(2, 15),
    grossMaxPct: orderNotionalPct * 30,
    spreadMultiplier: dice.between(0.3, 1.2),
    intensitySource: dice.pick(["estimated", "set"] as const),
    adverseSelectionSource: dice.pick(["markouts", "markouts", "set", "strategy-document"] as const),
    venueWeights: dice.pick(["estimated", "set"] as const),
    venuePrice: dice.pick(["mid", "micro-price"] as const),
    adverseSelectionBps: dice.between(0, 0.5),
    requoteToleranceK: dice.pick([0, 0.1, 0.2, 0.5]),
    quoteLifeMinMs: dice.pick([0, 100, 250, 1_000]),
    unknownAfterMs: dice.pick([300, 1_000, 2_500]),
    channelSilenceMaxMs: dice.pick([800, 3_000]),
    jumpPauseMs: dice.pick([0, 1_500]),
  };
}

/** Fewer updates than the demo's: more virtual time, and so more trouble, for the same number of records. */
function drawAgents(agents: AgentMarket, bases: readonly string[], dice: Dice): AgentMarket {
  const updatesPerS = dice.between(5, 25);
  const takers = dice.between(1, 4);
  return {
    ...agents,
    assets: agents.assets.map((asset) => ({ ...asset, jumpMeanS: 60, stressMeanS: 20, calmMeanS: 60 })),
    books: agents.books
      .filter(
        ({ symbol }) => symbol.startsWith("USDT/") || bases.some((base) => symbol.startsWith(`${base}/`)),
      )
      .map((book) => ({
        ...book,
        updatesPerS: book.symbol.startsWith("USDT/") ? 3 : updatesPerS,
        noise: { ...book.noise, baseRatePerS: book.noise.baseRatePerS * takers },
      })),
  };
}

function drawLatency(config: EngineConfig, dice: Dice): LatencyProfile {
  // Some desks sit beside the venues: what they repeat, they repeat a hundred times before others notice.
  const [min, max] = dice.chance(0.3) ? [2, 3] : [2.5, 4.7];
  const route = () => {
    const medianUs = Math.round(10 ** dice.between(min, max));
    return { medianUs, p99Us: Math.round(medianUs * dice.between(2, 12)) };
  };
  const routes = () => ({ feed: route(), entry: route(), response: route() });
  return LatencyProfile.parse({
    ...routes(),
    accounts: Object.fromEntries(config.accounts.map(({ account }) => [account, routes()])),
  });
}

/** Some desks are short of an asset at a venue: their orders meet the balance before they meet a limit. */
function drawDeposits(
  deposits: readonly Deposit[],
  isWanted: (asset: string) => boolean,
  dice: Dice,
): Deposit[] {
  return deposits
    .filter(({ asset }) => isWanted(asset) || asset === "USD")
    .map((deposit) =>
      dice.chance(0.1) ? { ...deposit, amount: String(Number(deposit.amount) / 100) } : deposit,
    );
}

function drawFaults(dice: Dice): FaultPlan {
  const probability = (max: number) => (dice.chance(0.5) ? dice.between(max / 20, max) : 0);
  const outage = (everyS: number, lengthMaxS: number) =>
    dice.chance(0.5) ? { everyS: dice.between(everyS / 4, everyS), lengthMinS: 0.05, lengthMaxS } : undefined;
  return FaultPlan.parse({
    lostRequest: probability(0.1),
    lostAck: probability(0.1),
    lostFill: probability(0.1),
    refusedCancel: probability(0.2),
    duplicateReport: probability(0.3),
    lateReport: probability(0.15),
    lateByMaxMs: dice.pick([50, 800, 2_500]),
    unknownAfterMs: dice.chance(0.5) ? dice.pick([20, 500, 4_000]) : undefined,
    privateDown: outage(60, 4),
    feedSilence: outage(40, 6),
    feedGap: outage(30, 2),
  });
}

/** Half of the price: they rest where nobody trades. */
function drawLeftovers(config: EngineConfig, { assets, startAtUs }: AgentMarket): PlaceEffect[] {
  return config.instruments.flatMap((definition, instrument): PlaceEffect[] => {
    const price = assets.find(({ asset }) => asset === definition.base)?.startPrice;
    if (price === undefined || !definition.quoted) return [];
    const priceTicks = Math.round(price / 2 / Number(definition.tick));
    const worthOneHundred = Math.ceil(100 / (priceTicks * Number(definition.tick) * Number(definition.lot)));
    return [
      {
        type: "place",
        account: config.accounts.findIndex(({ account }) => account === definition.account),
        instrument,
        clientId: clientIdOf("quote", config.deskCode, config.epoch - 1, instrument + 1),
        side: "buy",
        priceTicks,
        sizeLots: Math.max(definition.sizeMinLots, worthOneHundred),
        timeInForce: "POST_ONLY",
        selfTrade: "EXPIRE_TAKER",
        requestExpiresAtUs: startAtUs,
      },
    ];
  });
}
