/** One venue account: its public and its private side on one request budget, in events and messages. */
import type { RequestUse } from "../../../contract/views.ts";
import { createBudget } from "./budget.ts";
import { describeError } from "./describeError.ts";
import { createEventBatch } from "./eventBatch.ts";
import { createPrivateSide } from "./privateSide.ts";
import { exchangeOf } from "../exchanges/registry.ts";
import { createMarketSide } from "../market/marketSide.ts";
import type { FromGateway, GatewayContext, GatewayOptions, ToGateway } from "../ports.ts";

/** What the budget has in use goes to a screen. */
const BUDGET_EVERY_MS = 250;

/** Cancels that are under way get so long when a gateway is closed. */
const FAREWELL_MS = 250;

export interface Gateway {
  start(): Promise<void>;
  hear(message: Exclude<ToGateway, { type: "close" }>): void;
  /** Something failed that nobody waited for. */
  failed(error: unknown): void;
  close(): Promise<void>;
}

export interface GatewayEnvironment {
  readonly nowUs: () => number;
  readonly monotonicMs: () => number;
  readonly post: (message: FromGateway) => void;
}

export function createGateway(
  options: GatewayOptions,
  { nowUs, monotonicMs, post }: GatewayEnvironment,
): Gateway {
  const batch = createEventBatch((events) => post({ type: "events", events }));
  let use: RequestUse | undefined;
  const budget = createBudget({
    scopes: exchangeOf(options.access.exchange).limits.scopes,
    nowUs,
    speed: options.clock?.speed ?? 1,
    onUse: (now) => (use = now),
    limits: options.access.limits,
  });
  const context: GatewayContext = {
    ...options,
    budget,
    nowUs,
    emit(event) {
      // Both sides count in the same ticks: the private one hears of new ones here.
      if (event.type === "instrument") own.redefine(event.instrument, event.definition);
      // Not every venue says that it has changed them: the first refusal does.
      if (event.type === "orderRejected" && (event.reason === "FILTER" || event.reason === "HALTED"))
        market.doubtDefinitions();
      batch.add(event);
    },
    connection: (connected) => post({ type: "connection", connected }),
    log: (level, text, fields = {}) => post({ type: "log", level, text, fields }),
  };
  const own = createPrivateSide(context, {
    monotonicMs,
    measureClock: () => market.measureClock(),
    doubtDefinitions: () => market.doubtDefinitions(),
  });
  const market = createMarketSide(context, { onSkew: ({ skewUs }) => own.skew(skewUs) });
  const reporting = setInterval(() => {
    if (use !== undefined) post({ type: "budget", use });
    use = undefined;
  }, BUDGET_EVERY_MS);

  return {
    async start() {
      await Promise.all([own.start(), market.start()]);
    },
    hear(message) {
      switch (message.type) {
        case "send":
          return own.send(message.effect, message.sentAtUs);
        case "consumed":
          return market.consumed(message.instrument);
      }
    },
    failed(error) {
      context.log("error", "a failure that nobody waited for: connections are built anew", {
        error: describeError(error),
      });
      own.rebuild("a failure that nobody waited for");
    },
    async close() {
      clearInterval(reporting);
      await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
      await Promise.allSettled([own.stop(), market.stop()]);
      budget.stop();
      batch.flush();
    },
  };
}
