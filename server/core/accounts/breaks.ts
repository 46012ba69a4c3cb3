/**
 * Where a venue's books differ from ours, as data: found by a comparison, kept with its evidence until a later one finds
 * that it ties out. Fills under way explain what is seen once or twice.
 */
import type { Effect } from "../../contract/effects.ts";
import type { NoticeCode } from "../../contract/reasons.ts";
import type { Break, BreakKind } from "../../contract/views.ts";
import { notice } from "../notices.ts";
import type { AccountState, Engine } from "../state.ts";

/** Foreign orders can be many: of those beyond it only the number is kept. Assets and orders of ours are few. */
export const ORDER_BREAKS_MAX = 100;

/** Comparisons in a row that find a difference before it is a break. An order is listed or it is not: nothing explains it. */
const SEEN_MIN: { readonly [K in BreakKind]: number } = { balance: 3, order: 1, fill: 3 };

export interface Difference extends Pick<Break, "what" | "ours" | "venue"> {
  /** Another notice says it already. */
  readonly isTold: boolean;
}

/** What one comparison found of a kind, all of it: a difference that it did not find again ties out. */
export function noteDifferences(
  engine: Engine,
  account: AccountState,
  kind: BreakKind,
  found: readonly Difference[],
  out: Effect[],
): void {
  const { breaks } = account;
  const seen = new Set<string>();
  const arisen: Break[] = [];
  let orders = kind === "order" ? [...breaks.values()].filter((one) => one.kind === "order").length : 0;
  for (const { what, ours, venue, isTold } of found) {
    const key = `${kind} ${what}`;
    const known = breaks.get(key);
    // Orders of ours, which other notices tell of, are few: they find a place among any number of others.
    if (known === undefined && kind === "order" && !isTold && ++orders > ORDER_BREAKS_MAX) continue;
    const { sinceUs = engine.state.nowUs, seenTimes = 0, severity = "notice" } = known ?? {};
    const difference: Break = { kind, what, ours, venue, sinceUs, seenTimes: seenTimes + 1, severity };
    seen.add(key);
    breaks.set(key, difference);
    if (!isTold && difference.seenTimes === SEEN_MIN[kind]) arisen.push(difference);
  }
  if (kind === "order") account.ordersLeftOut = found.length - seen.size;
  const cleared = [...breaks.entries()].filter(([key, one]) => one.kind === kind && !seen.has(key));
  for (const [key] of cleared) breaks.delete(key);
  tell(account, "BREAK", arisen, out);
  tell(
    account,
    "BREAK_CLEARED",
    cleared.map(([, one]) => one).filter((one) => isStanding(one)),
    out,
  );
}

/** Whether it has outlasted what explains a difference. */
export function isStanding({ kind, seenTimes, severity }: Break): boolean {
  return severity === "observe-only" || seenTimes >= SEEN_MIN[kind];
}

/** The breaks that make the venue observe-only: none, and its orders may be placed. */
export function observedFor({ breaks }: Pick<AccountState, "breaks">): readonly Break[] {
  return [...breaks.values()].filter(({ severity }) => severity === "observe-only");
}

/** Balances of these assets, and of no others, make the venue observe-only from here on. */
export function observeFor({ breaks }: AccountState, assets: ReadonlySet<string>): void {
  for (const [key, one] of breaks)
    if (one.kind === "balance")
      breaks.set(key, { ...one, severity: assets.has(one.what) ? "observe-only" : "notice" });
}

export function breakText({ what, venue, ours }: Pick<Break, "what" | "ours" | "venue">): string {
  return `${what}: venue ${venue}, ours ${ours}`;
}

/** One notice for what one comparison found: somebody else's hundred orders are one thing to know. */
function tell(
  account: AccountState,
  code: NoticeCode & ("BREAK" | "BREAK_CLEARED"),
  breaks: readonly Break[],
  out: Effect[],
): void {
  const [first, ...more] = breaks;
  if (first === undefined) return;
  const rest = more.length === 0 ? "" : `; and ${more.length} more`;
  notice(out, code, account.account, `${first.kind} ${breakText(first)}${rest}`);
}
