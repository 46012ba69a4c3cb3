/**
 * The engine's questions about single orders. Where the venue lists ended orders, the lists answer for all at once; else
 * many are answered from the list of open ones, and the rest one by one, under every name that the order may have. "Not found" is said only when the list
 * of trades, read after the question, knows nothing of it either.
 */
import type { OrderQuery } from "../../../contract/effects.ts";
import type { OrderStatusEvent } from "../../../contract/events.ts";
import type { Exchange, RawOrder } from "../exchanges/exchange.ts";
import type { RequestBudget } from "../ports.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { withDeadline } from "./deadline.ts";
import { describeError } from "./describeError.ts";
import type { OrderReports } from "./reports.ts";
import { classify } from "./taxonomy.ts";
import type { Listed, OrderTracker, TrackedOrder } from "./tracker.ts";
import { statusAnswer } from "./views.ts";

/** From so many on a list of open orders is cheaper than single questions. */
const LIST_FROM = 4;

interface Asked {
  readonly askedAtUs: number;
  readonly placedAtUs: number;
}

/** Questions of one burst go into one list. */
export const GATHER_MS = 10;

const WAIT_MAX_MS = 15_000;
const ANSWER_WITHIN_MS = 3_000;

/** What an engine allows between a request's expiry and the venue's last word on it. */
const LAPSE_MARGIN_MS = 500;

/** Clocks and stamps of the venue may be off by as much. */
const ENDED_MARGIN_MS = 2_000;

export interface OrderQuestionsOptions {
  readonly account: number;
  readonly exchange: Exchange;
  readonly instance: CcxtInstance;
  readonly budget: Pick<RequestBudget, "takeAll">;
  readonly tracker: OrderTracker;
  readonly reports: OrderReports;
  readonly listed: () => readonly Listed[];
  readonly listedOf: (symbol: string) => Listed | undefined;
  readonly readTrades: () => Promise<void>;
  readonly nowMs: () => number;
  /** The venue's clock ahead > 0. */
  readonly skewMs: () => number;
  readonly emit: (event: Omit<OrderStatusEvent, "atUs">) => void;
  readonly log: (text: string, fields: Readonly<Record<string, string>>) => void;
}

export class OrderQuestions {
  readonly #options: OrderQuestionsOptions;
  /** Newest question by order. Bounded by the engine's live orders. */
  readonly #asked = new Map<string, Asked>();
  #isRunning = false;

  constructor(options: OrderQuestionsOptions) {
    this.#options = options;
  }

  ask({ clientId, placedAtUs }: Pick<OrderQuery, "clientId" | "placedAtUs">, askedAtUs: number): void {
    this.#asked.set(clientId, { askedAtUs, placedAtUs });
    if (this.#isRunning) return;
    this.#isRunning = true;
    setTimeout(() => void this.#run(), GATHER_MS);
  }

  /** One order by all its names; undefined: the venue knows none of them. Rejects when that cannot be found out. */
  async lookUp(clientId: string): Promise<RawOrder | undefined> {
    const { tracker, listed } = this.#options;
    const order = tracker.get(clientId);
    const places = order === undefined ? listed() : [order.listed];
    for (const name of tracker.namesOf(clientId))
      for (const { symbol, marketId } of places) {
        const found = await this.#read("order", (reads, instance) =>
          reads.order(instance, { symbol, marketId, clientId: name }),
        );
        if (found !== undefined) return found;
      }
    return undefined;
  }

  async #run(): Promise<void> {
    try {
      while (this.#asked.size > 0) {
        const batch = new Map(this.#asked);
        this.#asked.clear();
        await this.#answerAll(batch);
      }
    } catch (error) {
      // No answer is an answer here: the engine asks again.
      this.#options.log("orders cannot be asked for", { error: describeError(error) });
    } finally {
      this.#isRunning = false;
    }
  }

  async #answerAll(batch: ReadonlyMap<string, Asked>): Promise<void> {
    const rest = new Map(batch);
    const { exchange, tracker } = this.#options;
    if (exchange.reads.endedOrders !== undefined) {
      if (await this.#answerFromLists(rest)) return this.#answerAbsent(rest);
    } else {
      // An order that this gateway has not placed may live under any later name: its first one proves nothing.
      const isRenamed =
        exchange.amend === "cancel-new" &&
        [...rest.keys()].some((clientId) => tracker.get(clientId) === undefined);
      if (rest.size >= LIST_FROM || isRenamed) this.#answerFrom(await this.#openOrders(), rest);
    }
    const absent = new Map<string, Asked>();
    for (const [clientId, asked] of rest) {
      const found = await this.lookUp(clientId);
      if (found === undefined) absent.set(clientId, asked);
      else this.#answer(clientId, asked.askedAtUs, found);
    }
    await this.#answerAbsent(absent);
  }

  /** True when the lists of open and of ended orders leave nothing out: what remains, the venue does not know. */
  async #answerFromLists(rest: Map<string, Asked>): Promise<boolean> {
    this.#answerFrom(await this.#openOrders(), rest);
    if (rest.size === 0) return true;
    const placedAtUs = Math.min(...[...rest.values()].map((asked) => asked.placedAtUs));
    const sinceMs = placedAtUs / 1_000 + this.#options.skewMs() - ENDED_MARGIN_MS;
    const ended = await this.#read("openOrders", (reads, instance) => reads.endedOrders?.(instance, sinceMs));
    if (ended === undefined) return false;
    this.#answerFrom(ended.orders, rest);
    return ended.isWhole;
  }

