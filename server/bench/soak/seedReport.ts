/** What a seed of a recovery soak came to. */
import { describePlan, type Plan } from "./plan.ts";

export interface SeedReport {
  readonly plan: Plan;
  readonly findings: readonly string[];
  /** From the last blow until everything was back and READY; undefined where that blow let the engine live. */
  readonly readyMs: number | undefined;
  /** The same from when engine and venues were there again, less the longest that a request may still arrive. */
  readonly readyAfterExpiryMs: number | undefined;
  /** That rested when the first blow fell. */
  readonly ordersLive: number;
  /** Of all accounts since the desk began: each was compared at the venue, in the engine's books and in PostgreSQL. */
  readonly fills: number;
  /** Since the seed before. */
  readonly fillsNew: number;
  readonly runs: number;
  readonly events: number;
  /** Acts of people that the engine has acknowledged. */
  readonly acts: number;
  readonly tookMs: number;
}

/** One line, and one for each finding. */
export function describeReport({
  plan,
  findings,
  readyMs,
  readyAfterExpiryMs,
  ordersLive,
  fills,
  fillsNew,
  runs,
  events,
  acts,
  tookMs,
}: SeedReport): string {
  const ready =
    readyMs === undefined
      ? "no time to READY"
      : `READY after ${readyMs} ms, ${readyAfterExpiryMs} ms after the request expiry`;
  return [
    `seed ${plan.seed} ${findings.length === 0 ? "ok" : "FAILED"}: ${describePlan(plan)}; ${ordersLive} orders; ${ready}; ${fills} fills compared, ${fillsNew} new; ${runs} runs, ${events} events, ${acts} acts; ${Math.round(tookMs / 1_000)} s`,
    ...findings.map((finding) => `  ${finding}`),
  ].join("\n");
}
