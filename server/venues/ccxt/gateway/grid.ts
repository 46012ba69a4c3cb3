/** Text of a venue ↔ ticks, lots and atoms, exactly: a number off the grid is refused, never rounded. */
import type { Steps } from "../../../contract/instrument.ts";
import { decimalToScaled, nearestTicks, scaledToDecimal } from "../../../core/decimal.ts";

export interface Grid {
  readonly steps: Steps;
  /** Undefined: no whole number of ticks. */
  ticks(price: string): number | undefined;
  /** For what is off the grid and must be told all the same; at least 1. */
  nearestTicks(price: string): number;
  /** Undefined: no whole number of lots. */
  lots(size: string): number | undefined;
  priceText(ticks: number): string;
  sizeText(lots: number): string;
}

export function gridOf({ tick, lot }: Steps): Grid {
  const price = stepsOf(tick);
  const size = stepsOf(lot);
  return {
    steps: { tick, lot },
    ticks: price.count,
    nearestTicks: (text) => Math.max(1, nearestTicks(Number(text), Number(tick))),
    lots: size.count,
    priceText: price.text,
    sizeText: size.text,
  };
}

/** The first of these in which the price and all sizes are whole; else one as fine as they are written. */
export function exactGrid(grids: readonly Grid[], price: string, sizes: readonly string[]): Grid {
  const fits = ({ ticks, lots }: Grid): boolean =>
    ticks(price) !== undefined && sizes.every((size) => lots(size) !== undefined);
  return grids.find(fits) ?? gridOf({ tick: finestStep([price]), lot: finestStep(sizes) });
}

function finestStep(texts: readonly string[]): string {
  const digits = texts.map((text) => (text.split(".")[1] ?? "").replace(/0+$/, "").length);
  const decimals = Math.max(0, ...digits);
  return decimals === 0 ? "1" : `0.${"1".padStart(decimals, "0")}`;
}

function stepsOf(step: string) {
  const decimals = step.split(".")[1]?.length ?? 0;
  const scaled = decimalToScaled(step, decimals);
  return {
    count(text: string): number | undefined {
      const fraction = text.split(".")[1] ?? "";
      const excess = fraction.slice(decimals);
      if (!/^\d+(\.\d*)?$/.test(text) || /[1-9]/.test(excess)) return undefined;
      const whole = text.split(".")[0] ?? "";
      const value = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
      if (value % scaled !== 0n) return undefined;
      const count = Number(value / scaled);
      return Number.isSafeInteger(count) ? count : undefined;
    },
    text: (count: number): string => scaledToDecimal(BigInt(count) * scaled, decimals),
  };
}

/**
 * An amount in atoms; more digits than the asset has here are rounded up in size, so that a cost is never understated.
 * `exact` is false then. Throws DecimalError for what is no plain decimal.
 */
export function atomsOf(text: string, decimals: number): { readonly atoms: bigint; readonly exact: boolean } {
  const [whole = "", fraction = ""] = text.split(".");
  const excess = fraction.slice(decimals);
  if (!/[1-9]/.test(excess))
    return {
      atoms: decimalToScaled(
        fraction === "" ? whole : `${whole}.${fraction.slice(0, decimals)}`.replace(/\.$/, ""),
        decimals,
      ),
      exact: true,
    };
  const scaled = decimalToScaled(text, fraction.length);
  const divisor = 10n ** BigInt(fraction.length - decimals);
  const towardsZero = scaled / divisor;
  return { atoms: towardsZero + (scaled < 0n ? -1n : 1n), exact: false };
}
