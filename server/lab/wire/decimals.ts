/**
 * Ticks, lots and atoms as the decimal texts of a venue's protocol, and back: exact both ways, for every front-end.
 */
import type { Instrument } from "../../contract/instrument.ts";
import { decimalToScaled, scaledToDecimal } from "../../core/decimal.ts";
import type { VenueCore } from "./ports.ts";

type Steps = Pick<Instrument, "tick" | "lot" | "contractSizeBase">;

/** With the decimals of the tick, as it is written: 6000000 ticks of 0.01 are `60000.00`. */
export function priceText({ tick }: Pick<Instrument, "tick">, priceTicks: number): string {
  return stepsText(stepOf(tick), priceTicks);
}

/** With the decimals of the lot. */
export function sizeText({ lot }: Pick<Instrument, "lot">, sizeLots: number): string {
  return stepsText(stepOf(lot), sizeLots);
}

/** Undefined for what is no plain decimal, or no whole number of ticks. */
export function parsePrice({ tick }: Pick<Instrument, "tick">, text: string): number | undefined {
  return parseSteps(stepOf(tick), text);
}

/** Undefined for what is no plain decimal, or no whole number of lots. */
export function parseSize({ lot }: Pick<Instrument, "lot">, text: string): number | undefined {
  return parseSteps(stepOf(lot), text);
}

/** With all the decimals of the asset; `scaledToDecimal` gives the shortest text. */
export function atomsText(atoms: bigint, decimals: number): string {
  return padded(atoms, decimals);
}

/** Undefined for what is no plain decimal without a sign, or finer than an atom. */
export function parseAtoms(text: string, decimals: number): bigint | undefined {
  return isPlain(text) && isHeld(text, decimals) ? decimalToScaled(trimmed(text), decimals) : undefined;
}

/** Decimals of the atoms of an asset. */
export function decimalsOf({ assets }: Pick<VenueCore, "assets">, asset: string): number {
  const spec = assets.find((candidate) => candidate.asset === asset);
  if (spec === undefined) throw new Error(`invariant: the venue has no asset ${asset}`);
  return spec.decimals;
}

/** The quote value of Σ price × size, which is in ticks × lots; the shortest exact text. */
export function valueText({ tick, lot, contractSizeBase }: Steps, tickLots: bigint): string {
  const steps = [stepOf(tick), stepOf(lot), stepOf(contractSizeBase)];
  const units = steps.reduce((product, step) => product * step.units, tickLots);
  return scaledToDecimal(
    units,
    steps.reduce((sum, step) => sum + step.decimals, 0),
  );
}

/** A step of `units` × 10^-decimals. */
interface Step {
  readonly units: bigint;
  readonly unitsNumber: number;
  readonly decimals: number;
}

/** Ticks and lots of configurations: few, and each is parsed once. */
const STEPS_KEPT_MAX = 1_000;
const known = new Map<string, Step>();

function stepOf(text: string): Step {
  const found = known.get(text);
  if (found !== undefined) return found;
  const decimals = text.split(".")[1]?.length ?? 0;
  const units = decimalToScaled(text, decimals);
  const step = { units, unitsNumber: Number(units), decimals };
  if (known.size >= STEPS_KEPT_MAX) known.clear();
  known.set(text, step);
  return step;
}

function stepsText({ units, unitsNumber, decimals }: Step, count: number): string {
  const product = count * unitsNumber;
  if (!Number.isSafeInteger(product)) return padded(BigInt(count) * units, decimals);
  return paddedDigits(String(Math.abs(product)), product < 0 ? "-" : "", decimals);
}

function padded(atoms: bigint, decimals: number): string {
  return paddedDigits(String(atoms < 0n ? -atoms : atoms), atoms < 0n ? "-" : "", decimals);
}

function paddedDigits(digits: string, sign: string, decimals: number): string {
  if (decimals === 0) return sign + digits;
  const all = digits.padStart(decimals + 1, "0");
  const point = all.length - decimals;
  return `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}

function parseSteps({ units, decimals }: Step, text: string): number | undefined {
  if (!isPlain(text) || !isHeld(text, decimals)) return undefined;
  const scaled = decimalToScaled(trimmed(text), decimals);
  if (scaled % units !== 0n) return undefined;
  const count = Number(scaled / units);
  return Number.isSafeInteger(count) ? count : undefined;
}

/** Longer than any price or amount: nobody makes the venue compute with thousands of digits. */
const TEXT_MAX = 48;

function isPlain(text: string): boolean {
  return text.length <= TEXT_MAX && /^\d+(\.\d+)?$/.test(text);
}

function isHeld(text: string, decimals: number): boolean {
  return (trimmed(text).split(".")[1]?.length ?? 0) <= decimals;
}

/** Without zeros behind the last digit that counts: `1.500` needs one decimal. */
function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
