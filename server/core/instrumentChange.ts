/**
 * New filters from a venue. A changed tick or lot is a new version: everything of the old one is pulled
 * first, because its prices and sizes mean nothing under the new scales.
 */
import type { Effect } from "../contract/effects.ts";
import type { Instrument } from "../contract/instrument.ts";
import { voidBook } from "./book/feed.ts";
import { createInstrumentEstimates } from "./estimate/instrumentEstimates.ts";
import { refreshTop } from "./estimate/marketFair.ts";
import { anomaly, notice } from "./notices.ts";
import { rebuildOwnLevels } from "./orders/ownLevels.ts";
import { calibrateModel } from "./quote/calibrate.ts";
import { ConfigError, scalesOf } from "./setup.ts";
import type { Engine, InstrumentState } from "./state.ts";

/** What a venue can change of an instrument. */
const TERMS = ["tick", "lot", "sizeMinLots", "notionalMinQuote", "priceBandFrac", "status"] as const;

export function changeInstrument(
  engine: Engine,
  inst: InstrumentState,
  definition: Instrument,
  out: Effect[],
): void {
  const before = inst.definition;
  if (definition.account !== before.account || definition.symbol !== before.symbol)
    throw new Error(`instrument ${inst.index} cannot become ${definition.account} ${definition.symbol}`);
  if (isSameDefinition(inst.nextDefinition ?? before, definition)) return;
  const refusal = findRefusal(engine, definition);
  if (refusal !== undefined) {
    // Prices that we cannot hold exactly are not traded: a person has to give the asset more decimals.
    inst.definition = { ...before, status: "HALTED" };
    inst.nextDefinition = undefined;
    voidBook(inst);
    refreshTop(inst);
    anomaly(engine, out, "INSTRUMENT_CHANGED", nameOf(definition), `halted: ${refusal}`);
    return;
  }
  const isRescaled = definition.tick !== before.tick || definition.lot !== before.lot;
  // While a version waits, even one in the scales of now waits in its place: the book may be in those of the other.
  if (!isRescaled && inst.nextDefinition === undefined) return adopt(inst, definition, out);
  inst.nextDefinition = definition;
  voidBook(inst);
  refreshTop(inst);
  rebaseWhenClear(engine, inst, out);
}

/** Takes the new version over once nothing of the old one can trade any more. */
export function rebaseWhenClear(engine: Engine, inst: InstrumentState, out: Effect[]): void {
  const next = inst.nextDefinition;
  if (next === undefined || inst.live.length > 0) return;
  Object.assign(inst, scalesOf(engine.config, next));
  inst.nextDefinition = undefined;
  inst.ghosts = [];
  // Learned in ticks and lots of the old version.
  inst.estimates = createInstrumentEstimates();
  rebuildOwnLevels(engine, inst);
  // Books that came since the change are of the new version already.
  refreshTop(inst);
  adopt(inst, next, out);
  const market = inst.market === undefined ? undefined : engine.state.markets[inst.market];
  // Sizes in lots of the old version mean nothing under the new one.
  if (market !== undefined) calibrateModel(engine, market);
}

/** Whatever its number: an adapter that was started again counts versions anew. */
function isSameDefinition(a: Instrument, b: Instrument): boolean {
  return TERMS.every((term) => a[term] === b[term]);
}

function adopt(inst: InstrumentState, definition: Instrument, out: Effect[]): void {
  const changes = TERMS.filter((term) => inst.definition[term] !== definition[term]).map(
    (term) => `${term} ${inst.definition[term] ?? "none"} → ${definition[term] ?? "none"}`,
  );
  inst.definition = definition;
  notice(
    out,
    "INSTRUMENT_CHANGED",
    nameOf(definition),
    [...changes, `version ${definition.version}`].join(", "),
  );
}

function findRefusal(engine: Engine, definition: Instrument): string | undefined {
  try {
    scalesOf(engine.config, definition);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

function nameOf({ account, symbol }: Instrument): string {
  return `${account} ${symbol}`;
}
