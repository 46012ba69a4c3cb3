/**
 * The balances of one account and every change of them. Only `post` moves a balance, so the entries always
 * sum to it: what is forgotten goes into the opening.
 */
import type { LedgerEntry, LedgerPage, LedgerQuery } from "../ports.ts";

/** Some 400 fills with their fees, minutes of brisk quoting; venues keep three months on disk. */
export const LEDGER_ENTRIES_MAX = 1_200;

/** Of one answer: Kraken gives 50, OKX 100, Binance 1,000. */
export const LEDGER_PAGE_MAX = 1_000;

export interface Holding {
  totalAtoms: bigint;
  heldAtoms: bigint;
}

export interface Ledger {
  /** In the order in which the account first had to do with the asset. */
  readonly holdings: Map<string, Holding>;
  /** A ring: entry n is in slot (n − 1) modulo its length. */
  readonly entries: LedgerEntry[];
  readonly opening: Map<string, bigint>;
  lastId: number;
}

export function createLedger(): Ledger {
  return { holdings: new Map(), entries: [], opening: new Map(), lastId: 0 };
}

/** Moves a balance and keeps why. Nothing moves by nothing: there is no entry of 0 atoms. */
export function post(ledger: Ledger, change: Omit<LedgerEntry, "id" | "balanceAtoms">): void {
  if (change.amountAtoms === 0n) return;
  const holding = holdingOf(ledger, change.asset);
  holding.totalAtoms += change.amountAtoms;
  const slot = ledger.lastId++ % LEDGER_ENTRIES_MAX;
  const forgotten = ledger.entries[slot];
  if (forgotten !== undefined)
    ledger.opening.set(forgotten.asset, (ledger.opening.get(forgotten.asset) ?? 0n) + forgotten.amountAtoms);
  const { atUs, asset, kind, amountAtoms, refId, instrument } = change;
  ledger.entries[slot] = {
    id: ledger.lastId,
    atUs,
    asset,
    kind,
    amountAtoms,
    balanceAtoms: holding.totalAtoms,
    refId,
    instrument,
  };
}

/** What the account held before the first entry. */
export function open(ledger: Ledger, asset: string, amountAtoms: bigint): void {
  if (ledger.lastId > 0) throw new Error("invariant: a ledger is opened before its first entry");
  holdingOf(ledger, asset).totalAtoms += amountAtoms;
  ledger.opening.set(asset, (ledger.opening.get(asset) ?? 0n) + amountAtoms);
}

export function holdingOf(ledger: Ledger, asset: string): Holding {
  let holding = ledger.holdings.get(asset);
  if (holding === undefined) {
    holding = { totalAtoms: 0n, heldAtoms: 0n };
    ledger.holdings.set(asset, holding);
  }
  return holding;
}

export function freeAtoms(ledger: Ledger, asset: string): bigint {
  const { totalAtoms, heldAtoms } = holdingOf(ledger, asset);
  return totalAtoms - heldAtoms;
}

export function pageOf(ledger: Ledger, query: LedgerQuery = {}): LedgerPage {
  const { afterId = 0, sinceUs = -Infinity, limit = LEDGER_PAGE_MAX } = query;
  const forgottenToId = ledger.lastId - ledger.entries.length;
  const most = Math.min(limit, LEDGER_PAGE_MAX);
  const entries: LedgerEntry[] = [];
  for (let id = Math.max(forgottenToId, afterId) + 1; id <= ledger.lastId && entries.length < most; id++) {
    const entry = ledger.entries[(id - 1) % LEDGER_ENTRIES_MAX];
    if (entry === undefined || entry.id !== id) throw new Error(`invariant: ledger entry ${id} is missing`);
    if (entry.atUs >= sinceUs) entries.push(entry);
  }
  return { entries, forgottenToId };
}
