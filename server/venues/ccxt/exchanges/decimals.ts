/** Exact sums of decimals as text. */
import { decimalToScaled, scaledToDecimal } from "../../../core/decimal.ts";

/** "0.1" + "0.20" is "0.3". Throws DecimalError where one is not a plain decimal. */
export function addDecimals(a: string, b: string): string {
  const decimals = Math.max(decimalsOf(a), decimalsOf(b));
  return scaledToDecimal(decimalToScaled(a, decimals) + decimalToScaled(b, decimals), decimals);
}

function decimalsOf(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}
