/** A scenario in which the two values of a parameter must lead to different orders or refusals. */
import type { ParameterChange, ParamName, ParamValues } from "../../../server/contract/params.ts";
import type { QuotingModel } from "../../../server/contract/params/model.ts";
import type { ParameterDesk, Settings, Trace } from "../parameterDesk.ts";

export interface Choice {
  readonly model: QuotingModel;
  readonly riskAversionSource: "target-inventory-sd" | "direct";
}

export interface Scenario<V> {
  /** What the second value does that the first does not. */
  readonly effect: string;
  readonly values: readonly [V, V];
  /** Other parameters; those that are inert under the model at hand are left out. */
  readonly given?: Settings;
  /** What is set more narrowly than for the desk, where it is not inert. */
  readonly scoped?: readonly ParameterChange[];
  readonly symbols?: number;
  play(desk: ParameterDesk): void;
  /** Where a direction is known. */
  check?(first: Trace, second: Trace, choice: Choice): void;
}

/** One for each parameter of a list: one without does not compile. */
export type ScenariosOf<P> = { readonly [N in keyof P & ParamName]: Scenario<ParamValues[N]> };

/** σ√τ of some bps: the pick-off floor binds. */
export const SLOW = { quoteLatencyMs: 5_000, pickOffZ: 6 } as const;
/** The balance skew of a venue at half of its limit wants 25 bps. */
export const SKEWED = { venueSkewBps: 50 } as const;
export const NO_JUMPS = { jumpSigmas: 50 } as const;
