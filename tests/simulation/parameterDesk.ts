/**
 * A desk on a scripted market, for the question whether a parameter matters. Every request is answered
 * at once; what is compared is what was sent, what then rests, and what was refused.
 */
import { newCommandId } from "../support/desk.ts";
import { fixtureConfig, FIXTURE_START_US } from "../../server/bench/deskFixture.ts";
import type { Command } from "../../server/contract/commands.ts";
import { EngineConfig } from "../../server/contract/config.ts";
import type { Effect, OrderEffect } from "../../server/contract/effects.ts";
import type { EngineEvent } from "../../server/contract/events.ts";
import { INERT_UNLESS, ruleHolds } from "../../server/contract/paramRules.ts";
import {
  ParamValues,
  type ParameterChange,
  type ParamName,
  type ParamValue,
} from "../../server/contract/params.ts";
import type { OffReason } from "../../server/contract/reasons.ts";
import type { Side } from "../../server/contract/units.ts";
import { deskChanges } from "../../server/core/params/resolve.ts";
import { createEngine } from "../../server/core/setup.ts";
import type { Engine } from "../../server/core/state.ts";
import { step } from "../../server/core/step.ts";

export type Settings = Partial<Record<ParamName, ParamValue>>;

/** A mid in bps above the start price; a channel that only says it lives; one that says nothing. */
export type Venue = number | "quiet" | "silent";
export type Script = (venue: number, second: number) => Venue;

/** 20,000.00 in ticks of 0.01, so that a basis point is 200 ticks and no difference hides in the rounding. */
export const START_TICKS = 2_000_000;
export const TICKS_PER_BP = START_TICKS / 1e4;

/** Half of the market's spread, and depth that none of our orders hides. */
const HALF_SPREAD_TICKS = 100;
export const LEVEL_LOTS = 1_000_000;

const STOCK_BASE = 100n;
const STOCK_QUOTE = 10_000_000n;
const TIMERS_PER_S = 4;

/**
 * Quotes follow every tick, so that what rests shows what was wanted. The rest is pinned, so that a new
 * default changes no scenario.
 */
const PLAIN: Settings = {
  capital: 1_000_000,
  orderNotionalPct: 0.1,
  assetMaxPct: 10,
  venueMaxPct: 10,
  netMaxPct: 8,
  grossMaxPct: 20,
  collarBps: 100,
  intensitySource: "set",
  fillDecayBps: 2,
  adverseSelectionSource: "set",
  adverseSelectionBps: 0.3,
  venueWeights: "set",
  halfSpreadMaxBps: 50,
  quoteLatencyMs: 100,
  pickOffZ: 1,
  sniperFeeBps: 1,
  skewMaxBps: 20,
  venueSkewBps: 0.5,
  sizeSkewExponent: 1,
  requoteToleranceK: 0,
  quoteLifeMinMs: 0,
};

const WALK_BPS = [0, 1, 0, -1, -2, -1, -1, 0, 1, 2, 2, 1] as const;

/** Up and down by a basis point a second. */
export function walkBps(second: number): number {
  return WALK_BPS[second % WALK_BPS.length] ?? 0;
}

/** All venues together. */
export const walk: Script = (_venue, second) => walkBps(second);

export interface Resting {
  readonly instrument: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
}

export interface Trace {
  readonly requests: readonly { readonly atMs: number; readonly request: OrderEffect }[];
  readonly resting: readonly Resting[];
  readonly refusals: Readonly<Partial<Record<OffReason, number>>>;
}

export interface DeskOptions {
  /** Its parameters are replaced by the settings. */
  readonly config?: EngineConfig;
  readonly scoped?: readonly ParameterChange[];
}

/** The same desk reporting in dollars, its quote currency worth `rate` of them. */
export function convertedConfig(config: EngineConfig, rate: number): EngineConfig {
  return EngineConfig.parse({
    ...config,
    reportingAsset: "USD",
    assets: [...config.assets, { asset: "USD", decimals: 2 }],
    markets: config.markets.map((market) => ({ ...market, reportingQuote: "USD" })),
    conversions: [{ asset: "USDT", to: "USD", source: { kind: "assumed", rate } }],
  });
}

