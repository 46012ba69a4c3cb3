/** Strict readers of raw frames, by hand: a schema library costs more than the parsing itself here. */
import { MICROS_PER_MS } from "../../../../contract/units.ts";
import type { VenueTime } from "../venueClock.ts";

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(raw: unknown): raw is Fields {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

/** Undefined for what is no JSON object. */
export function parseFields(text: string): Fields | undefined {
  try {
    const raw: unknown = JSON.parse(text);
    return isFields(raw) ? raw : undefined;
  } catch {
    return undefined;
  }
}

/** A whole number, as one or as text. */
export function wholeOf(raw: unknown): number | undefined {
  const value = typeof raw === "string" && /^-?\d{1,16}$/.test(raw) ? Number(raw) : raw;
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

export function textOf(raw: unknown): string | undefined {
  return typeof raw === "string" && raw !== "" ? raw : undefined;
}

export function usOfMs(raw: unknown): number | undefined {
  const atMs = wholeOf(raw);
  return atMs === undefined ? undefined : atMs * MICROS_PER_MS;
}

/** A clock that shows milliseconds. */
export function timeOfMs(raw: unknown): VenueTime | undefined {
  const atUs = usOfMs(raw);
  return atUs === undefined ? undefined : { atUs, resolutionUs: MICROS_PER_MS };
}

/** Flat `[price, size, …]` of a list of arrays that begin with both as text. */
export function flatPairs(raw: unknown): string[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const flat: string[] = [];
  for (const level of raw as unknown[]) {
    if (!Array.isArray(level)) return undefined;
    const [price, size] = level as unknown[];
    if (typeof price !== "string" || typeof size !== "string") return undefined;
    flat.push(price, size);
  }
  return flat;
}

/**
 * Without zeros behind the last digit that counts: `0.01000000` is `0.01`. Undefined for what is no positive decimal.
 */
export function stepText(raw: unknown): string | undefined {
  if (typeof raw !== "string" || !/^\d+(\.\d+)?$/.test(raw) || !/[1-9]/.test(raw)) return undefined;
  return raw.includes(".") ? raw.replace(/\.?0+$/, "") : raw;
}
