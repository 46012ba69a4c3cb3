/**
 * The engine's questions about an account as a whole. Of a kind one is under way at a time; those that come meanwhile
 * are one question behind it, and an answer carries the time of the newest question that it was asked for.
 */
import type { OpenOrderElsewhere, OpenOrderView } from "../../../contract/events.ts";
import type { VenueEvent } from "../../venue.ts";
import type { Exchange, ReadKind } from "../exchanges/exchange.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { describeError } from "./describeError.ts";
import { atomsOf } from "./grid.ts";
import { createMeter } from "./meters.ts";
import type { Meter } from "./meters.ts";
import type { PaidReads } from "./paidReads.ts";
import type { OrderReports } from "./reports.ts";
import { scheduledEveryMs } from "./schedule.ts";
import type { Listed, OrderTracker } from "./tracker.ts";
import { elsewhereView, openOrderView } from "./views.ts";

/** A reconciliation asks some times in a row; beyond that a question has to wait for its turn. */
const BURST = 6;

/**
 * The engine compares in quiet times at the pace of the schedule; while something is open the whole budget is there.
 */
const OPEN_PER_QUIET = 5;

export type Question = "openOrders" | "balances" | "fills";

export interface QuestionsOptions {
  readonly account: number;
  readonly exchange: Exchange;
  readonly instance: CcxtInstance;
  readonly paid: PaidReads;
  readonly tracker: OrderTracker;
  readonly reports: Pick<OrderReports, "news">;
  readonly listedOf: (symbol: string) => Listed | undefined;
  readonly decimals: ReadonlyMap<string, number>;
  readonly nowMs: () => number;
  /** The venue counts no requests. */
  readonly limits?: "lifted" | undefined;
  /** Every fill since an instant of the engine's, told again; which one is asked when the question leaves. */
  readonly tellFillsSince: (sinceUs: () => number) => Promise<void>;
  readonly emit: (event: VenueEvent) => void;
  readonly log: (text: string, fields: Readonly<Record<string, string>>) => void;
}

interface Asked {
  readonly askedAtUs: number;
  /** Of fills: the earliest that anybody asked for. */
  readonly sinceUs: number;
}

export class Questions {
  readonly #options: QuestionsOptions;
  readonly #waiting = new Map<Question, Asked>();
  readonly #running = new Set<Question>();
  readonly #pace: { readonly [Q in Question]: Meter };

  constructor(options: QuestionsOptions) {
    const paceOf = (kind: ReadKind): Meter => {
      const everyMs = scheduledEveryMs(options.exchange.limits, kind);
      const perSecond = everyMs === 0 ? BURST : (1_000 * OPEN_PER_QUIET) / everyMs;
      return createMeter({ kind: "decay", limit: BURST, perSecond });
    };
    this.#options = options;
    this.#pace = { openOrders: paceOf("openOrders"), balances: paceOf("balances"), fills: paceOf("trades") };
  }

  ask(question: Question, askedAtUs: number, sinceUs = Infinity): void {
    const { nowMs, limits } = this.#options;
    const pace = this.#pace[question];
    // It is asked again: the engine does not rely on an answer.
    if (limits !== "lifted" && pace.used(nowMs()) + 1 > pace.limit) return;
    const earlier = this.#waiting.get(question)?.sinceUs ?? Infinity;
    this.#waiting.set(question, { askedAtUs, sinceUs: Math.min(sinceUs, earlier) });
    if (this.#running.has(question)) return;
    this.#running.add(question);
    // What one step of the engine asks twice is one question.
    setImmediate(() => void this.#run(question));
  }

  async #run(question: Question): Promise<void> {
    try {
      for (let asked = this.#next(question); asked !== undefined; asked = this.#next(question))
        await this.#answer(question, asked);
    } catch (error) {
      // The engine asks again.
      this.#options.log("a question to the venue has no answer", { question, error: describeError(error) });
    } finally {
      this.#running.delete(question);
    }
  }

  #next(question: Question): Asked | undefined {
    const asked = this.#waiting.get(question);
    this.#waiting.delete(question);
    if (asked !== undefined) this.#pace[question].add(this.#options.nowMs(), 1);
    return asked;
  }

  async #answer(question: Question, asked: Asked): Promise<void> {
    switch (question) {
      case "openOrders":
        return this.#answerOpenOrders(asked);
      case "balances":
        return this.#answerBalances(asked);
      case "fills":
        return this.#options.tellFillsSince(() =>
          Math.min(asked.sinceUs, this.#newest("fills")?.sinceUs ?? Infinity),
        );
    }
  }

  /** What was asked while it waited for room is answered with it. */
  #newest(question: Question): Asked | undefined {
    const asked = this.#waiting.get(question);
    this.#waiting.delete(question);
    return asked;
  }

  async #answerOpenOrders(asked: Asked): Promise<void> {
    const { account, paid, tracker, reports, listedOf, emit } = this.#options;
    let { askedAtUs } = asked;
    const found = await paid.openOrders(
      () => (askedAtUs = this.#newest("openOrders")?.askedAtUs ?? askedAtUs),
    );
    const orders: OpenOrderView[] = [];
    const elsewhere: OpenOrderElsewhere[] = [];
    for (const order of found) {
      const listed = listedOf(order.symbol);
      if (listed === undefined) {
        elsewhere.push(elsewhereView(order));
        continue;
      }
      // Before it is told: of an order whose answer was lost this is the acceptance.
      reports.news(order.symbol, order);
      orders.push(openOrderView(order, listed, tracker));
    }
    emit({ type: "openOrders", account, askedAtUs, orders, elsewhere });
  }

  async #answerBalances(asked: Asked): Promise<void> {
    const { account, exchange, instance, paid, decimals, emit } = this.#options;
    let { askedAtUs } = asked;
    const totals = await paid.read("balances", () => exchange.reads.balances(instance), {
      onLeave: () => (askedAtUs = this.#newest("balances")?.askedAtUs ?? askedAtUs),
    });
    const balances = [...decimals].map(([asset, places]) => ({
      asset,
      totalAtoms: atomsOf(totals.get(asset) ?? "0", places).atoms,
    }));
    const elsewhere = [...totals].flatMap(([asset, total]) =>
      decimals.has(asset) || !/[1-9]/.test(total) ? [] : [{ asset, total }],
    );
    emit({ type: "balances", account, askedAtUs, balances, elsewhere });
  }
}
