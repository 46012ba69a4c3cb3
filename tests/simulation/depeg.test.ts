/** USDT loses 3 % in ten minutes: the venues quoted in it reduce, then stop, and nothing learns it as a difference. */
import { describe, expect, it } from "vitest";
import { stepAnswered } from "../../server/bench/deskFixture.ts";
import { EngineConfig } from "../../server/contract/config.ts";
import type { TradingState } from "../../server/contract/tradingStates.ts";
import { deskChanges } from "../../server/core/params/resolve.ts";
import { effectiveState } from "../../server/core/risk/tradingState.ts";
import { createEngine } from "../../server/core/setup.ts";
import { step } from "../../server/core/step.ts";
import type { Engine, InstrumentState } from "../../server/core/state.ts";
import { demoMarket } from "../../server/lab/drivers/demo.ts";
import { randomStream } from "../../server/lab/random.ts";

const START_US = 1_700_000_000_000_000;
const STEP_US = 100_000;
const CALM_S = 240;
const FALL_S = 600;
const FALL_FRAC = 0.03;

const USD_PRICE: Record<string, number> = { BTC: 60_000, ETH: 3_000 };
/** One-sided distance of the top from the mid, and the size there in the asset. */
const HALF_SPREAD_FRAC = 0.5e-4;
const TOP_NOTIONAL = 50_000;

function startedEngine(): Engine {
  const config = EngineConfig.parse({
    ...demoMarket(1).config,
    deskCode: "peg",
    epoch: 1,
    initialState: "ACTIVE",
    parameters: deskChanges({ capital: 1_000_000, orderNotionalPct: 0.5 }),
  });
  const engine = createEngine(config);
  for (const [account] of config.accounts.entries())
    step(engine, { type: "account", atUs: START_US, account, status: "up" });
  for (let atUs = START_US; atUs < START_US + 3_000_000; atUs += 500_000)
    step(engine, { type: "timer", atUs });
  const atUs = START_US + 3_000_000;
  const balances = config.assets.map(({ asset, decimals }) => ({
    asset,
    totalAtoms: (asset.startsWith("USD") ? 1_000_000n : 100n) * 10n ** BigInt(decimals),
  }));
  for (const [account] of config.accounts.entries()) {
    step(engine, { type: "openOrders", atUs, account, askedAtUs: atUs, orders: [] });
    step(engine, { type: "balances", atUs, account, balances });
  }
  return engine;
}

interface Seen {
  readonly second: number;
  readonly usdt: number;
  readonly states: readonly TradingState[];
  readonly working: number;
  readonly basisBpsMax: number;
}

/** Books of all instruments ten times a second, trades once, USDT on its way down from `CALM_S` on. */
function play(engine: Engine): Seen[] {
  const random = randomStream(3, "depeg");
  const seen: Seen[] = [];
  const usdtInstruments = engine.state.instruments.filter(({ definition }) => definition.quote === "USDT");
  const begin = engine.state.nowUs;
  const drift: Record<string, number> = { BTC: 0, ETH: 0 };
  for (let n = 1; n <= ((CALM_S + FALL_S) * 1_000_000) / STEP_US; n++) {
    const atUs = begin + n * STEP_US;
    const second = (n * STEP_US) / 1e6;
    const usdt = 1 - FALL_FRAC * Math.min(Math.max((second - CALM_S) / FALL_S, 0), 1);
    for (const base of Object.keys(drift)) drift[base] = (drift[base] ?? 0) + random.normal() * 0.3e-4;
    for (const inst of engine.state.instruments)
      showBook(engine, inst, atUs, usdt, drift, random.normal() * 0.2e-4);
    if (n % 10 === 0) for (const inst of engine.state.instruments) showTrade(engine, inst, atUs, random);
    stepAnswered(engine, { type: "timer", atUs });
    if (n % 10 !== 0) continue;
    seen.push({
      second,
      usdt,
      states: usdtInstruments.map((inst) => effectiveState(engine.state, inst, "buy")),
      working: usdtInstruments.reduce((sum, inst) => sum + inst.workingBuyLots + inst.workingSellLots, 0),
      basisBpsMax: Math.max(
        ...engine.state.markets.flatMap((market) =>
          market.instruments.map(
            (index) =>
              (Math.abs(engine.state.instruments[index]?.basis.meanPrice ?? 0) / (market.fair ?? 1)) * 1e4,
          ),
        ),
      ),
    });
  }
  return seen;
}

