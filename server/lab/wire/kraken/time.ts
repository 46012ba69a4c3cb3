/** Instants as the venue writes and reads them: RFC 3339 with microseconds on sockets, seconds with a fraction over REST. */
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../../contract/units.ts";
import { exact } from "./json.ts";
import type { Exact } from "./json.ts";

/** `2024-05-18T12:01:56.165888Z` */
export function rfc3339(atUs: number): string {
  const fraction = String(atUs % MICROS_PER_SECOND).padStart(6, "0");
  return `${wholeSeconds(atUs)}.${fraction}Z`;
}

/** `2024-05-18T12:01:56Z` */
export function rfc3339Seconds(atUs: number): string {
  return `${wholeSeconds(atUs)}Z`;
}

/** Seconds since 1970 with microseconds, as a number. */
export function epochSeconds(atUs: number): Exact {
  return exact(epochText(atUs));
}

export function epochText(atUs: number): string {
  const fraction = String(atUs % MICROS_PER_SECOND).padStart(6, "0");
  return `${Math.floor(atUs / MICROS_PER_SECOND)}.${fraction}`;
}

/** In microseconds; undefined for what is no RFC 3339 instant. */
export function parseRfc3339(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", zone = ""] = match;
  const wholeMs = Date.parse(whole + zone.toUpperCase());
  if (Number.isNaN(wholeMs)) return undefined;
  return wholeMs * MICROS_PER_MS + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** Of seconds since 1970 with or without a fraction; undefined for what is no such number. */
export function parseEpoch(text: string): number | undefined {
  const match = /^(\d{1,11})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = ""] = match;
  return Number(whole) * MICROS_PER_SECOND + Number(fraction.padEnd(6, "0").slice(0, 6));
}

function wholeSeconds(atUs: number): string {
  return new Date(Math.floor(atUs / MICROS_PER_MS)).toISOString().slice(0, 19);
}
