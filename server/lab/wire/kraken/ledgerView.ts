/**
 * The account ledger as the venue tells it: a fee is part of the entry that it was paid with, where the core keeps it
 * as one of its own.
 */
import type { LedgerEntry } from "../../ports.ts";
import type { VenueCore } from "../ports.ts";
import { atomsText, decimalsOf } from "../decimals.ts";
import { assetId } from "./assets.ts";
import { fundingRef, tradeTxid } from "./ids.ts";
import type { Json } from "./json.ts";
import { epochSeconds } from "./time.ts";
import type { KrakenVenue } from "./venue.ts";

/** An entry of the core with the fee that belongs to it. */
export interface LedgerLine extends LedgerEntry {
  /** Cost > 0. */
  readonly feeAtoms: bigint;
  /** Of the fee's own entry, where it has one. */
  readonly lastId: number;
}

/** Oldest first. */
export function readLedger(
  core: VenueCore,
  account: number,
  from: { readonly afterId?: number } = {},
): LedgerLine[] {
  const entries: LedgerEntry[] = [];
  for (let afterId = from.afterId ?? 0; ;) {
    const page = core.ledger(account, { afterId }).entries;
    entries.push(...page);
    const last = page.at(-1);
    if (last === undefined) return withFees(entries);
    afterId = last.id;
  }
}

/** The two sides of a trade come one after the other, and its fee after them. */
function withFees(entries: readonly LedgerEntry[]): LedgerLine[] {
  const lines: LedgerLine[] = [];
  for (const entry of entries) {
    const at =
      entry.kind === "fee"
        ? lines.findLastIndex((line, i) => i >= lines.length - 2 && isPaidWith(line, entry))
        : -1;
    const line = lines[at];
    if (line === undefined) lines.push({ ...entry, feeAtoms: 0n, lastId: entry.id });
    else {
      const { amountAtoms, balanceAtoms, id: lastId } = entry;
      lines[at] = { ...line, feeAtoms: line.feeAtoms - amountAtoms, balanceAtoms, lastId };
    }
  }
  return lines;
}

function isPaidWith(line: LedgerLine, fee: LedgerEntry): boolean {
  return (
    line.kind === "trade" &&
    line.asset === fee.asset &&
    line.refId === fee.refId &&
    line.instrument === fee.instrument
  );
}

export function ledgerType(line: LedgerLine): "trade" | "deposit" | "withdrawal" | "transfer" {
  return line.kind === "fee" ? "trade" : line.kind;
}

/** The trade or the funding that it belongs to. */
export function refIdOf(venue: KrakenVenue, line: LedgerLine): string {
  const { instrument, refId: tradeId } = line;
  if (instrument === undefined) return fundingRef(tradeId);
  const isBase = venue.pairs.of(instrument).definition.base === line.asset;
  const side = isBase === line.amountAtoms > 0n ? "buy" : "sell";
  return tradeTxid({ instrument, tradeId, side });
}

export function ledgerView(venue: KrakenVenue, line: LedgerLine): Json {
  const decimals = decimalsOf(venue.core, line.asset);
  return {
    refid: refIdOf(venue, line),
    time: epochSeconds(line.atUs),
    type: ledgerType(line),
    subtype: "",
    aclass: "currency",
    asset: assetId(line.asset),
    amount: atomsText(line.amountAtoms, decimals),
    fee: atomsText(line.feeAtoms, decimals),
    balance: atomsText(line.balanceAtoms, decimals),
  };
}
