/**
 * What the venue's filters make of a definition. The venue's word counts: an order by other steps is refused there, so
 * a difference to the desk's configuration is adopted as a new version, also at the start, before the first book; the
 * engine pulls the old version's orders and takes the new scales, or halts what it cannot hold exactly. A symbol that
 * the venue does not list is DELISTED. What a venue does not state stays as configured.
 */
import type { Instrument } from "../../../contract/instrument.ts";
import { createLevelGrid } from "./levelGrid.ts";
import type { VenueTerms } from "./protocols/protocol.ts";

/** Undefined: nothing changed. `terms` are undefined where the venue does not list the instrument. */
export function adoptTerms(current: Instrument, terms: VenueTerms | undefined): Instrument | undefined {
  const next = terms === undefined ? { ...current, status: "DELISTED" as const } : withTerms(current, terms);
  const changes = differences(current, next);
  return changes.length === 0 ? undefined : { ...next, version: current.version + 1 };
}

const STATED = ["tick", "lot", "sizeMinLots", "notionalMinQuote", "priceBandFrac", "status"] as const;

/** For people: `tick 0.01 → 0.1`. */
export function differences(before: Instrument, after: Instrument): string[] {
  return STATED.filter((field) => !isSame(before[field], after[field])).map(
    (field) => `${field} ${before[field] ?? "none"} → ${after[field] ?? "none"}`,
  );
}

function withTerms(current: Instrument, terms: VenueTerms): Instrument {
  const notionalMinQuote = stated(current.notionalMinQuote, terms.notionalMinQuote);
  const priceBandFrac = terms.priceBandFrac ?? current.priceBandFrac;
  return {
    ...current,
    tick: stated(current.tick, terms.tick),
    lot: stated(current.lot, terms.lot),
    sizeMinLots: lotsFor(terms),
    ...(notionalMinQuote === undefined ? {} : { notionalMinQuote }),
    ...(priceBandFrac === undefined ? {} : { priceBandFrac }),
    status: terms.status,
  };
}

/** The venue's, in the desk's own words where both mean the same. */
function stated<T extends string | undefined>(current: T, venue: T): T {
  return venue === undefined || isSame(current, venue) ? current : venue;
}

/** Rounded up: below the minimum nothing is taken. */
function lotsFor({ tick, lot, sizeMin }: VenueTerms): number {
  const lots = createLevelGrid({ tick, lot }).lots(sizeMin) ?? 0;
  const isWhole = createLevelGrid({ tick: lot, lot }).ticks(sizeMin) !== undefined;
  return Math.max(1, isWhole ? lots : lots + 1);
}

/** `0.10` and `0.1` are one step. */
function isSame(a: string | number | undefined, b: string | number | undefined): boolean {
  return a === b || (typeof a === "string" && typeof b === "string" && plain(a) === plain(b));
}

function plain(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
