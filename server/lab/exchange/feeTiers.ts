/** Which rates an account pays: a schedule with steps by the volume of the last 30 days, in virtual time. */
import type { AssetSpec, FeeSchedule } from "../../contract/instrument.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import { decimalToScaled } from "../../core/decimal.ts";
import { decimalsOf, rateOf } from "./money.ts";

/** Parts of 1e12, cost > 0. */
export interface Rates {
  readonly maker: bigint;
  readonly taker: bigint;
  readonly makerFrac: number;
  readonly takerFrac: number;
}

interface Step extends Rates {
  readonly volumeMinAtoms: bigint;
}

/**
 * Volume is counted by the hour: a fill leaves the window between 719 and 720 hours after it, and the window holds
 * at most 720 buckets, whatever is traded.
 */
export interface FeeTiers {
  readonly volumeAsset: string | undefined;
  /** The schedule's own rates first, then cheaper ones. */
  readonly steps: readonly Step[];
  /** Oldest first. */
  readonly buckets: { readonly hour: number; atoms: bigint }[];
  volumeAtoms: bigint;
}

const HOUR_US = 3_600 * MICROS_PER_SECOND;
const WINDOW_HOURS = 30 * 24;

export function createFeeTiers(fees: FeeSchedule, assets: readonly AssetSpec[]): FeeTiers {
  const { tiers } = fees;
  const decimals = tiers === undefined ? 0 : decimalsOf(tiers.volumeAsset, assets);
  const steps = [{ ...fees, volumeMin: "0" }, ...(tiers?.steps ?? [])].map(
    ({ volumeMin, makerFrac, takerFrac }) => ({
      volumeMinAtoms: decimalToScaled(volumeMin, decimals),
      maker: rateOf(makerFrac),
      taker: rateOf(takerFrac),
      makerFrac,
      takerFrac,
    }),
  );
  return { volumeAsset: tiers?.volumeAsset, steps, buckets: [], volumeAtoms: 0n };
}

/** By the fills before this instant. */
export function ratesAt(tiers: FeeTiers, atUs: number): Rates {
  const [first] = tiers.steps;
  if (first === undefined) throw new Error("invariant: a fee schedule without rates");
  if (tiers.steps.length === 1) return first;
  const volume = volumeAt(tiers, atUs);
  return tiers.steps.findLast((step) => volume >= step.volumeMinAtoms) ?? first;
}

/** Nothing is dearer: volume only ever makes rates cheaper. */
export function dearestRates(tiers: FeeTiers): Rates {
  const [first] = tiers.steps;
  if (first === undefined) throw new Error("invariant: a fee schedule without rates");
  return first;
}

export function volumeAt({ buckets, volumeAtoms }: FeeTiers, atUs: number): bigint {
  let volume = volumeAtoms;
  for (const { hour, atoms } of buckets) {
    if (!isOver(hour, atUs)) break;
    volume -= atoms;
  }
  return volume;
}

export function countVolume(tiers: FeeTiers, atoms: bigint, atUs: number): void {
  const { buckets } = tiers;
  tiers.volumeAtoms = volumeAt(tiers, atUs) + atoms;
  while (buckets[0] !== undefined && isOver(buckets[0].hour, atUs)) buckets.shift();
  const hour = Math.floor(atUs / HOUR_US);
  const last = buckets.at(-1);
  if (last !== undefined && last.hour >= hour) last.atoms += atoms;
  else buckets.push({ hour, atoms });
}

function isOver(hour: number, atUs: number): boolean {
  return Math.floor(atUs / HOUR_US) - hour >= WINDOW_HOURS;
}
