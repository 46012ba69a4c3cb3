/** Operators' commands: each is acknowledged exactly once, and a refused one changes nothing. */
import type { StateScope } from "../contract/commands.ts";
import type { TradingState } from "../contract/tradingStates.ts";
import type { Effect } from "../contract/effects.ts";
import { describeMissing, liveRequirementsMissing } from "../contract/liveRequirements.ts";
import type { CommandEvent } from "../contract/events.ts";
import type { CommandOutcome } from "../contract/link.ts";
import type { CommandRefusal } from "../contract/reasons.ts";
import { beginSeal } from "./accounts/seal.ts";
import { setBaseline } from "./ledger/inventory.ts";
import { notice } from "./notices.ts";
import { applyChanges, findForbidden } from "./params/resolve.ts";
import {
  accountsOf,
  describeScope,
  isLatched,
  readState,
  strictest,
  writeState,
} from "./risk/tradingState.ts";
import { addressesOf, resolveAll } from "./setup.ts";
import type { Engine, InstrumentState } from "./state.ts";

/** A flatten that is not done by then leaves the rest to the operator, and the market to its quotes. */
const FLATTEN_MAX_US = 60_000_000;

/** A client that has no answer after a few seconds sends its command again; this is hours of an operator's work. */
const OUTCOMES_KEPT_MAX = 1_000;

interface Refusal {
  readonly code: CommandRefusal;
  readonly text: string;
}

/** True when it was accepted and changed something: one that was sent before is only answered again. */
export function applyCommand(engine: Engine, event: CommandEvent, out: Effect[]): boolean {
  const { commandId } = event;
  const known = engine.state.outcomes.get(commandId);
  if (known !== undefined && !tightens(engine, event)) {
    out.push({ type: "acknowledge", commandId, outcome: stoppedSince(engine, event) ?? known });
    return false;
  }
  const refusal = perform(engine, event, out);
  const outcome: CommandOutcome =
    refusal === undefined
      ? { accepted: true, paramVersion: engine.state.layers.version }
      : { accepted: false, code: refusal.code, text: refusal.text };
  if (outcome.accepted) remember(engine.state.outcomes, commandId, outcome);
  out.push({ type: "acknowledge", commandId, outcome });
  return outcome.accepted;
}

/** A stop that is sent again after somebody armed is a stop again: it must never be answered and not obeyed. */
function tightens(engine: Engine, { command }: CommandEvent): boolean {
  if (command.type !== "setTradingState") return false;
  const now = readState(engine, command.scope);
  return now !== undefined && strictest(now, command.state) !== now;
}

/** An arm that is sent again must not arm what was stopped since, nor be answered as if it were armed. */
function stoppedSince(engine: Engine, { command }: CommandEvent): CommandOutcome | undefined {
  if (command.type !== "arm") return undefined;
  const now = readState(engine, command.scope);
  if (now === undefined || !isLatched(now)) return undefined;
  const text = `this command armed ${describeScope(command.scope)}, which is ${now} since: arm it anew`;
  return { accepted: false, code: "STOPPED_SINCE" satisfies CommandRefusal, text };
}

function remember(outcomes: Map<string, CommandOutcome>, commandId: string, outcome: CommandOutcome): void {
  outcomes.set(commandId, outcome);
  if (outcomes.size <= OUTCOMES_KEPT_MAX) return;
  for (const oldest of outcomes.keys()) {
    outcomes.delete(oldest);
    return;
  }
}

function perform(engine: Engine, event: CommandEvent, out: Effect[]): Refusal | undefined {
  const { state } = engine;
  const { command } = event;
  switch (command.type) {
    case "setTradingState":
      return setTradingState(engine, command.scope, command.state, event, out);
    case "arm":
      return arm(engine, command.scope, event, out);
    case "setParameters": {
      if (command.expectedVersion !== state.layers.version)
        return {
          code: "VERSION",
          text: `parameters are at version ${state.layers.version}, not ${command.expectedVersion}: read them again`,
        };
      const forbidden = findForbidden(engine.config.hedging, command.changes);
      if (forbidden !== undefined) return forbidden;
      const result = applyChanges(state.layers, command.changes, addressesOf(engine.config));
      if (!result.ok) return result.refusal;
      state.layers = result.layers;
      resolveAll(engine);
      notice(out, "PARAMETERS", event.actor, `version ${state.layers.version}: ${event.reason}`);
      return undefined;
    }
    case "flatten": {
      const market = state.markets.find((candidate) => candidate.market === command.market);
      if (market === undefined)
        return { code: "UNKNOWN_SCOPE", text: `there is no market ${command.market}` };
      market.flatten = {
        askedBy: "person",
        slippageMaxBps: command.slippageMaxBps,
        untilUs: state.nowUs + FLATTEN_MAX_US,
        nextAtUs: state.nowUs,
        refusedFor: undefined,
      };
      notice(out, "FLATTEN", market.market, `${event.actor}: ${event.reason}`);
      return undefined;
    }
    case "setBaseline": {
      const account = state.accounts.find((candidate) => candidate.account === command.account);
      const market = state.markets.find((candidate) => candidate.base === command.asset);
      if (account?.holdings.get(command.asset)?.balanceAtoms === undefined || market === undefined)
        return {
          code: "UNKNOWN_SCOPE",
          text: `${command.asset} at ${command.account} is no traded asset with a known balance`,
        };
      if (market.fair === undefined)
        return { code: "NO_FAIR_VALUE", text: `${market.market} has no price to take inventory over at` };
      setBaseline(engine, account, market, command.baselineAtoms, out);
      return undefined;
    }
  }
}

