/** Numbers as this venue writes them: shortest decimals, milliseconds, and an empty text for what there is not. */
import type { Instrument } from "../../../contract/instrument.ts";
import { MICROS_PER_MS } from "../../../contract/units.ts";
import { scaledToDecimal } from "../../../core/decimal.ts";
import { priceText, sizeText } from "../decimals.ts";

export function pxText(definition: Instrument, ticks: number): string {
  return shortest(priceText(definition, ticks));
}

export function szText(definition: Instrument, lots: number): string {
  return shortest(sizeText(definition, lots));
}

export function msText(atUs: number): string {
  return String(Math.floor(atUs / MICROS_PER_MS));
}

/** The venue keeps so many digits of an average beyond those of the tick. */
const AVERAGE_DECIMALS = 8;

/** Average price of fills; empty when there are none. Rounded half up. */
export function averageText(definition: Instrument, tickLots: bigint, lots: number): string {
  if (lots === 0) return "";
  const [, fraction = ""] = definition.tick.split(".");
  const decimals = fraction.length + AVERAGE_DECIMALS;
  const tickScaled = BigInt(definition.tick.replace(".", ""));
  const scaled = tickLots * tickScaled * 10n ** BigInt(AVERAGE_DECIMALS);
  return scaledToDecimal((2n * scaled + BigInt(lots)) / (2n * BigInt(lots)), decimals);
}

function shortest(text: string): string {
  if (!text.includes(".")) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO) end--;
  if (text.charCodeAt(end - 1) === POINT) end--;
  return text.slice(0, end);
}

const ZERO = 48;
const POINT = 46;
