/** Amounts of money in requests, and why the treasury would not move them. */
import type { TreasuryRefusal } from "../../ports.ts";
import { decimalsOf, parseAtoms } from "../decimals.ts";
import type { VenueCore } from "../ports.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import { missing, wrong } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { pageOf } from "./paging.ts";
import type { Page } from "./paging.ts";

/** Atoms, or why the text is no amount of the currency. */
export function amountOf(core: VenueCore, ccy: string, amt: string | undefined): bigint | Refusal {
  if (!core.assets.some(({ asset }) => asset === ccy)) return wrong("ccy");
  if (amt === undefined) return missing("amt");
  return parseAtoms(amt, decimalsOf(core, ccy)) ?? wrong("amt");
}

export function treasuryRefusal(reason: TreasuryRefusal): Refusal {
  switch (reason) {
    case "INSUFFICIENT_FUNDS":
      return refuse("58350");
    case "UNKNOWN_ASSET":
      return wrong("ccy");
    case "BAD_AMOUNT":
      return wrong("amt");
    case "TOO_MANY_PENDING":
      return refuse("50011");
  }
}

/** Here `before` and `after` are instants: later than the one, earlier than the other. */
export function pageByTime(fields: Fields): Page | Refusal {
  return pageOf({ ...fields, begin: fields.before, end: fields.after, before: undefined, after: undefined });
}

/** The one network of every currency. */
export function chainOf(asset: string): string {
  return `${asset}-${asset}`;
}
