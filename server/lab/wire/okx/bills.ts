/** The ledger of an account as bills: one for each change of a balance, so that all of them are the balance. */
import type { LedgerEntry } from "../../ports.ts";
import type { VenueCore } from "../ports.ts";
import { balanceText } from "./balanceRow.ts";
import type { Fields } from "./fields.ts";
import { instIdOf } from "./instruments.ts";
import type { Page } from "./paging.ts";
import { msText } from "./text.ts";

export interface Bills {
  /** Newest first. */
  rows(account: number, fields: Fields, page: Page): object[];
  /** Deposits, withdrawals and transfers, newest first. */
  moves(account: number): readonly LedgerEntry[];
}

/** Trades are told elsewhere. */
const MOVES_KEPT_MAX = 1_000;
/** Of one look into the ledger. */
const CHUNK = 1_000;

interface Reader {
  lastId: number;
  /** Oldest first. */
  moves: LedgerEntry[];
}

export function createBills(core: VenueCore): Bills {
  const readers = new Map<number, Reader>();

  /** Reads on to the end of the ledger. */
  function readOn(account: number): Reader {
    const reader = readers.get(account) ?? { lastId: 0, moves: [] };
    readers.set(account, reader);
    for (;;) {
      const { entries } = core.ledger(account, { afterId: reader.lastId, limit: CHUNK });
      const last = entries.at(-1);
      if (last === undefined) return reader;
      reader.lastId = last.id;
      const moves = entries.filter(({ kind }) => kind !== "trade" && kind !== "fee");
      reader.moves = [...reader.moves, ...moves].slice(-MOVES_KEPT_MAX);
    }
  }

  function* newestFirst(account: number, belowId: number): Iterable<LedgerEntry> {
    const { lastId } = readOn(account);
    let upTo = Math.min(lastId, belowId - 1);
    while (upTo > 0) {
      const afterId = Math.max(0, upTo - CHUNK);
      const { entries, forgottenToId } = core.ledger(account, { afterId, limit: upTo - afterId });
      yield* entries.toReversed();
      if (forgottenToId >= afterId) return;
      upTo = afterId;
    }
  }

  return {
    moves: (account) => readOn(account).moves.toReversed(),
    rows(account, { ccy, type, subType }, { after, before, limit, sinceUs, untilUs }) {
      const rows: object[] = [];
      for (const entry of newestFirst(account, after === undefined ? Infinity : Number(after))) {
        if (rows.length >= limit || entry.atUs < sinceUs) break;
        if (before !== undefined && entry.id <= Number(before)) break;
        if (entry.atUs > untilUs || (ccy !== undefined && !ccy.split(",").includes(entry.asset))) continue;
        const kind = kindOf(entry);
        if ((type ?? kind.type) !== kind.type || (subType ?? kind.subType) !== kind.subType) continue;
        rows.push(billRow(core, entry, kind));
      }
      return rows;
    },
  };
}

interface BillKind {
  readonly type: string;
  readonly subType: string;
}

/** 1 is a transfer, 2 a trade; what comes is odd, what goes is even. */
function kindOf({ kind, amountAtoms }: LedgerEntry): BillKind {
  const comes = amountAtoms > 0n;
  return kind === "trade" || kind === "fee"
    ? { type: "2", subType: comes ? "1" : "2" }
    : { type: "1", subType: comes ? "11" : "12" };
}

function billRow(core: VenueCore, entry: LedgerEntry, { type, subType }: BillKind): object {
  const { id, atUs, asset, kind, amountAtoms, balanceAtoms, refId, instrument } = entry;
  const definition = core.listings.find((listing) => listing.instrument === instrument)?.definition;
  const change = balanceText(core, asset, amountAtoms);
  return {
    bal: balanceText(core, asset, balanceAtoms),
    balChg: change,
    billId: String(id),
    ccy: asset,
    clOrdId: "",
    execType: "",
    fee: kind === "fee" ? change : "0",
    from: "",
    instId: definition === undefined ? "" : instIdOf(definition),
    instType: definition === undefined ? "" : "SPOT",
    interest: "0",
    mgnMode: "",
    notes: kind,
    ordId: "",
    pnl: "0",
    posBal: "0",
    posBalChg: "0",
    px: "",
    subType,
    sz: kind === "fee" ? "0" : balanceText(core, asset, amountAtoms < 0n ? -amountAtoms : amountAtoms),
    tag: "",
    to: "",
    tradeId: definition === undefined ? "" : refId,
    ts: msText(atUs),
    type,
  };
}