function showBook(
  engine: Engine,
  inst: InstrumentState,
  atUs: number,
  usdt: number,
  drift: Record<string, number>,
  noise: number,
): void {
  const { base, quote } = inst.definition;
  const inUsd = base === "USDT" ? usdt : (USD_PRICE[base] ?? 1) * (1 + (drift[base] ?? 0) + noise);
  const mid = (quote === "USDT" ? inUsd / usdt : inUsd) / inst.tickQuote;
  const half = Math.max(1, mid * HALF_SPREAD_FRAC);
  const lots = Math.ceil(TOP_NOTIONAL / inUsd / inst.lotBase);
  const levels = (sign: number): number[] =>
    [1, 2, 3].flatMap((level) => [Math.round(mid + sign * half * level), lots * level]);
  const kind = inst.feed.void ? "snapshot" : "top";
  stepAnswered(engine, {
    type: "book",
    atUs,
    instrument: inst.index,
    kind,
    bids: levels(-1).slice(0, kind === "top" ? 2 : 6),
    asks: levels(1).slice(0, kind === "top" ? 2 : 6),
  });
}

function showTrade(
  engine: Engine,
  inst: InstrumentState,
  atUs: number,
  random: { readonly uniform: () => number; readonly exponential: () => number },
): void {
  const { bidTicks, askTicks } = inst.external;
  if (bidTicks === undefined || askTicks === undefined) return;
  const aggressor = random.uniform() < 0.5 ? "buy" : "sell";
  const depth = Math.floor((random.exponential() * 2e-4 * askTicks) / 2);
  const priceTicks = aggressor === "buy" ? askTicks + depth : Math.max(1, bidTicks - depth);
  stepAnswered(engine, { type: "trade", atUs, instrument: inst.index, priceTicks, sizeLots: 1e9, aggressor });
}

describe("a currency that leaves its par", () => {
  const engine = startedEngine();
  const seen = play(engine);

  it("is quoted while it is at par", () => {
    const calm = seen.filter(({ second }) => second > CALM_S - 60 && second < CALM_S);
    expect(calm.every(({ working }) => working > 0)).toBe(true);
    expect(new Set(calm.flatMap(({ states }) => states))).toEqual(new Set(["ACTIVE"]));
  });

  it("ends in REDUCE_ONLY beyond 50 bps, then in PAUSED beyond 100", () => {
    const path = seen.flatMap(({ states }) => states[0] ?? []);
    const changes = path.filter((state, at) => state !== path[at - 1]);
    expect(changes).toEqual(["ACTIVE", "REDUCE_ONLY", "PAUSED"]);
    for (const { usdt, states } of seen.filter(({ second }) => second > CALM_S)) {
      const offPar = 1 - usdt;
      if (offPar > 0.0102) expect(new Set(states)).toEqual(new Set(["PAUSED"]));
      else if (offPar > 0.0052 && offPar < 0.0098) expect(new Set(states)).toEqual(new Set(["REDUCE_ONLY"]));
    }
  });

  it("leaves no order at the venues that are quoted in it", () => {
    expect(seen.filter(({ usdt }) => usdt < 0.989).every(({ working }) => working === 0)).toBe(true);
    const paused = engine.state.instruments.filter(({ definition }) => definition.quote === "USDT");
    expect(new Set(paused.flatMap(({ slots }) => slots.map(({ reason }) => reason)))).toEqual(
      new Set(["CONVERSION_OFF_PAR"]),
    );
  });

  it("is never learned as a difference of the venue", () => {
    // The fall is 300 bps; half of a bp is what noise leaves in an average of minutes.
    expect(Math.max(...seen.map(({ basisBpsMax }) => basisBpsMax))).toBeLessThan(3);
  });

  it("does not stop the venue that is quoted in the reporting currency", () => {
    const kraken = engine.state.instruments.filter(
      ({ definition }) => definition.quote === "USD" && definition.quoted,
    );
    expect(kraken.length).toBe(2);
    expect(
      kraken.every(({ workingBuyLots, workingSellLots }) => workingBuyLots > 0 && workingSellLots > 0),
    ).toBe(true);
  });
});