  async #openOrders(): Promise<readonly RawOrder[]> {
    return (await this.#read("openOrders", (reads, instance) => reads.openOrders(instance))) ?? [];
  }

  #answerFrom(orders: readonly RawOrder[], rest: Map<string, Asked>): void {
    for (const order of orders) {
      const name = this.#options.tracker.nameOf(order.clientId, order.venueOrderId);
      const asked = name === undefined ? undefined : rest.get(name.clientId);
      if (name === undefined || asked === undefined) continue;
      const tracked = this.#options.tracker.get(name.clientId);
      // An ended revision says nothing of the one that follows it.
      const isLatest =
        tracked === undefined || name.revision >= (tracked.pending?.revision ?? tracked.revision);
      if (order.status !== "OPEN" && !isLatest) continue;
      rest.delete(name.clientId);
      this.#answer(name.clientId, asked.askedAtUs, order);
    }
  }

  #answer(clientId: string, askedAtUs: number, found: RawOrder): void {
    const { account, tracker, reports, emit, listedOf } = this.#options;
    const listed = listedOf(found.symbol);
    if (listed === undefined) return;
    const order = tracker.get(clientId);
    if (order !== undefined && !this.#settlePending(order, found)) return;
    reports.news(found.symbol, found);
    // It is being canceled: its size is not what the engine counts by.
    if (found.status === "OPEN" && tracker.get(clientId)?.isLineageLost === true) return;
    emit({ type: "orderStatus", account, clientId, askedAtUs, answer: statusAnswer(found, listed, tracker) });
  }

  /** False: the amendment under way may still change what was found, and nothing is said yet. */
  #settlePending(order: TrackedOrder, found: RawOrder): boolean {
    const { pending } = order;
    const { tracker, reports, nowMs } = this.#options;
    if (pending === undefined || pending.revision === order.revision) {
      const lapsed = pending !== undefined && nowMs() > pending.expiresAtMs + LAPSE_MARGIN_MS;
      if (lapsed && found.status === "OPEN") reports.amendLapsed(order);
      return true;
    }
    if (tracker.nameOf(found.clientId, found.venueOrderId)?.revision === pending.revision) return true;
    // The old order was found, and the new one is not there.
    if (nowMs() > pending.expiresAtMs + LAPSE_MARGIN_MS) {
      reports.amendLapsed(order);
      return true;
    }
    return found.status === "OPEN";
  }

  async #answerAbsent(absent: ReadonlyMap<string, Asked>): Promise<void> {
    if (absent.size === 0) return;
    const { account, tracker, emit } = this.#options;
    await this.#options.readTrades();
    for (const [clientId, { askedAtUs }] of absent) {
      // A trade names it: what the venue's lists of orders do not show yet, they will.
      if ((tracker.get(clientId)?.bookedLots.size ?? 0) > 0) continue;
      emit({ type: "orderStatus", account, clientId, askedAtUs, answer: { found: false } });
    }
  }

  async #read<T>(
    kind: "order" | "openOrders",
    read: (reads: Exchange["reads"], instance: CcxtInstance) => Promise<T> | undefined,
  ): Promise<T | undefined> {
    const { exchange, instance, budget } = this.#options;
    await budget.takeAll("lookup", exchange.limits.read(kind), WAIT_MAX_MS);
    try {
      return await withDeadline(Promise.resolve(read(exchange.reads, instance)), ANSWER_WITHIN_MS);
    } catch (error) {
      const verdict = classify(exchange, error);
      if (kind === "order" && verdict.kind === "refused" && verdict.reason === "UNKNOWN_ORDER")
        return undefined;
      throw error;
    }
  }
}
