/** How figures and instants are written for people: the terminal and the page say the same thing the same way. */

const MINUS = "−";
const PLUS = "+";

/** What stands where nothing is known. */
export const UNKNOWN = "—";

export interface NumberStyle {
  readonly decimals: number;
  /** A gain says that it is one; otherwise only losses have a sign. */
  readonly signed?: boolean;
}

/** Thousands apart, a true minus, and no sign on what rounds to zero. */
export function formatNumber(value: number, { decimals, signed = false }: NumberStyle): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const [whole = "0", fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  if (!/[1-9]/.test(text)) return text;
  if (value < 0) return `${MINUS}${text}`;
  return signed ? `${PLUS}${text}` : text;
}

export function formatCount(count: number): string {
  return formatNumber(count, { decimals: 0 });
}

/** Cents, unless a million makes them noise or the largest figure is lost in them. */
export function moneyDecimals(...values: readonly number[]): number {
  const largest = Math.max(0, ...values.map(Math.abs));
  if (largest >= 1e6) return 0;
  return largest >= 0.1 || largest === 0 ? 2 : significantDecimals(largest, 3);
}

export function formatMoney(value: number, asset: string, signed = false): string {
  return `${formatNumber(value, { decimals: moneyDecimals(value), signed })} ${asset}`;
}

/** A price that is no venue's own, such as an average: cents at least, and six digits. */
export function formatPrice(value: number): string {
  return formatNumber(value, { decimals: Math.max(2, significantDecimals(Math.abs(value), 6)) });
}

/** Five significant digits tell a size of any asset; zeros at their end tell nothing. */
export function formatAmount(value: number, asset: string, signed = false): string {
  const text = formatNumber(value, { decimals: significantDecimals(Math.abs(value), 5), signed });
  return `${text.includes(".") ? text.replace(/\.?0+$/, "") : text} ${asset}`;
}

export function formatPercent(fraction: number): string {
  return `${formatNumber(fraction * 100, { decimals: 1 })} %`;
}

/** `2024-01-01 00:15:00`; milliseconds only where there are some. */
export function formatInstant(iso: string): string {
  return iso.replace("T", " ").replace(/(\.000)?Z$/, "");
}

/** Both ends, the date once when it is one day. */
export function formatPeriod(fromIso: string, toIso: string): string {
  const [from, to] = [formatInstant(fromIso), formatInstant(toIso)];
  const sameDay = from.slice(0, 10) === to.slice(0, 10);
  return `${from} to ${sameDay ? to.slice(11) : to} UTC`;
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
] as const;

/** In its two largest units: `1 h 30 min`, `45 s`. */
export function formatDuration(seconds: number): string {
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const finest = UNITS[first + 1]?.[1] ?? 1;
  let rest = Math.round(seconds / finest) * finest;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(" ") || "0 s";
}

/** Decimals of a tick or a lot in plain notation: what a price of that instrument is shown with. */
export function decimalsOf(step: string): number {
  return step.includes(".") ? (step.replace(/0+$/, "").split(".")[1]?.length ?? 0) : 0;
}

/** More than this and a figure is an id. */
const DECIMALS_MAX = 8;

/** Decimals that show so many digits of a magnitude; none of zero. */
export function significantDecimals(magnitude: number, digits: number): number {
  if (!(magnitude > 0)) return 0;
  const decimals = digits - 1 - Math.floor(Math.log10(magnitude));
  return Math.min(DECIMALS_MAX, Math.max(0, decimals));
}
