/**
 * What may leave the desk at all, from what the desk was told and what it acknowledged: trading states and
 * flattens by command, accounts by their private stream, instruments by their public one.
 */
import type { Command, StateScope } from "../../contract/commands.ts";
import { TRADING_STATES, type TradingState } from "../../contract/tradingStates.ts";
import type { EngineConfig } from "../../contract/config.ts";
import type { NoticeEffect } from "../../contract/effects.ts";
import type { BookEvent, EngineEvent, FeedEvent, TradeEvent } from "../../contract/events.ts";
import { MICROS_PER_MS, type Side } from "../../contract/units.ts";

/** Silence is noticed on a timer, ten times a second. */
const TIMER_SLACK_US = 100_000;

interface Account {
  readonly isUp: boolean;
  readonly upAtUs: number;
  ordersSeen: boolean;
  balancesSeen: boolean;
}

export interface Limits {
  readonly capital: number;
  readonly assetMaxPct: number;
  readonly venueMaxPct: number;
  readonly netMaxPct: number;
}

export class Permissions {
  readonly #config: EngineConfig;
  readonly #states = new Map<string, TradingState>();
  readonly #flattening = new Set<string>();
  readonly #accounts: Account[];
  /** By instrument: a whole book has come since the start or the last gap, and when its channel last spoke. */
  readonly #hasBook: boolean[];
  readonly #spokeAtUs: number[];
  readonly #silenceMaxUs: number;
  limits: Limits;

  constructor(config: EngineConfig) {
    this.#config = config;
    this.#accounts = config.accounts.map(() => ({
      isUp: false,
      upAtUs: 0,
      ordersSeen: false,
      balancesSeen: false,
    }));
    this.#hasBook = config.instruments.map(() => false);
    this.#spokeAtUs = config.instruments.map(() => 0);
    const set = (name: keyof Limits | "channelSilenceMaxMs"): number => {
      const value = config.parameters.find(
        (change) => change.name === name && change.scope.level === "desk",
      )?.value;
      if (typeof value !== "number") throw new Error(`invariant: the swarm sets no ${name}`);
      return value;
    };
    this.#silenceMaxUs = set("channelSilenceMaxMs") * MICROS_PER_MS + TIMER_SLACK_US;
    this.limits = {
      capital: set("capital"),
      assetMaxPct: set("assetMaxPct"),
      venueMaxPct: set("venueMaxPct"),
      netMaxPct: set("netMaxPct"),
    };
  }

  /** Before the desk is told. */
  told(event: EngineEvent): void {
    if (event.type === "book" || event.type === "trade" || event.type === "feed") this.#heard(event);
    else if (event.type === "account") {
      const isUp = event.status === "up";
      this.#accounts[event.account] = { isUp, upAtUs: event.atUs, ordersSeen: false, balancesSeen: false };
    } else if (event.type === "openOrders") {
      const account = this.#account(event.account);
      if (event.askedAtUs >= account.upAtUs) account.ordersSeen = true;
    } else if (event.type === "balances") this.#account(event.account).balancesSeen = true;
  }

  /** A command counts once the desk has accepted it; until then what was, holds. */
  acknowledged(command: Command): void {
    switch (command.type) {
      case "setTradingState": {
        const key = JSON.stringify(command.scope);
        const isKilled = this.#states.get(key) === "KILLED";
        this.#states.set(key, isKilled ? "KILLED" : command.state);
        return;
      }
      case "arm":
        this.#states.set(JSON.stringify(command.scope), "ACTIVE");
        return;
      case "setParameters":
        for (const { name, value } of command.changes)
          if (name in this.limits && value !== undefined) this.limits = { ...this.limits, [name]: value };
        return;
      case "flatten":
        this.#flattening.add(command.market);
        return;
      case "setBaseline":
        throw new Error("invariant: the swarm moves no baseline");
    }
  }

  /** The desk says when a flatten is over. */
  noticed({ code, scope }: NoticeEffect): void {
    if (code === "FLATTEN") this.#flattening.delete(scope);
  }

  stateOf(instrument: number, side: Side): TradingState {
    const ranks = this.#scopesOf(instrument, side).map((scope) =>
      TRADING_STATES.indexOf(this.#states.get(JSON.stringify(scope)) ?? "ACTIVE"),
    );
    return TRADING_STATES[Math.max(...ranks)] ?? "KILLED";
  }

  covers(scope: StateScope, instrument: number, side: Side): boolean {
    return this.#scopesOf(instrument, side).some((own) => JSON.stringify(own) === JSON.stringify(scope));
  }

  isFlattening(instrument: number): boolean {
    const base = this.#config.instruments[instrument]?.base;
    return this.#config.markets.some((market) => market.base === base && this.#flattening.has(market.market));
  }

  isReconciled(account: number): boolean {
    const { isUp, ordersSeen, balancesSeen } = this.#account(account);
    return isUp && ordersSeen && balancesSeen;
  }

  /** A whole book on a channel that has not been silent for too long. */
  hasBook(instrument: number, atUs: number): boolean {
    const silentUs = atUs - (this.#spokeAtUs[instrument] ?? 0);
    return this.#hasBook[instrument] === true && silentUs <= this.#silenceMaxUs;
  }

  #heard(event: BookEvent | TradeEvent | FeedEvent): void {
    const { instrument } = event;
    this.#spokeAtUs[instrument] = event.atUs;
    if (event.type === "book" && event.kind !== "delta") this.#hasBook[instrument] = true;
    if (event.type === "feed" && event.status !== "alive") this.#hasBook[instrument] = false;
  }

  /** Spelled as commands spell them: their text is their key. */
  #scopesOf(instrument: number, side: Side): StateScope[] {
    const definition = this.#config.instruments[instrument];
    if (definition === undefined) throw new Error(`invariant: no instrument ${instrument}`);
    const { account, symbol, base } = definition;
    const market = this.#config.markets.find((candidate) => candidate.base === base)?.market ?? "";
    return [
      { level: "desk" },
      { level: "account", account },
      { level: "market", market },
      { level: "side", account, symbol, side },
    ];
  }

  #account(index: number): Account {
    const account = this.#accounts[index];
    if (account === undefined) throw new Error(`invariant: no account ${index}`);
    return account;
  }
}