export class ParameterDesk {
  readonly engine: Engine;
  /** True: nobody answers an order request any more. */
  deaf = false;
  /** True: channels say that they live at every timer, and not only each second. */
  alive = false;
  readonly #requests: { atMs: number; request: OrderEffect }[] = [];
  readonly #resting = new Map<string, Resting>();
  #second = 0;
  #trades = 0;

  constructor(settings: Settings, options: DeskOptions = {}) {
    const config = options.config ?? fixtureConfig({ venues: 3, symbols: 1 });
    const parameters = [...deskChanges({ ...PLAIN, ...settings }), ...(options.scoped ?? [])];
    this.engine = createEngine(EngineConfig.parse({ ...config, parameters }));
    for (const { index } of this.engine.state.accounts) this.#reconcile(index);
  }

  /** Makes inventory: the working stock of a venue is set so that `base` units of a symbol exceed it. */
  hold(
    base: number,
    at: { readonly symbol: number; readonly venue: number } = { symbol: 0, venue: 0 },
  ): void {
    const market = this.engine.state.markets[at.symbol];
    // Inventory is taken over at a price, so there has to be one.
    if (market?.fair === undefined) this.run(1);
    const asset = market?.base ?? "";
    const baselineAtoms = STOCK_BASE * 10n ** 8n - BigInt(Math.round(base * 1e8));
    this.command({ type: "setBaseline", account: `venue${at.venue}`, asset, baselineAtoms });
  }

  command(command: Command): readonly Effect[] {
    const atUs = this.nowUs;
    return this.send({
      type: "command",
      atUs,
      commandId: newCommandId(),
      actor: "test",
      reason: "test",
      command,
    });
  }

  /** Time passes: a book from every venue each second, a timer each quarter of one. */
  run(seconds: number, script: Script = walk): void {
    for (const until = this.#second + seconds; this.#second < until; this.#second++) {
      for (const inst of this.engine.state.instruments)
        this.#quote(inst.index, script(inst.account, this.#second));
      for (let i = 1; i <= TIMERS_PER_S; i++) {
        const atUs = this.nowUs + (i * 1e6) / TIMERS_PER_S;
        for (const { index: instrument } of this.alive ? this.engine.state.instruments : [])
          this.send({ type: "feed", atUs, instrument, status: "alive" });
        this.send({ type: "timer", atUs });
      }
    }
  }

  /** A trade of others on the tape. */
  trade(instrument: number, aggressor: Side, priceTicks: number, sizeLots: number): void {
    this.send({ type: "trade", atUs: this.nowUs, instrument, priceTicks, sizeLots, aggressor });
  }

  /** A part of our quote is hit or lifted; false where none rests. */
  fillQuote(instrument: number, side: Side, sizeLots: number): boolean {
    const [clientId, quote] =
      [...this.#resting].find(([, resting]) => resting.instrument === instrument && resting.side === side) ??
      [];
    const account = this.engine.state.instruments[instrument]?.account;
    if (clientId === undefined || quote === undefined || account === undefined) return false;
    this.send({
      type: "fill",
      atUs: this.nowUs,
      account,
      instrument,
      clientId,
      venueOrderId: clientId,
      tradeId: `t${++this.#trades}`,
      side,
      priceTicks: quote.priceTicks,
      sizeLots,
      liquidity: "maker",
      venueAtUs: this.nowUs,
      feeAsset: "USDT",
      feeAtoms: 0n,
    });
    return true;
  }

  trace(): Trace {
    return {
      requests: this.#requests,
      resting: [...this.#resting.values()],
      refusals: Object.fromEntries(this.engine.state.refusals),
    };
  }

  get nowUs(): number {
    return FIXTURE_START_US + this.#second * 1e6;
  }

  #reconcile(account: number): void {
    const atUs = this.nowUs;
    this.send({ type: "account", atUs, account, status: "up" });
    // Nobody has ever traded here under our code: nothing on the wire to wait for.
    const contacted = this.engine.state.accounts[account];
    if (contacted !== undefined) contacted.strangersUntilUs = atUs;
    this.send({ type: "openOrders", atUs, account, askedAtUs: atUs, orders: [] });
    const balances = this.engine.config.assets.map(({ asset, decimals }) => ({
      asset,
      totalAtoms: (asset === "USDT" ? STOCK_QUOTE : STOCK_BASE) * 10n ** BigInt(decimals),
    }));
    this.send({ type: "balances", atUs, account, balances });
  }

  #quote(instrument: number, venue: Venue): void {
    if (venue === "silent") return;
    if (venue === "quiet")
      return void this.send({ type: "feed", atUs: this.nowUs, instrument, status: "alive" });
    const mid = START_TICKS + Math.round(venue * TICKS_PER_BP);
    this.book(instrument, mid - HALF_SPREAD_TICKS, mid + HALF_SPREAD_TICKS);
  }

