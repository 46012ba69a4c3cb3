/** What the wallet endpoints of moving money share: amounts, refusals, and the rows of a history that were asked for. */
import type { LedgerEntry, TreasuryRefusal } from "../../ports.ts";
import { decimalsOf, parseAtoms } from "../decimals.ts";
import { decimal, idText, integer, limitOf, needText, text } from "./params.ts";
import type { Params } from "./params.ts";
import { missingParam, Refusal } from "./refusal.ts";
import { msOf } from "./symbols.ts";
import type { Venue } from "./venue.ts";

/** Throws a Refusal. */
export function needAsset({ core }: Venue, params: Params, name: string): string {
  const asset = needText(params, name);
  if (!core.assets.some((spec) => spec.asset === asset)) throw treasuryRefusal("UNKNOWN_ASSET");
  return asset;
}

/** In atoms, of at most the decimals of the asset. Throws a Refusal. */
export function needAmount({ core }: Venue, params: Params, asset: string): bigint {
  const amount = decimal(params, "amount", decimalsOf(core, asset));
  if (amount === undefined) throw missingParam("amount");
  return parseAtoms(amount, decimalsOf(core, asset)) ?? 0n;
}

export function treasuryRefusal(reason: TreasuryRefusal): Refusal {
  switch (reason) {
    case "INSUFFICIENT_FUNDS":
      return new Refusal(400, -4026, "You have insufficient balance.");
    case "UNKNOWN_ASSET":
      return new Refusal(400, -4018, "We don't have this asset.");
    case "BAD_AMOUNT":
      return new Refusal(400, -4022, "Not less than the minimum pick-up quantity.");
    case "TOO_MANY_PENDING":
      return new Refusal(400, -4005, "Too many new requests.");
  }
}

/** Oldest first. */
export function movements({ core }: Venue, account: number, kind: LedgerEntry["kind"]): LedgerEntry[] {
  const found: LedgerEntry[] = [];
  for (let afterId = 0; ;) {
    const { entries } = core.ledger(account, { afterId });
    const last = entries.at(-1);
    if (last === undefined) return found;
    afterId = last.id;
    found.push(...entries.filter((entry) => entry.kind === kind));
  }
}

export function isAsked(
  params: Params,
): (moved: { readonly asset: string; readonly atUs: number }) => boolean {
  const coin = text(params, "coin");
  const startMs = integer(params, "startTime") ?? 0;
  const endMs = integer(params, "endTime") ?? Infinity;
  return ({ asset, atUs }) =>
    (coin === undefined || asset === coin) && msOf(atUs) >= startMs && msOf(atUs) <= endMs;
}

export function pageOf<T>(params: Params, rows: readonly T[]): readonly T[] {
  const offset = Number(idText(params, "offset") ?? 0);
  return rows.slice(offset, offset + limitOf(params, 1_000, 1_000));
}
