/**
 * What may leave the desk at all, from what the desk was told and what it acknowledged: trading states and
 * flattens by command, accounts by their private stream, instruments by their public one.
 */
import { TRADING_STATES, type Command, type StateScope, type TradingState } from "../../contract/commands.ts";
import type { EngineConfig } from "../../contract/config.ts";
import type { NoticeEffect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import type { Side } from "../../contract/units.ts";

interface Account {
  isUp: boolean;
  upAtUs: number;
  ordersSeen: boolean;
  balancesSeen: boolean;
}

interface Limits {
  capital: number;
  assetMaxPct: number;
  venueMaxPct: number;
  netMaxPct: number;
}

export class Permissions {
  readonly #config: EngineConfig;
  readonly #states = new Map<string, TradingState>();
  readonly #flattening = new Set<string>();
  readonly #accounts: Account[];
  /** By instrument: a whole book has come since the start or the last gap. */
  readonly #hasBook: boolean[];
  readonly limits: Readonly<Limits>;

  constructor(config: EngineConfig) {
    this.#config = config;
    this.#accounts = config.accounts.map(() => ({
      isUp: false,
      upAtUs: 0,
      ordersSeen: false,
      balancesSeen: false,
    }));
    this.#hasBook = config.instruments.map(() => false);
    const set = (name: keyof Limits): number => {
      const value = config.parameters.find(
        (change) => change.name === name && change.scope.level === "desk",
      )?.value;
      if (typeof value !== "number") throw new Error(`invariant: the swarm sets no ${name}`);
      return value;
    };
    this.limits = {
      capital: set("capital"),
      assetMaxPct: set("assetMaxPct"),
      venueMaxPct: set("venueMaxPct"),
      netMaxPct: set("netMaxPct"),
    };
  }

  /** Before the desk is told. */
  told(event: EngineEvent): void {
    switch (event.type) {
      case "account": {
        const account = this.#account(event.account);
        account.isUp = event.status === "up";
        account.upAtUs = event.atUs;
        account.ordersSeen = false;
        account.balancesSeen = false;
        return;
      }
      case "openOrders": {
        const account = this.#account(event.account);
        if (event.askedAtUs >= account.upAtUs) account.ordersSeen = true;
        return;
      }
      case "balances":
        this.#account(event.account).balancesSeen = true;
        return;
      case "book":
        if (event.kind !== "delta") this.#hasBook[event.instrument] = true;
        return;
      case "feed":
        if (event.status !== "alive") this.#hasBook[event.instrument] = false;
        return;
      default:
    }
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
          if (name in this.limits && typeof value === "number") Object.assign(this.limits, { [name]: value });
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

  hasBook(instrument: number): boolean {
    return this.#hasBook[instrument] === true;
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
