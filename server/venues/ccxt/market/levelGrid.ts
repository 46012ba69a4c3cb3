/**
 * A venue's decimal text on the grid of an instrument: whole ticks and lots, digit by digit. No price and no size of a
 * book or a trade is ever a float on its way to the engine.
 */
import type { Instrument } from "../../../contract/instrument.ts";

export interface LevelGrid {
  /** Undefined for what is no plain decimal, or no whole number of ticks: the tick is not what we think it is. */
  ticks(text: string): number | undefined;
  /**
   * Rounded down, undefined for what is no plain decimal: where a lot grew, what is left of older orders is finer than
   * it, and less of it could be traded than stands there.
   */
  lots(text: string): number | undefined;
}

export function createLevelGrid({ tick, lot }: Pick<Instrument, "tick" | "lot">): LevelGrid {
  const price = stepOf(tick);
  const size = stepOf(lot);
  return {
    ticks(text) {
      const scaled = scan(text, price.decimals, "exact");
      if (scaled === undefined || scaled % price.units !== 0) return undefined;
      return scaled / price.units;
    },
    lots(text) {
      const scaled = scan(text, size.decimals, "down");
      return scaled === undefined ? undefined : Math.floor(scaled / size.units);
    },
  };
}

/** A step of `units` × 10^-decimals. */
interface Step {
  readonly units: number;
  readonly decimals: number;
}

function stepOf(text: string): Step {
  const decimals = text.split(".")[1]?.length ?? 0;
  const units = scan(text, decimals, "exact");
  if (units === undefined || units === 0) throw new Error(`invariant: ${text} is no step of a grid`);
  return { units, decimals };
}

const ZERO = 48;
const NINE = 57;
const POINT = 46;

/** The value in units of 10^-decimals; undefined beyond 2^53, and for digits behind the last unit where it is exact. */
function scan(text: string, decimals: number, rounding: "exact" | "down"): number | undefined {
  let units = 0;
  let left = -1;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === POINT) {
      if (left !== -1 || digits === 0) return undefined;
      left = decimals;
      digits = 0;
    } else if (char < ZERO || char > NINE) return undefined;
    else {
      digits++;
      if (left === 0) {
        if (rounding === "exact" && char !== ZERO) return undefined;
      } else {
        units = units * 10 + (char - ZERO);
        if (left > 0) left--;
      }
    }
  }
  if (digits === 0) return undefined;
  units *= 10 ** (left === -1 ? decimals : left);
  return Number.isSafeInteger(units) ? units : undefined;
}
