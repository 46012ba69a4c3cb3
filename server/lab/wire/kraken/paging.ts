/** Histories come newest first, 50 at a time, between a start and an end that are an instant or the id of a row. */
import { parseEpoch } from "./time.ts";
import { flagOf, right, textOf, wholeOf, wrongArgument } from "./params.ts";
import type { Checked, Params } from "./params.ts";

export const PAGE_ROWS = 50;

export interface Rows<T> {
  readonly atUs: (row: T) => number;
  readonly isId: (row: T, id: string) => boolean;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** Of all that match; left out where the client asks for that. */
  readonly count: number | undefined;
}

/** An edge that is an instant; undefined for one that is the id of a row, and where there is none. */
export function instantIn(params: Params, edge: "start" | "end"): number | undefined {
  const text = textOf(params, edge);
  return text === undefined ? undefined : parseEpoch(text);
}

/** `rows` newest first. The start is excluded and the end included. */
export function selectPage<T>(rows: readonly T[], params: Params, { atUs, isId }: Rows<T>): Checked<Page<T>> {
  const offset = params["ofs"] === undefined ? 0 : wholeOf(params, "ofs");
  if (offset === undefined || offset < 0) return wrongArgument("ofs");
  let found = rows;
  for (const name of ["start", "end"] as const) {
    const text = textOf(params, name);
    if (text === undefined) continue;
    const edgeUs = instantIn(params, name);
    const at = edgeUs === undefined ? found.findIndex((row) => isId(row, text)) : -1;
    if (edgeUs === undefined && at < 0) return wrongArgument(name);
    if (name === "start")
      found = edgeUs === undefined ? found.slice(0, at) : found.filter((row) => atUs(row) > edgeUs);
    else found = edgeUs === undefined ? found.slice(at) : found.filter((row) => atUs(row) <= edgeUs);
  }
  const count = flagOf(params, "without_count") ? undefined : found.length;
  return right({ rows: found.slice(offset, offset + PAGE_ROWS), count });
}
