/** Who changed what: commands with their outcome, trading states and parameters before and after. */
import type { StateScope } from "../contract/commands.ts";
import type { TradingState } from "../contract/tradingStates.ts";
import type { Effect, NoticeEffect } from "../contract/effects.ts";
import type { CommandEvent, EngineEvent } from "../contract/events.ts";
import type { ParameterSetting } from "../contract/lines.ts";
import type { CommandOutcome } from "../contract/link.ts";
import type { ParamName, ParamValue } from "../contract/params.ts";
import { PARAM_LEVELS } from "../contract/params/param.ts";
import type { ParamLayers } from "../core/params/resolve.ts";
import { describeScope, readState } from "../core/risk/tradingState.ts";
import type { Engine } from "../core/state.ts";
import type { LineList } from "./lineList.ts";

/** Who acts when no operator does. */
const ENGINE_ACTOR = "engine";

export interface StateChange {
  readonly scope: string;
  readonly after: TradingState;
}

export class AuditWatch {
  readonly #engine: Engine;
  readonly #scopes: readonly StateScope[];
  /** By position in `#scopes`. */
  readonly #states: TradingState[];
  /** Outcomes that were told: a command that is sent again gets the very same one again. */
  readonly #answered = new WeakSet<CommandOutcome>();
  #layers: ParamLayers;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#scopes = scopesOf(engine);
    this.#states = this.#scopes.map((scope) => readState(engine, scope) ?? "KILLED");
    this.#layers = engine.state.layers;
    for (const outcome of engine.state.outcomes.values()) this.#answered.add(outcome);
  }

  /** What the desk was configured with, as its first version. */
  begin(out: LineList): void {
    const { version, set } = this.#layers;
    const settings = changedSettings(new Map(), set);
    const reason = "what the desk was configured with";
    out.push({
      cursor: out.next(),
      atUs: out.atUs,
      type: "parameters",
      version,
      commandId: undefined,
      actor: "configuration",
      reason,
      settings,
    });
  }

  after(event: EngineEvent, effects: readonly Effect[], out: LineList): readonly StateChange[] {
    if (event.type === "command") {
      this.#tellCommand(event, effects, out);
      this.#tellParameters(event, out);
    }
    return this.#tellStates(event, effects, out);
  }

  #tellCommand(event: CommandEvent, effects: readonly Effect[], out: LineList): void {
    const { commandId, actor, reason, command } = event;
    const outcome = effects.find((effect) => effect.type === "acknowledge")?.outcome;
    if (outcome === undefined || this.#answered.has(outcome)) return;
    this.#answered.add(outcome);
    const { accepted } = outcome;
    const { code, text } = outcome.accepted ? { code: undefined, text: undefined } : outcome;
    out.push({
      cursor: out.next(),
      atUs: out.atUs,
      type: "command",
      commandId,
      actor,
      reason,
      command,
      accepted,
      code,
      text,
    });
  }

  #tellParameters({ commandId, actor, reason }: CommandEvent, out: LineList): void {
    const { layers } = this.#engine.state;
    if (layers.version === this.#layers.version) return;
    const settings = changedSettings(this.#layers.set, layers.set);
    this.#layers = layers;
    const { version } = layers;
    out.push({
      cursor: out.next(),
      atUs: out.atUs,
      type: "parameters",
      version,
      commandId,
      actor,
      reason,
      settings,
    });
  }

  #tellStates(event: EngineEvent, effects: readonly Effect[], out: LineList): readonly StateChange[] {
    const said = effects.filter(isStateNotice);
    if (said.length === 0) return [];
    const changes: StateChange[] = [];
    for (const [at, scope] of this.#scopes.entries()) {
      const before = this.#states[at] ?? "KILLED";
      const after = readState(this.#engine, scope) ?? "KILLED";
      if (before === after) continue;
      this.#states[at] = after;
      const name = describeScope(scope);
      changes.push({ scope: name, after });
      const { actor, reason } = causeOf(event, said, name);
      out.push({
        cursor: out.next(),
        atUs: out.atUs,
        type: "tradingState",
        scope: name,
        before,
        after,
        actor,
        reason,
      });
    }
    return changes;
  }
}

function isStateNotice(effect: Effect): effect is NoticeEffect {
  return effect.type === "notice" && effect.code === "TRADING_STATE";
}

function causeOf(
  event: EngineEvent,
  said: readonly NoticeEffect[],
  scope: string,
): { readonly actor: string; readonly reason: string } {
  if (event.type === "command") return { actor: event.actor, reason: event.reason };
  if (event.type === "restart") return { actor: ENGINE_ACTOR, reason: event.reason };
  return { actor: ENGINE_ACTOR, reason: said.find((notice) => notice.scope === scope)?.text ?? event.type };
}

function scopesOf({ config }: Engine): StateScope[] {
  return [
    { level: "desk" },
    ...config.accounts.map(({ account }) => ({ level: "account" as const, account })),
    ...config.markets.map(({ market }) => ({ level: "market" as const, market })),
    ...config.instruments.flatMap(({ account, symbol }) =>
      (["buy", "sell"] as const).map((side) => ({ level: "side" as const, account, symbol, side })),
    ),
  ];
}

function changedSettings(before: ParamLayers["set"], after: ParamLayers["set"]): ParameterSetting[] {
  const changed: ParameterSetting[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const level = PARAM_LEVELS.find((candidate) => candidate === key.split(" ")[0]);
    if (level === undefined) throw new Error(`there is no level of parameters in "${key}"`);
    const scope = level === "desk" ? level : key.slice(level.length + 1);
    const was: ReadonlyMap<ParamName, ParamValue> = before.get(key) ?? new Map();
    const is: ReadonlyMap<ParamName, ParamValue> = after.get(key) ?? new Map();
    for (const name of new Set([...was.keys(), ...is.keys()]))
      if (was.get(name) !== is.get(name))
        changed.push({ scope, level, name, before: was.get(name), after: is.get(name) });
  }
  return changed;
}
