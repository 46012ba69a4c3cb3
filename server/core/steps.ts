/**
 * Prices and sizes that are counted in the steps of another version of an instrument than the one in force: of orders
 * from before a venue changed its tick or lot, and of a venue that has changed them before we have.
 */
import type { Steps } from "../contract/instrument.ts";
import { decimalToScaled, scaledToDecimal, type Scales } from "./decimal.ts";
import { ConfigError, scalesOf } from "./setup.ts";
import type { Engine, InstrumentState } from "./state.ts";

export function stepsOf({ definition: { tick, lot } }: Pick<InstrumentState, "definition">): Steps {
  return { tick, lot };
}

export function isSameSteps(a: Steps, b: Steps): boolean {
  return a.tick === b.tick && a.lot === b.lot;
}

/** What a tick and a lot of these steps are worth, exactly; undefined where the desk's atoms are too coarse for them. */
export function scalesIn(
  { config }: Pick<Engine, "config">,
  inst: InstrumentState,
  steps: Steps,
): Scales | undefined {
  if (isSameSteps(steps, inst.definition)) return inst;
  try {
    return scalesOf(config, { ...inst.definition, ...steps });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** How many of one step so many of another are: the nearest number, exact for what was made in whole ones. */
export function recount(count: number, from: string, to: string): number {
  if (from === to) return count;
  const decimals = Math.max(decimalsOf(from), decimalsOf(to));
  const step = decimalToScaled(to, decimals);
  return Number((BigInt(count) * decimalToScaled(from, decimals) + step / 2n) / step);
}

/** So many of a step, exactly, without trailing zeros. */
export function inSteps(count: number, step: string): string {
  const decimals = decimalsOf(step);
  return scaledToDecimal(BigInt(count) * decimalToScaled(step, decimals), decimals);
}

interface Terms {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly filledLots: number;
}

/** An order's terms as the venue counts them, in our steps of that order. */
export function recountTerms<T extends Terms>(terms: T, from: Steps, to: Steps): T {
  if (isSameSteps(from, to)) return terms;
  return {
    ...terms,
    priceTicks: recount(terms.priceTicks, from.tick, to.tick),
    sizeLots: recount(terms.sizeLots, from.lot, to.lot),
    filledLots: recount(terms.filledLots, from.lot, to.lot),
  };
}

function decimalsOf(step: string): number {
  return step.split(".")[1]?.length ?? 0;
}
