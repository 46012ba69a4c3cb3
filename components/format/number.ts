/**
 * Figures as people read them: grouped by thousands, the minus as U+2212, a fixed number of digits so that
 * columns align. The locale is fixed: 1,234.5 means the same on every machine of the desk.
 */
export const MISSING = "—";
const MINUS = "−";

interface NumberStyle {
  readonly digits: number;
  /** Shows + on gains. A value that rounds to zero has no sign. */
  readonly signed?: boolean;
}

export function formatNumber(value: number | undefined, { digits, signed = false }: NumberStyle): string {
  if (value === undefined || !Number.isFinite(value)) return MISSING;
  const text = formatterFor(digits).format(Math.abs(value));
  const isZero = !/[1-9]/.test(text);
  if (isZero) return text;
  if (value < 0) return MINUS + text;
  return signed ? `+${text}` : text;
}

/** Digits after the point of a tick or lot such as "0.25"; a step of 10 needs none. */
export function digitsOf(step: string): number {
  const point = step.indexOf(".");
  return point < 0 ? 0 : step.slice(point + 1).replace(/0+$/, "").length;
}

/** A price with the digits of its tick; without a known tick, about six significant ones. */
export function formatPrice(price: number | undefined, tick: string | undefined): string {
  if (price === undefined) return MISSING;
  return formatNumber(price, { digits: tick === undefined ? guessDigits(price) : digitsOf(tick) });
}

/** Digits of sizes in tight places: lots of 1e-8 would fill a cell with zeros. */
const SHORT_SIZE_DIGITS = 5;

/** A size with the digits of its lot. */
export function formatSize(size: number | undefined, lot: string | undefined, signed = false): string {
  return formatNumber(size, { digits: lot === undefined ? SHORT_SIZE_DIGITS : digitsOf(lot), signed });
}

/** A size in a tight place: at most five digits, trailing zeros dropped beyond the third. */
export function formatShortSize(size: number | undefined, lot: string | undefined, signed = false): string {
  const digits = Math.min(lot === undefined ? SHORT_SIZE_DIGITS : digitsOf(lot), SHORT_SIZE_DIGITS);
  const text = formatNumber(size, { digits, signed });
  return digits > 3 ? text.replace(/(\.\d{3}\d*?)0+$/, "$1") : text;
}

export function formatBps(bps: number | undefined, signed = false): string {
  return bps === undefined ? MISSING : `${formatNumber(bps, { digits: 1, signed })} bps`;
}

/** A share of 1 as percent. */
export function formatPercent(share: number | undefined, digits = 1): string {
  return share === undefined ? MISSING : `${formatNumber(share * 100, { digits })} %`;
}

/** Money with its currency, which is never left out. */
export function formatMoney(
  amount: number | undefined,
  currency: string,
  { digits = 2, signed = false }: Partial<NumberStyle> = {},
): string {
  return amount === undefined ? MISSING : `${formatNumber(amount, { digits, signed })} ${currency}`;
}

export function formatCount(count: number | undefined): string {
  return formatNumber(count, { digits: 0 });
}

function guessDigits(price: number): number {
  const magnitude = Math.floor(Math.log10(Math.max(Math.abs(price), 1e-8)));
  return Math.min(8, Math.max(0, 5 - magnitude));
}

/** One formatter per number of digits: making one costs 50 µs, a grid shows hundreds at 10 Hz. */
const formatters: Intl.NumberFormat[] = [];

function formatterFor(digits: number): Intl.NumberFormat {
  return (formatters[digits] ??= new Intl.NumberFormat("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }));
}
