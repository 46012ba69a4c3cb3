/**
 * What has to be there before a desk with real venues may be armed. Each requirement leaves this list with the part
 * that brings it and the check that it is in force; until then such a desk watches, reconciles, and places nothing.
 */
import type { EngineConfig } from "./config.ts";

export interface LiveRequirement {
  readonly name: "guard" | "day reconciliation" | "roles" | "certificate";
  readonly text: string;
  /** What a person does about it. */
  readonly mend: string;
}

const NOT_IN_THIS_VERSION = "this version has none: watch, or trade on paper (npm start -- --profile paper)";

const NOT_BUILT: readonly LiveRequirement[] = [
  {
    name: "guard",
    text: "an independent stop in a process of its own, with keys of its own",
    mend: NOT_IN_THIS_VERSION,
  },
  {
    name: "day reconciliation",
    text: "the day's books compared with the venues' and signed off",
    mend: NOT_IN_THIS_VERSION,
  },
  {
    name: "roles",
    text: "people with names and rights instead of one start token",
    mend: NOT_IN_THIS_VERSION,
  },
];

/** Empty: the desk may be armed. */
export function liveRequirementsMissing({
  venues,
  accounts,
  certified = [],
}: Pick<EngineConfig, "venues" | "accounts" | "certified">): readonly LiveRequirement[] {
  if (venues !== "live") return [];
  const open = accounts.filter(({ account }) => !certified.includes(account));
  if (open.length === 0) return NOT_BUILT;
  const calls = open.map(({ account, venue }) =>
    account === venue ? `--venue ${venue}` : `--venue ${venue} --account ${account}`,
  );
  return [
    ...NOT_BUILT,
    {
      name: "certificate",
      text: `the venue suite passed by ${open.map(({ account }) => account).join(", ")} in every symbol that is quoted there, with its key and this ccxt version`,
      mend: calls.map((call) => `npm run desk -- certify ${call} --with-fill`).join(", then "),
    },
  ];
}

/** One sentence for people: what is missing, and what to do about each. */
export function describeMissing(missing: readonly LiveRequirement[]): string {
  const parts = missing.map(({ name, text, mend }) => `${name} (${text}; ${mend})`).join("; ");
  return `real venues are only watched until there is: ${parts}`;
}
