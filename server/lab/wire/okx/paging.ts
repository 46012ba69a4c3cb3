/** Pages of 100, newest first: `after` asks for what is older than an id, `before` for what is newer. */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { Refusal } from "./codes.ts";
import { wholeNumber, wrong } from "./fields.ts";
import type { Fields } from "./fields.ts";

export interface Page {
  readonly limit: number;
  readonly after: string | undefined;
  readonly before: string | undefined;
  readonly sinceUs: number;
  readonly untilUs: number;
}

const LIMIT_MAX = 100;
const IDS = /^\d{1,30}$/;

export function pageOf({ limit = String(LIMIT_MAX), after, before, begin, end }: Fields): Page | Refusal {
  const asked = wholeNumber(limit);
  if (asked === undefined || asked < 1) return wrong("limit");
  if (after !== undefined && !IDS.test(after)) return wrong("after");
  if (before !== undefined && !IDS.test(before)) return wrong("before");
  const sinceMs = begin === undefined ? -Infinity : wholeNumber(begin);
  const untilMs = end === undefined ? Infinity : wholeNumber(end);
  if (sinceMs === undefined) return wrong("begin");
  if (untilMs === undefined) return wrong("end");
  return {
    // The venue gives at most 100, whatever is asked.
    limit: Math.min(asked, LIMIT_MAX),
    after,
    before,
    sinceUs: sinceMs * MICROS_PER_MS,
    // All of its millisecond.
    untilUs: (untilMs + 1) * MICROS_PER_MS - 1,
  };
}

/** Of what is newest first. An id that is not there is compared as a number. */
export function sliceOf<T>(
  newestFirst: readonly T[],
  { limit, after, before }: Page,
  idOf: (item: T) => string,
): T[] {
  const isOlder = (id: string, than: string): boolean => BigInt(id) < BigInt(than);
  const from =
    after === undefined
      ? 0
      : placeOf(
          newestFirst,
          (item) => idOf(item) === after,
          (item) => isOlder(idOf(item), after),
        );
  const to =
    before === undefined
      ? newestFirst.length
      : newestFirst.findIndex((item) => idOf(item) === before || isOlder(idOf(item), before));
  return newestFirst.slice(from, to === -1 ? newestFirst.length : to).slice(0, limit);
}

/** After the item itself, or else where smaller ids begin. */
function placeOf<T>(items: readonly T[], isIt: (item: T) => boolean, isOlder: (item: T) => boolean): number {
  const at = items.findIndex(isIt);
  if (at !== -1) return at + 1;
  const older = items.findIndex(isOlder);
  return older === -1 ? items.length : older;
}
