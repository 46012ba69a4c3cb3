/** Trading states: set per desk, venue account, market and side; the strictest wins. */
import type { StateScope } from "../../contract/commands.ts";
import { TRADING_STATES, type TradingState } from "../../contract/tradingStates.ts";
import type { Side } from "../../contract/units.ts";
import { parState } from "../estimate/rates.ts";
import type { Engine, EngineState, InstrumentState, TradingStates } from "../state.ts";

/** From freest to strictest, as the contract lists them. */
const RANK = Object.fromEntries(TRADING_STATES.map((state, rank) => [state, rank])) as Record<
  TradingState,
  number
>;

export function strictest(a: TradingState, b: TradingState): TradingState {
  return RANK[a] >= RANK[b] ? a : b;
}

/** DISARMED and KILLED are latched: only arming leads out of them. */
export function isLatched(state: TradingState): boolean {
  return state === "DISARMED" || state === "KILLED";
}

/** What operators have set, and what a quote currency off its par allows. */
export function effectiveState(state: EngineState, inst: InstrumentState, side: Side): TradingState {
  const { trading } = state;
  let result = strictest(trading.desk, trading.accounts[inst.account] ?? "KILLED");
  if (inst.market !== undefined) result = strictest(result, trading.markets[inst.market] ?? "KILLED");
  result = strictest(result, parState(state, inst));
  const sides = trading.sides[inst.index];
  return strictest(result, sides === undefined ? "KILLED" : sides[side === "buy" ? 0 : 1]);
}

/** The state set at a scope, or undefined when the desk has no such scope. */
export function readState(engine: Engine, scope: StateScope): TradingState | undefined {
  return locate(engine, scope)?.read();
}

/** Sets the state at a scope; false when the desk has no such scope. */
export function writeState(engine: Engine, scope: StateScope, next: TradingState): boolean {
  const place = locate(engine, scope);
  place?.write(next);
  return place !== undefined;
}

/** Accounts on which a scope's orders live. */
export function accountsOf(engine: Engine, scope: StateScope): number[] {
  const { state } = engine;
  switch (scope.level) {
    case "desk":
      return state.accounts.map((account) => account.index);
    case "account":
    case "side":
      return state.accounts
        .filter((account) => account.account === scope.account)
        .map((account) => account.index);
    case "market":
      return [...(state.markets.find((market) => market.market === scope.market)?.accounts ?? [])];
  }
}

export function describeScope(scope: StateScope): string {
  switch (scope.level) {
    case "desk":
      return "desk";
    case "account":
      return scope.account;
    case "market":
      return scope.market;
    case "side":
      return `${scope.account} ${scope.symbol} ${scope.side}`;
  }
}

interface Place {
  read(): TradingState;
  write(next: TradingState): void;
}

function locate(engine: Engine, scope: StateScope): Place | undefined {
  const { state } = engine;
  const { trading } = state;
  switch (scope.level) {
    case "desk":
      return { read: () => trading.desk, write: (next) => void (trading.desk = next) };
    case "account":
      return listPlace(
        trading.accounts,
        state.accounts.findIndex((account) => account.account === scope.account),
      );
    case "market":
      return listPlace(
        trading.markets,
        state.markets.findIndex((market) => market.market === scope.market),
      );
    case "side": {
      const inst = state.instruments.find(
        (i) => i.definition.symbol === scope.symbol && state.accounts[i.account]?.account === scope.account,
      );
      const sides: TradingStates["sides"][number] | undefined = inst && trading.sides[inst.index];
      return sides === undefined ? undefined : listPlace(sides, scope.side === "buy" ? 0 : 1);
    }
  }
}

function listPlace(list: TradingState[], at: number): Place | undefined {
  if (list[at] === undefined) return undefined;
  return { read: () => list[at] ?? "KILLED", write: (next) => void (list[at] = next) };
}
