/** What the Venues panel says: how far each account's books agree with the venue's, and in what they do not. */
import type { AccountView, Break, DeskView, RequestUse, TradeReads } from "../../server/contract/views.ts";
import { venueName } from "../format/names.ts";
import { formatPercent, MISSING } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import type { Tone } from "../ui/tag.tsx";

export interface VenueRow {
  readonly account: string;
  readonly name: string;
  readonly tone: Tone;
  readonly status: string;
  /** How long ago balances last agreed. */
  readonly agreed: string;
  readonly every: string;
  /** How often the venue's list of our trades is read, and when it last was. */
  readonly trades: string;
  readonly requests: Words;
}

interface Words {
  readonly text: string;
  readonly tone: Tone;
  readonly title: string;
}

export function venueRows({ accounts, atUs }: DeskView): readonly VenueRow[] {
  return accounts.map((account) => ({
    account: account.account,
    name: venueName(account.account),
    ...statusWords(account),
    agreed: account.agreedAtUs === undefined ? MISSING : `${ageText(atUs, account.agreedAtUs)} ago`,
    every: `every ${account.reconcileEveryMs / 1_000} s`,
    trades: tradesText(account.tradeReads, atUs),
    requests: requestWords(account.requests, atUs),
  }));
}

function statusWords({ status, halted, brokenBy }: AccountView): Pick<VenueRow, "tone" | "status"> {
  if (status === "READY") return { tone: "ok", status };
  if (halted !== undefined) return { tone: "danger", status: `${status}, halted` };
  if (status !== "DEGRADED") return { tone: "attention", status: status.replace("_", " ") };
  const why = brokenBy === undefined ? "no private stream" : "observe-only";
  return { tone: "attention", status: `${status}, ${why}` };
}

function tradesText(reads: TradeReads | undefined, atUs: number): string {
  if (reads === undefined) return MISSING;
  const { everyMs, readAtUs } = reads;
  const last = readAtUs === undefined ? "none yet" : `${ageText(atUs, readAtUs)} ago`;
  return `every ${Math.round(everyMs / 1_000)} s, ${last}`;
}

function requestWords(use: RequestUse | undefined, atUs: number): Words {
  if (use === undefined)
    return { text: MISSING, tone: "quiet", title: "this venue's adapter counts no requests" };
  const { usedFrac, silentUntilUs, scope } = use;
  if (silentUntilUs !== undefined && silentUntilUs > atUs)
    return {
      text: `silent for ${ageText(silentUntilUs, atUs)}`,
      tone: "attention",
      title: `the venue has ordered silence (${scope}): what it allows meanwhile still leaves`,
    };
  return {
    text: `${formatPercent(usedFrac, 0)} in use`,
    tone: usedFrac > REQUESTS_HIGH ? "attention" : "quiet",
    title: `the fullest of the venue's request counters: ${scope}`,
  };
}

/** Beyond it new orders wait for room. */
const REQUESTS_HIGH = 0.6;

export interface BreakRow {
  readonly key: string;
  readonly tone: Tone;
  readonly severity: string;
  readonly venue: string;
  /** Such as "balance BTC". */
  readonly what: string;
  readonly evidence: string;
  readonly sinceUs: number;
  readonly age: string;
  readonly seen: string;
}

/** What stops quoting first, and in the order in which it arose. */
export function breakRows({ accounts, atUs }: DeskView): readonly BreakRow[] {
  const rows = accounts.flatMap((account) =>
    account.breaks.map((one) => ({
      stops: one.severity === "observe-only",
      row: breakRow(account, one, atUs),
    })),
  );
  return [...rows.filter(({ stops }) => stops), ...rows.filter(({ stops }) => !stops)].map(({ row }) => row);
}

function breakRow({ account }: AccountView, one: Break, atUs: number): BreakRow {
  const { kind, what, ours, venue, sinceUs, seenTimes, severity } = one;
  return {
    key: `${account} ${kind} ${what}`,
    tone: severity === "observe-only" ? "danger" : "attention",
    severity: severity === "observe-only" ? "observe-only" : "no effect",
    venue: venueName(account),
    what: `${kind} ${what}`,
    evidence: `venue ${venue} · ours ${ours}`,
    sinceUs,
    age: ageText(atUs, sinceUs),
    seen: seenTimes === 1 ? "seen once" : `seen ${seenTimes} times`,
  };
}

/** Orders that have no row of their own. */
export function leftOutText({ accounts }: DeskView): string | undefined {
  const found = accounts.filter(({ ordersLeftOut }) => ordersLeftOut > 0);
  if (found.length === 0) return undefined;
  const parts = found.map(({ account, ordersLeftOut }) => `${ordersLeftOut} at ${venueName(account)}`);
  return `More orders that are not ours: ${parts.join(", ")}.`;
}

/** Where there is no break: all agrees, or nobody knows yet. */
export function agreementText({ accounts }: DeskView): string {
  const open = accounts.filter(({ status }) => status !== "READY").map(({ account }) => venueName(account));
  if (open.length === 0) return "Everything ties out: balances, open orders and fills agree at every venue.";
  return `No difference is known. Not compared in full yet: ${open.join(", ")}.`;
}

function ageText(laterUs: number, earlierUs: number): string {
  return formatAgeMs((laterUs - earlierUs) / 1_000);
}
