import { describe, expect, it } from "vitest";
import { demoMarket } from "../../../../server/lab/drivers/demo.ts";
import type { LimitScope } from "../../../../server/venues/ccxt/exchanges/exchange.ts";
import { exchangeOf } from "../../../../server/venues/ccxt/exchanges/registry.ts";
import { scheduledEveryMs } from "../../../../server/venues/ccxt/gateway/schedule.ts";
import type { ExchangeId } from "../../../../server/venues/ccxt/ports.ts";

const SHARE_MAX = 0.2;
const COMPARED = ["openOrders", "balances"] as const;

const ACCOUNTS = demoMarket(1).config.accounts.map(({ venue, reconcileEveryMs }) => ({
  venue,
  everyMs: reconcileEveryMs,
  limits: exchangeOf(venue as ExchangeId).limits,
}));

/** What a venue forgives, or allows, in so long. */
function allowanceIn(scope: LimitScope, ms: number): number {
  return scope.kind === "decay" ? (scope.perSecond * ms) / 1_000 : (scope.limit * ms) / scope.windowMs;
}

describe("comparisons of a demo account with its venue", () => {
  it.each(ACCOUNTS)(
    "use at most a fifth of what $venue lets be read, trades included",
    ({ limits, everyMs }) => {
      const shares = limits.scopes.map((scope) => {
        const share = (kind: "openOrders" | "balances" | "trades", ms: number): number =>
          limits
            .read(kind)
            .filter((charge) => charge.scope === scope.name)
            .reduce((sum, { weight }) => sum + weight / allowanceIn(scope, ms), 0);
        const trades = share("trades", scheduledEveryMs(limits, "trades"));
        return COMPARED.reduce((sum, kind) => sum + share(kind, everyMs), trades);
      });
      expect(Math.max(...shares)).toBeGreaterThan(0);
      expect(Math.max(...shares)).toBeLessThanOrEqual(SHARE_MAX + 1e-9);
    },
  );

  it.each(ACCOUNTS)(
    "of $venue are not more frequent than its adapter asks them, and hardly less",
    ({ limits, everyMs }) => {
      const longestMs = Math.max(...COMPARED.map((kind) => scheduledEveryMs(limits, kind)));
      expect(everyMs / longestMs).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(everyMs / longestMs).toBeLessThan(1.05);
    },
  );
});
