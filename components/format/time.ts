/** Instants in UTC, and one in the time of this place, as HH:mm:ss; ages as "1.2 s". Arguments name their unit: `…Us` engine time, `…Ms` the rest. */
import { MISSING } from "./number.ts";

export function formatTimeUs(atUs: number | undefined): string {
  return atUs === undefined ? MISSING : formatTimeMs(atUs / 1_000);
}

export function formatTimeMs(atMs: number | undefined): string {
  return atMs === undefined ? MISSING : new Date(atMs).toISOString().slice(11, 19);
}

export function formatDateUs(atUs: number | undefined): string {
  return atUs === undefined ? MISSING : new Date(atUs / 1_000).toISOString().slice(0, 10);
}

/** Date and time, for what may be older than today. */
export function formatInstantUs(atUs: number | undefined): string {
  return atUs === undefined ? MISSING : `${formatDateUs(atUs)} ${formatTimeUs(atUs)}`;
}

/** With milliseconds, where the order of things within a second matters. */
export function formatPreciseTimeUs(atUs: number | undefined): string {
  return atUs === undefined ? MISSING : new Date(atUs / 1_000).toISOString().slice(11, 23);
}

/** By the clock on the wall of whoever looks. */
export function formatLocalTimeUs(atUs: number): string {
  return new Date(atUs / 1_000).toTimeString().slice(0, 8);
}

/** How long ago, or how long something took: two units at most. */
export function formatAgeMs(ageMs: number | undefined): string {
  if (ageMs === undefined || !Number.isFinite(ageMs)) return MISSING;
  const age = Math.max(0, ageMs);
  if (age < 95) return `${Math.round(age)} ms`;
  if (age < 9_950) return `${(age / 1_000).toFixed(1)} s`;
  const seconds = Math.round(age / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return withRest(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return withRest(hours, "h", minutes % 60, "min");
  return withRest(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** A running time as HH:mm:ss; hours go on beyond a day. */
export function formatDurationMs(durationMs: number | undefined): string {
  if (durationMs === undefined) return MISSING;
  const seconds = Math.max(0, Math.floor(durationMs / 1_000));
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
}
