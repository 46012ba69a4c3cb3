/** The `balances` channel: what an account holds, and every entry of its ledger as it is made. */
import { atomsText, decimalsOf } from "../decimals.ts";
import { ledgerId } from "./ids.ts";
import { exact } from "./json.ts";
import type { Json } from "./json.ts";
import { ledgerType, readLedger, refIdOf } from "./ledgerView.ts";
import type { LedgerLine } from "./ledgerView.ts";
import { channelText, sendText } from "./session.ts";
import type { Session } from "./session.ts";
import { rfc3339 } from "./time.ts";
import type { KrakenVenue } from "./venue.ts";

export interface BalanceFeed {
  has(session: Session): boolean;
  add(session: Session, account: number, wantsSnapshot: boolean): void;
  drop(session: Session): void;
  /** The account's ledger may have new entries. */
  moved(account: number): void;
}

interface Subscriber {
  readonly account: number;
  /** Entries up to this one are told, or in the snapshot. */
  toldId: number;
  sequence: number;
}

export function createBalanceFeed(venue: KrakenVenue): BalanceFeed {
  const { core } = venue;
  const subscribers = new Map<Session, Subscriber>();

  function send(session: Session, to: Subscriber, type: "snapshot" | "update", rows: readonly Json[]): void {
    sendText(session, channelText("balances", type, rows, ++to.sequence), "report", core.nowUs());
  }

  return {
    has: (session) => subscribers.has(session),
    add(session, account, wantsSnapshot) {
      const toldId = lastEntryId(readLedger(core, account));
      const subscriber = { account, toldId, sequence: 0 };
      subscribers.set(session, subscriber);
      if (wantsSnapshot) send(session, subscriber, "snapshot", snapshotRows(venue, account));
    },
    drop: (session) => void subscribers.delete(session),
    moved(account) {
      for (const [session, to] of subscribers) {
        if (to.account !== account) continue;
        const lines = readLedger(core, account, { afterId: to.toldId });
        to.toldId = Math.max(to.toldId, lastEntryId(lines));
        for (const line of lines) send(session, to, "update", [ledgerRow(venue, account, line)]);
      }
    },
  };
}

function lastEntryId(lines: readonly LedgerLine[]): number {
  return lines.reduce((last, { lastId }) => Math.max(last, lastId), 0);
}

function snapshotRows(venue: KrakenVenue, account: number): Json[] {
  return venue.core.balances(account).map(({ asset, totalAtoms }) => {
    const balance = exact(atomsText(totalAtoms, decimalsOf(venue.core, asset)));
    return { asset, asset_class: "currency", balance, wallets: [{ type: "spot", id: "main", balance }] };
  });
}

function ledgerRow(venue: KrakenVenue, account: number, line: LedgerLine): Json {
  const { asset } = line;
  const amount = (atoms: bigint): Json => exact(atomsText(atoms, decimalsOf(venue.core, asset)));
  const type = ledgerType(line);
  return {
    ledger_id: ledgerId(account, line),
    ref_id: refIdOf(venue, line),
    timestamp: rfc3339(line.atUs),
    type,
    asset,
    asset_class: "currency",
    category: type,
    wallet_type: "spot",
    wallet_id: "main",
    amount: amount(line.amountAtoms),
    fee: amount(line.feeAtoms),
    balance: amount(line.balanceAtoms),
  };
}
