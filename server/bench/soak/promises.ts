/**
 * What the engine has promised by acknowledging it, as a person would remember it, and the one command that
 * has no answer yet: that one may have happened or not, and the next engine says which.
 */
import type { StateScope } from "../../contract/commands.ts";
import type { TradingState } from "../../contract/tradingStates.ts";
import type { ParametersAnswer } from "../../contract/link.ts";
import type { ParameterChange, ParamValue } from "../../contract/params.ts";
import type { DeskView } from "../../contract/views.ts";
import { scopeKey as paramKey } from "../../core/params/resolve.ts";
import { scopeKey } from "../../link/latch.ts";

type Settings = ReadonlyMap<string, ParamValue>;

interface Parameters {
  readonly version: number;
  readonly settings: Settings;
}

type Pending =
  | { readonly what: "parameters"; readonly next: Parameters }
  | { readonly what: "state"; readonly key: string; readonly state: TradingState };

/** What an engine says of itself. */
export interface Contact {
  readonly epoch: number;
  readonly desk: DeskView;
  readonly parameters: ParametersAnswer;
  /** Scopes of the latch file that this engine has found at its start. */
  readonly latched: ReadonlyMap<string, TradingState>;
}

export class Promises {
  readonly #onFinding: (text: string) => void;
  #epoch = 0;
  #parameters: Parameters | undefined;
  #states: ReadonlyMap<string, TradingState> | undefined;
  #pending: Pending | undefined;

  constructor(onFinding: (text: string) => void) {
    this.#onFinding = onFinding;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get parameterVersion(): number {
    return this.#parameters?.version ?? 0;
  }

  /** Compares what an engine says with what was promised, and goes on from what it says. */
  meet({ epoch, desk, parameters, latched }: Contact): void {
    if (epoch < this.#epoch) this.#onFinding(`epoch ${epoch} came after epoch ${this.#epoch}`);
    const isRestarted = epoch !== this.#epoch && this.#epoch !== 0;
    this.#epoch = epoch;
    this.#meetParameters({ version: parameters.version, settings: settingsOf(parameters) });
    this.#meetStates(statesOf(desk), latched, isRestarted);
    this.#pending = undefined;
  }

  sendParameters(changes: readonly ParameterChange[]): void {
    const settings = new Map(this.#parameters?.settings);
    for (const { scope, name, value } of changes) {
      const key = `${paramKey(scope)} ${name}`;
      if (value === undefined) settings.delete(key);
      else settings.set(key, value as ParamValue);
    }
    this.#pending = { what: "parameters", next: { version: this.parameterVersion + 1, settings } };
  }

  sendState(scope: StateScope, state: TradingState): void {
    this.#pending = { what: "state", key: scopeKey(scope), state };
  }

  /** What was sent last is done. */
  acknowledge(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending?.what === "parameters") this.#parameters = pending.next;
    else if (pending !== undefined) this.#states = new Map(this.#states).set(pending.key, pending.state);
  }

  /** What was sent last was refused. */
  refuse(): void {
    this.#pending = undefined;
  }

  #meetParameters(said: Parameters): void {
    const promised = this.#parameters;
    const pending = this.#pending?.what === "parameters" ? this.#pending.next : undefined;
    this.#parameters = said;
    if (promised === undefined || isSame(said, promised)) return;
    if (pending !== undefined && isSame(said, pending)) return;
    this.#onFinding(
      `parameters were promised at version ${promised.version} (${differences(promised.settings, said.settings)}), run ${this.#epoch} has version ${said.version}`,
    );
  }

  #meetStates(
    said: ReadonlyMap<string, TradingState>,
    latched: ReadonlyMap<string, TradingState>,
    isRestarted: boolean,
  ): void {
    const promised = this.#states;
    this.#states = said;
    for (const [key, state] of said) {
      const before = promised?.get(key);
      const possible = new Set<TradingState>(before === undefined ? [] : [before]);
      if (this.#pending?.what === "state" && this.#pending.key === key) possible.add(this.#pending.state);
      // A crash disarms whatever was not stopped for good.
      const wanted = [...possible].map((one) =>
        key === "desk" && isRestarted && one !== "KILLED" ? "DISARMED" : one,
      );
      const latch = latched.get(key);
      if (latch !== undefined && state !== latch)
        this.#onFinding(`${key} is latched as ${latch}, run ${this.#epoch} has it ${state}`);
      else if (latch === undefined && before !== undefined && !wanted.includes(state))
        this.#onFinding(`${key} was promised ${wanted.join(" or ")}, run ${this.#epoch} has it ${state}`);
    }
  }
}

function settingsOf({ settings }: ParametersAnswer): Settings {
  return new Map(
    settings.map(({ level, scope, name, value }) => [
      `${level === "desk" ? level : `${level} ${scope}`} ${name}`,
      value,
    ]),
  );
}

function statesOf(desk: DeskView): Map<string, TradingState> {
  return new Map([
    ["desk", desk.state],
    ...desk.accounts.map(({ account, state }) => [scopeKey({ level: "account", account }), state] as const),
    ...desk.markets.map(({ market, state }) => [scopeKey({ level: "market", market }), state] as const),
  ]);
}

function isSame(a: Parameters, b: Parameters): boolean {
  return a.version === b.version && differences(a.settings, b.settings) === "same settings";
}

function differences(a: Settings, b: Settings): string {
  const names = new Set([...a.keys(), ...b.keys()]);
  const different = [...names].filter((name) => a.get(name) !== b.get(name));
  return different.length === 0
    ? "same settings"
    : different.map((name) => `${name}: ${a.get(name)} → ${b.get(name)}`).join(", ");
}
