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

/** A level that went without a word stands so long, where the budget allows no more. */
const BOOK_EVERY_MS = 60_000;

/**
 * Between two snapshots that books are only compared with, each in its turn. They are paid for out of the balances'
 * third, which is not used up: balances are asked for with the open orders, whose list costs more.
 */
export function comparedEveryMs(limits: Pick<Limits, "read" | "scopes">, books: number): number {
  const balancesMs = scheduledEveryMs(limits, "balances");
  const spareFrac = 1 - balancesMs / Math.max(balancesMs, scheduledEveryMs(limits, "openOrders"));
  return Math.max(BOOK_EVERY_MS / books, scheduledEveryMs(limits, "book") / spareFrac);
}

function perMs(scope: LimitScope): number {
  return scope.kind === "window" ? scope.limit / scope.windowMs : scope.perSecond / 1_000;
}
