/** Rates from quote currencies to the reporting currency, measured on a market of their own or assumed. */
import type { OffReason } from "../../contract/reasons.ts";
import type { TradingState } from "../../contract/tradingStates.ts";
import type { Engine, EngineState, InstrumentState, Rate } from "../state.ts";

/** An older rate converts nothing: the venue is neither quoted nor used. */
export const RATE_AGE_MAX_US = 5_000_000;

/** Off par by more than this only reduces, and by more than that pauses: an estimator must never learn a depeg. */
const OFF_PAR_REDUCE = 50e-4;
const OFF_PAR_PAUSE = 100e-4;

/** Reporting currency per unit of the asset, or undefined when none is fresh. */
export function freshRate(engine: Engine, asset: string): number | undefined {
  const rate = engine.state.rates.get(asset);
  return rate === undefined || !isFresh(engine, rate) ? undefined : rate.value;
}

function isFresh(engine: Engine, { instrument, atUs }: Rate): boolean {
  if (instrument === undefined) return true;
  return atUs !== undefined && engine.state.nowUs - atUs <= RATE_AGE_MAX_US;
}

/** Why an instrument's quote currency keeps it out, if it does. */
export function conversionReason(engine: Engine, inst: InstrumentState): OffReason | undefined {
  const rate = engine.state.rates.get(inst.definition.quote);
  if (rate?.value === undefined || !isFresh(engine, rate)) return "NO_CONVERSION";
  return rate.pegged && Math.abs(rate.value - 1) > OFF_PAR_PAUSE ? "CONVERSION_OFF_PAR" : undefined;
}

/** What a currency that leaves its par allows at the instruments that are quoted in it. */
export function parState({ rates }: EngineState, inst: InstrumentState): TradingState {
  const rate = rates.get(inst.definition.quote);
  if (rate?.value === undefined || !rate.pegged) return "ACTIVE";
  const offPar = Math.abs(rate.value - 1);
  return offPar > OFF_PAR_PAUSE ? "PAUSED" : offPar > OFF_PAR_REDUCE ? "REDUCE_ONLY" : "ACTIVE";
}

/** Nobody knows how old a measured rate is any more: it goes on booking, and converts nothing before its next book. */
export function unconfirmRates({ rates }: EngineState): void {
  for (const rate of rates.values()) if (rate.instrument !== undefined) rate.atUs = undefined;
}

/** A channel that lives says that its book still stands, once that has spoken. */
export function confirmRate(engine: Engine, inst: InstrumentState): void {
  for (const rate of engine.state.rates.values())
    if (rate.instrument === inst.index && rate.atUs !== undefined) takeMid(engine, rate, inst);
}

/** Takes the rate from the mid of the market that measures it. */
export function measureRate(engine: Engine, inst: InstrumentState): void {
  for (const rate of engine.state.rates.values())
    if (rate.instrument === inst.index) takeMid(engine, rate, inst);
}

function takeMid({ state }: Engine, rate: Rate, { external, feed, tickQuote }: InstrumentState): void {
  const { bidTicks, askTicks } = external;
  if (feed.void || bidTicks === undefined || askTicks === undefined || bidTicks >= askTicks) return;
  const mid = ((bidTicks + askTicks) / 2) * tickQuote;
  rate.value = rate.inverted ? 1 / mid : mid;
  rate.atUs = state.nowUs;
}
