/** How often a question may be asked on a schedule: all that is read so takes at most a fifth of a venue's budget. */
import type { Limits, LimitScope, ReadKind } from "../exchanges/exchange.ts";

const READ_SHARE = 0.2;

/** Trades, open orders and balances share it. */
const KINDS = 3;

/** At least so long between two questions of this kind. */
export function scheduledEveryMs({ read, scopes }: Pick<Limits, "read" | "scopes">, kind: ReadKind): number {
  const waits = read(kind).map(({ scope, weight }) => {
    const terms = scopes.find(({ name }) => name === scope);
    return terms === undefined ? 0 : (weight * KINDS) / (READ_SHARE * perMs(terms));
  });
  return Math.max(0, ...waits);
}

function perMs(scope: LimitScope): number {
  return scope.kind === "window" ? scope.limit / scope.windowMs : scope.perSecond / 1_000;
}
