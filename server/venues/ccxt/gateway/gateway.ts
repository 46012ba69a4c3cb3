/** One venue account: its public and its private side on one request budget, in events and messages. */
import type { RequestUse, TradeReads } from "../../../contract/views.ts";
import { createBudget } from "./budget.ts";
import { describeError } from "./describeError.ts";
import { createEventBatch } from "./eventBatch.ts";
import { createPrivateSide } from "./privateSide.ts";
import { exchangeOf } from "../exchanges/registry.ts";
import { createMarketSide } from "../market/marketSide.ts";
import type { FromGateway, GatewayContext, GatewayOptions, ToGateway } from "../ports.ts";

/** What the budget has in use, and how trades are read, goes to a screen. */
const SCREEN_EVERY_MS = 250;

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
  let toldReads: TradeReads | undefined;
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
    tellReads(own.tradeReads);
  }, SCREEN_EVERY_MS);

  function tellReads(reads: TradeReads | undefined): void {
    if (reads === undefined) return;
    if (reads.everyMs === toldReads?.everyMs && reads.readAtUs === toldReads.readAtUs) return;
    toldReads = reads;
    post({ type: "tradeReads", reads });
  }

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
      const why = "a failure that nobody waited for";
      context.log("error", `${why}: the account's connections are built anew`, {
        error: describeError(error),
      });
      // Nothing says whose it was.
      own.rebuild(why);
      market.rebuild(why);
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
