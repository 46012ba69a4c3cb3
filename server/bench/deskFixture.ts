/** A desk of any size for benchmarks and tests: every venue quotes every symbol, in one currency. */
import { EngineConfig } from "../contract/config.ts";
import type { Effect } from "../contract/effects.ts";
import type { EngineEvent } from "../contract/events.ts";
import { deskChanges } from "../core/params/resolve.ts";
import { createEngine } from "../core/setup.ts";
import { step } from "../core/step.ts";
import type { Engine } from "../core/state.ts";

export const FIXTURE_START_US = 1_700_000_000_000_000;

/** An answer may cause one more request, and that its own answer; more is a loop. */
const ROUNDS_MAX = 10;

export interface FixtureShape {
  readonly venues: number;
  readonly symbols: number;
  /** Whether estimators feed the quotes; otherwise all is known from the start. */
  readonly estimated?: boolean;
}

const KNOWN = { intensitySource: "set", adverseSelectionSource: "set", venueWeights: "set" } as const;

export function fixtureConfig({ venues, symbols, estimated = false }: FixtureShape): EngineConfig {
  const accounts = Array.from({ length: venues }, (_, v) => `venue${v}`);
  const bases = Array.from({ length: symbols }, (_, s) => `C${s.toString().padStart(2, "0")}`);
  return EngineConfig.parse({
    deskCode: "bch",
    epoch: 1,
    reportingAsset: "USDT",
    assets: [{ asset: "USDT", decimals: 10 }, ...bases.map((asset) => ({ asset, decimals: 8 }))],
    accounts: accounts.map((account) => ({
      account,
      venue: account,
      fees: { name: "bench", makerFrac: 0.0001, takerFrac: 0.0005 },
      amend: "in-place",
    })),
    markets: bases.map((base) => ({ market: base, base, reportingQuote: "USDT" })),
    instruments: bases.flatMap((base) =>
      accounts.map((account) => ({
        account,
        symbol: `${base}/USDT`,
        kind: "spot",
        base,
        quote: "USDT",
        settle: "USDT",
        tick: "0.01",
        lot: "0.00001",
      })),
    ),
    initialState: "ACTIVE",
    parameters: deskChanges({ capital: 1_000_000, orderNotionalPct: 0.05, ...(estimated ? {} : KNOWN) }),
  });
}

/** An engine whose accounts are reconciled, each with stock of every asset. */
export function readyEngine(shape: FixtureShape): Engine {
  const config = fixtureConfig(shape);
  const engine = createEngine(config);
  for (const event of readyEvents(config)) step(engine, event);
  return engine;
}

/** The longest that a first contact waits for requests of an earlier life of the desk, and steps below a host's pause. */
const FIRST_CONTACT_US = 3_000_000;
const CONTACT_STEP_US = 500_000;

/** What brings every account up, the last of it at the fixture's start. */
export function readyEvents(config: EngineConfig): EngineEvent[] {
  const atUs = FIXTURE_START_US;
  const balances = config.assets.map(({ asset, decimals }) => ({
    asset,
    totalAtoms: (asset === "USDT" ? 10_000_000n : 100n) * 10n ** BigInt(decimals),
  }));
  const contactedAtUs = atUs - FIRST_CONTACT_US;
  const events: EngineEvent[] = config.accounts.map((_, account) => ({
    type: "account",
    atUs: contactedAtUs,
    account,
    status: "up",
  }));
  for (let timerUs = contactedAtUs; timerUs < atUs; timerUs += CONTACT_STEP_US)
    events.push({ type: "timer", atUs: timerUs });
  for (const [account] of config.accounts.entries())
    events.push(
      { type: "openOrders", atUs, account, askedAtUs: atUs, orders: [] },
      { type: "balances", atUs, account, balances },
    );
  return events;
}

/** Steps an event, then answers every order request at once as a venue would that never says no. */
export function stepAnswered(engine: Engine, event: EngineEvent): void {
  answerAll(engine, step(engine, event));
}

export function answerAll(engine: Engine, effects: readonly Effect[]): void {
  let open = effects;
  for (let round = 0; open.length > 0; round++) {
    if (round > ROUNDS_MAX) throw new Error("the engine and its answers do not come to rest");
    const next: Effect[] = [];
    for (const effect of open)
      for (const answer of answersTo(engine.state.nowUs, effect)) next.push(...step(engine, answer));
    open = next;
  }
}

/** What a venue that never says no answers at once. */
export function answersTo(atUs: number, effect: Effect): EngineEvent[] {
  switch (effect.type) {
    case "place": {
      const { account, clientId } = effect;
      return [{ type: "orderAccepted", atUs, account, clientId, venueOrderId: `v${clientId}` }];
    }
    case "amend": {
      const { account, clientId, priceTicks, sizeLots } = effect;
      const venueOrderId = `v${clientId}`;
      return [{ type: "orderAmended", atUs, account, clientId, venueOrderId, priceTicks, sizeLots }];
    }
    case "cancel": {
      const { account, clientId } = effect;
      return [{ type: "orderCanceled", atUs, account, clientId, filledLots: 0 }];
    }
    case "cancelAll":
    case "query":
    case "notice":
    case "acknowledge":
      return [];
  }
}
