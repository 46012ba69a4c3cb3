/** What was told of trades, each once, as the engine books them: a question has them told again. */
import type { PlaceEffect } from "../../../contract/effects.ts";
import { keptOf, type Fill } from "./balances.ts";
import { CheckError, describe } from "./check.ts";
import type { Trial } from "./trial.ts";

export function fillsOf(trial: Trial, { clientId }: Pick<PlaceEffect, "clientId">): Fill[] {
  return fillsSince(trial, 0).filter((fill) => fill.clientId === clientId);
}

export function fillsSince(trial: Trial, from: number): Fill[] {
  const fills = trial.events.slice(from).filter((event): event is Fill => event.type === "fill");
  return [...new Map(fills.map((fill) => [fill.tradeId, fill])).values()];
}

export function lotsOf(fills: readonly Fill[]): number {
  return fills.reduce((sum, { sizeLots }) => sum + sizeLots, 0);
}

/** As the work ends; a failure also names what was bought meanwhile and stays. */
export async function namingKept<T>(trial: Trial, work: () => Promise<T>): Promise<T> {
  const from = trial.events.length;
  try {
    return await work();
  } catch (error) {
    const kept = keptOf(trial, fillsSince(trial, from));
    throw kept === undefined ? error : new CheckError(`${describe(error)}; ${kept}`, { cause: error });
  }
}