  /** A book of others at this instant, one level a side. */
  book(instrument: number, bidTicks: number, askTicks: number, lots = [LEVEL_LOTS, LEVEL_LOTS]): void {
    const bids = [bidTicks, lots[0] ?? LEVEL_LOTS];
    const asks = [askTicks, lots[1] ?? LEVEL_LOTS];
    this.send({ type: "book", atUs: this.nowUs, instrument, kind: "snapshot", bids, asks });
  }

  /** One event, and the venue's answers to what follows from it. */
  send(event: EngineEvent): readonly Effect[] {
    const effects = step(this.engine, event);
    for (const effect of effects) {
      if (effect.type === "notice" || effect.type === "acknowledge") continue;
      this.#requests.push({ atMs: (event.atUs - FIXTURE_START_US) / 1e3, request: effect });
      const answer = this.deaf ? undefined : this.#answer(effect);
      if (answer !== undefined) this.send(answer);
    }
    return effects;
  }

  /** What a venue says that never says no, and what rests there afterwards. */
  #answer(request: OrderEffect): EngineEvent | undefined {
    const { nowUs: atUs } = this.engine.state;
    switch (request.type) {
      case "place": {
        const { account, clientId, instrument, side, priceTicks, sizeLots } = request;
        // Nothing is there to be taken: what must not rest ends.
        if (request.timeInForce === "IOC")
          return { type: "orderCanceled", atUs, account, clientId, filledLots: 0 };
        this.#resting.set(clientId, { instrument, side, priceTicks, sizeLots });
        return { type: "orderAccepted", atUs, account, clientId, venueOrderId: clientId };
      }
      case "amend": {
        const { account, clientId, priceTicks, sizeLots } = request;
        const before = this.#resting.get(clientId);
        if (before === undefined) throw new Error(`an amendment of ${clientId}, which does not rest`);
        this.#resting.set(clientId, { ...before, priceTicks, sizeLots });
        return {
          type: "orderAmended",
          atUs,
          account,
          clientId,
          venueOrderId: clientId,
          priceTicks,
          sizeLots,
        };
      }
      case "cancel": {
        const { account, clientId } = request;
        this.#resting.delete(clientId);
        return { type: "orderCanceled", atUs, account, clientId, filledLots: 0 };
      }
      case "cancelAll":
      case "query":
        return undefined;
    }
  }
}

const DEFAULTS = ParamValues.parse({ capital: 1 });

/** Whether the choices that a parameter depends on are made. */
export function acts(name: ParamName, settings: Settings): boolean {
  const rule = INERT_UNLESS[name];
  return rule === undefined || ruleHolds(rule, { ...DEFAULTS, ...(settings as Partial<ParamValues>) });
}

/** Without what would be refused as inert. */
export function settable(settings: Settings): Settings {
  const entries = Object.entries(settings) as [ParamName, ParamValue][];
  return Object.fromEntries(entries.filter(([name]) => acts(name, settings)));
}
