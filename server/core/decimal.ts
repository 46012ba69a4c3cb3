/**
 * Decimals without floats: text ↔ bigint atoms, the exact scales of an instrument, and the only
 * places where a float price becomes an integer number of ticks.
 */

import { UserError } from "../contract/errors.ts";

/** Outside text or a configuration that cannot be held exactly; the message says what to change. */
export class DecimalError extends UserError {
  override readonly name = "DecimalError";
}

/** `"1.25"` at 4 decimals is `12500n`. Throws DecimalError when digits would be lost. */
export function decimalToScaled(text: string, decimals: number): bigint {
  const scaled = rescale(parseDecimal(text), decimals);
  if (scaled === undefined)
    throw new DecimalError(`${text} needs more than ${decimals} decimals: give it with fewer`);
  return scaled;
}

/** The shortest plain decimal: no exponent, no trailing zeros. */
export function scaledToDecimal(atoms: bigint, decimals: number): string {
  const sign = atoms < 0n ? "-" : "";
  const digits = (atoms < 0n ? -atoms : atoms).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return fraction === "" ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** The nearest float, for models and screens; never on the way back to atoms. */
export function atomsToNumber(atoms: bigint, decimals: number): number {
  const power = EXACT_POWERS_OF_TEN[decimals];
  // Both operands exact: the division is the only rounding. Dividing an already rounded bigint would round twice.
  if (power !== undefined && atoms <= SAFE_ATOMS && atoms >= -SAFE_ATOMS) return Number(atoms) / power;
  return Number(scaledToDecimal(atoms, decimals));
}

export interface ScaleInput {
  readonly tick: string;
  readonly lot: string;
  readonly contractSizeBase: string;
  readonly baseDecimals: number;
  readonly quoteDecimals: number;
}

/** What one tick and one lot are worth: floats for models, atoms for the ledger. */
export interface Scales {
  readonly tickQuote: number;
  readonly lotBase: number;
  readonly baseAtomsPerLot: bigint;
  /** Value of one lot at a price of one tick: a fill is worth this × ticks × lots, with no remainder. */
  readonly quoteAtomsPerTickLot: bigint;
}

/** Throws DecimalError when an asset has too few decimals for every fill to be exact in its atoms. */
export function compileScales(input: ScaleInput): Scales {
  const lotBase = multiply(parseDecimal(input.lot), parseDecimal(input.contractSizeBase));
  const tick = parseDecimal(input.tick);
  const tickLot = multiply(tick, lotBase);
  if (tick.digits <= 0n || lotBase.digits <= 0n)
    throw new DecimalError(
      `tick ${input.tick}, lot ${input.lot} and contract size ${input.contractSizeBase} must be > 0`,
    );
  return {
    tickQuote: Number(input.tick),
    lotBase: Number(scaledToDecimal(lotBase.digits, lotBase.decimals)),
    baseAtomsPerLot: exactAtoms(lotBase, input.baseDecimals, "base asset", `lot ${input.lot}`),
    quoteAtomsPerTickLot: exactAtoms(
      tickLot,
      input.quoteDecimals,
      "quote asset",
      `tick ${input.tick} × lot ${input.lot}`,
    ),
  };
}

/** Down to the grid: for bids. */
export function floorToTicks(priceQuote: number, tickQuote: number): number {
  const ratio = priceQuote / tickQuote;
  return checkedTicks(onGrid(ratio) ? Math.round(ratio) : Math.floor(ratio), priceQuote);
}

/** Up to the grid: for asks. */
export function ceilToTicks(priceQuote: number, tickQuote: number): number {
  const ratio = priceQuote / tickQuote;
  return checkedTicks(onGrid(ratio) ? Math.round(ratio) : Math.ceil(ratio), priceQuote);
}

/** For display and references, never for an order's own price. */
export function nearestTicks(priceQuote: number, tickQuote: number): number {
  return checkedTicks(Math.round(priceQuote / tickQuote), priceQuote);
}

/**
 * Above this a venue's price is not on our grid: the tick is wrong. Below some 6e9 ticks it is also far
 * above what a double can be off by; larger prices are refused, which is the safe side.
 */
const PARSE_ERROR_TICKS_MAX = 1e-6;

/** A venue's float price in ticks; undefined when it lies off the grid. */
export function parseTicks(priceQuote: number, tickQuote: number): number | undefined {
  const ratio = priceQuote / tickQuote;
  const ticks = Math.round(ratio);
  return Number.isSafeInteger(ticks) && Math.abs(ratio - ticks) <= PARSE_ERROR_TICKS_MAX ? ticks : undefined;
}

/**
 * 0.3 / 0.1 is 2.9999999999999996. Price, tick and quotient are each off by at most half an EPSILON, 1.5
 * together; 8 leaves room for a price that is itself a sum of a few terms. At 1e6 ticks it is 2e-9 of a tick.
 */
const GRID_NOISE_FRAC = 8 * Number.EPSILON;

function onGrid(ratio: number): boolean {
  return Math.abs(ratio - Math.round(ratio)) <= GRID_NOISE_FRAC * Math.abs(ratio);
}

function checkedTicks(ticks: number, priceQuote: number): number {
  if (!Number.isSafeInteger(ticks)) throw new Error(`invariant: a price of ${priceQuote} has no ticks`);
  return ticks === 0 ? 0 : ticks; // Math.ceil(-0.5) is −0, which a state hash must not see
}

/** To the most decimals an asset has. A double holds them exactly up to 1e22; `10 ** n` is not exact in every engine. */
const EXACT_POWERS_OF_TEN: readonly number[] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
];
const SAFE_ATOMS = BigInt(Number.MAX_SAFE_INTEGER);

/** digits × 10^-decimals. */
interface Decimal {
  readonly digits: bigint;
  readonly decimals: number;
}

function parseDecimal(text: string): Decimal {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new DecimalError(`"${text}" is not a plain decimal: write it as 0.01`);
  const [, whole = "", fraction = ""] = match;
  return { digits: BigInt(whole + fraction), decimals: fraction.length };
}

function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, decimals: a.decimals + b.decimals };
}

/** Undefined when digits would be lost. */
function rescale(value: Decimal, decimals: number): bigint | undefined {
  if (decimals >= value.decimals) return value.digits * 10n ** BigInt(decimals - value.decimals);
  const divisor = 10n ** BigInt(value.decimals - decimals);
  return value.digits % divisor === 0n ? value.digits / divisor : undefined;
}

function exactAtoms(value: Decimal, decimals: number, asset: string, what: string): bigint {
  const atoms = rescale(value, decimals);
  if (atoms !== undefined) return atoms;
  const exact = scaledToDecimal(value.digits, value.decimals);
  const needed = exact.length - 1 - exact.indexOf(".");
  throw new DecimalError(
    `${what} needs ${needed} decimals and the ${asset} has ${decimals}: raise its decimals`,
  );
}