function setTradingState(
  engine: Engine,
  scope: StateScope,
  next: TradingState,
  event: CommandEvent,
  out: Effect[],
): Refusal | undefined {
  const before = readState(engine, scope);
  if (before === undefined)
    return { code: "UNKNOWN_SCOPE", text: `there is no ${describeScope(scope)} on this desk` };
  if (isLatched(before) && !isLatched(next))
    return { code: "LATCHED", text: `${describeScope(scope)} is ${before}: arm it first` };
  // A stop is never turned into less than a stop.
  const state = before === "KILLED" ? "KILLED" : next;
  writeState(engine, scope, state);
  if (isLatched(state)) seal(engine, scope, out);
  notice(
    out,
    "TRADING_STATE",
    describeScope(scope),
    `${before} → ${state} by ${event.actor}: ${event.reason}`,
  );
  return undefined;
}

function arm(engine: Engine, scope: StateScope, event: CommandEvent, out: Effect[]): Refusal | undefined {
  const before = readState(engine, scope);
  if (before === undefined)
    return { code: "UNKNOWN_SCOPE", text: `there is no ${describeScope(scope)} on this desk` };
  const missing = liveRequirementsMissing(engine.config);
  if (missing.length > 0) return { code: "NOT_READY_FOR_LIVE", text: describeMissing(missing) };
  const { secondWriter } = engine.state;
  if (secondWriter !== undefined) {
    const { clientId, whose } = secondWriter;
    return {
      code: "SECOND_WRITER",
      text: `${clientId} was placed by ${whose}: end that one, then start this desk again`,
    };
  }
  if (!isLatched(before))
    return { code: "NOT_LATCHED", text: `${describeScope(scope)} is ${before}: nothing to arm` };
  const open = accountsOf(engine, scope).filter((index) => {
    const account = engine.state.accounts[index];
    return (
      account?.status !== "READY" || (account.seal !== undefined && account.seal.sealedAtUs === undefined)
    );
  });
  if (open.length > 0) {
    const names = open.map((index) => engine.state.accounts[index]?.account ?? "").join(", ");
    return { code: "NOT_SEALED", text: `wait until ${names} is reconciled and sealed` };
  }
  const resting = engine.state.instruments.filter((inst) => hasOwnOrders(engine, scope, inst));
  if (resting.length > 0) {
    const names = resting.map(({ definition }) => `${definition.account} ${definition.symbol}`).join(", ");
    return { code: "NOT_SEALED", text: `wait until no order of ours is left at ${names}` };
  }
  writeState(engine, scope, "ACTIVE");
  for (const index of accountsOf(engine, scope)) {
    const account = engine.state.accounts[index];
    if (account !== undefined && !isLatched(engine.state.trading.desk)) account.seal = undefined;
  }
  notice(out, "TRADING_STATE", describeScope(scope), `${before} → ACTIVE by ${event.actor}: ${event.reason}`);
  return undefined;
}

/** A market or a side has no seal: its orders, in flight and unknown ones included, must be gone one by one. */
function hasOwnOrders(engine: Engine, scope: StateScope, inst: InstrumentState): boolean {
  const { state } = engine;
  if (scope.level === "market")
    return (
      inst.live.length > 0 && inst.market !== undefined && state.markets[inst.market]?.market === scope.market
    );
  if (scope.level !== "side") return false;
  const { account, symbol } = inst.definition;
  if (account !== scope.account || symbol !== scope.symbol) return false;
  return inst.live.some((id) => state.orders.get(id)?.side === scope.side);
}

function seal(engine: Engine, scope: StateScope, out: Effect[]): void {
  // A market or side shares its account with others: its orders are cancelled one by one, not by a cancel-all.
  if (scope.level === "market" || scope.level === "side") return;
  for (const index of accountsOf(engine, scope)) {
    const account = engine.state.accounts[index];
    if (account !== undefined) beginSeal(engine, account, out);
  }
}
