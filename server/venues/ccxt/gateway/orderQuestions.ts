/**
 * The engine's questions about single orders. Many are answered from lists: of a market's orders, or of the account's
 * open and ended ones, and where calls are dear so are few; the rest one by one, under every name that the order may
 * have.
 * "Not found" is said only when the list of trades, read after the question, knows nothing of it either; of an order
 * that an earlier gateway has placed, the trades since then.
 */
import type { OrderQuery } from "../../../contract/effects.ts";
import type { OrderStatusEvent } from "../../../contract/events.ts";
import type { Exchange, OrderRef, RawOrder } from "../exchanges/exchange.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { describeError } from "./describeError.ts";
import { joinName } from "./names.ts";
import type { PaidReads } from "./paidReads.ts";
import type { OrderReports } from "./reports.ts";
import { classify } from "./taxonomy.ts";
import { isLineageLost } from "./tracker.ts";
import type { Listed, OrderTracker, TrackedOrder } from "./tracker.ts";
import { statusAnswer } from "./views.ts";

/** From so many on the account's lists are cheaper than single questions. */
const LIST_FROM = 4;

/** Where a market has a list, that costs what five single questions do, and the account's list as much as twenty. */
const MARKET_LIST_FROM = 5;
const ACCOUNT_LIST_FROM = 20;

interface Asked {
  readonly askedAtUs: number;
  readonly instrument: number | undefined;
  readonly venueOrderId: string | undefined;
  readonly placedAtUs: number;
  readonly fillsSinceUs: number;
  /** Lists of open orders that had left before it. */
  readonly listsLeft: number;
}

/** Questions that are answered together. */
interface Batch {
  readonly asked: Map<string, Asked>;
  /** Those without an answer yet. */
  readonly rest: Map<string, Asked>;
  /** Nothing of it has been read: whoever asks now is answered with it. */
  isWaiting: boolean;
  /** All trades since the first of their orders was placed, told again once for all of them. */
  readonly tellTrades: () => Promise<void>;
}

/** Of ended orders: single questions cost twice as much, and 500 orders are there at the smaller pages. */
const PAGES_PER_ORDER = 2;
const PAGES_MAX = 10;

/** Questions of one burst go into one list. */
export const GATHER_MS = 10;

/** Single questions under way together, where calls may be. */
const LOOKUPS_AT_ONCE = 8;

/** More are asked for in several requests. */
const IDS_AT_ONCE = 50;

/** What an engine allows between a request's expiry and the venue's last word on it. */
const LAPSE_MARGIN_MS = 500;

/** Clocks and stamps of the venue may be off by as much. */
const STAMP_MARGIN_MS = 2_000;

export interface OrderQuestionsOptions {
  readonly account: number;
  readonly exchange: Exchange;
  readonly instance: CcxtInstance;
  readonly paid: PaidReads;
  readonly tracker: OrderTracker;
  readonly reports: OrderReports;
  readonly listed: () => readonly Listed[];
  readonly listedOf: (symbol: string) => Listed | undefined;
  /** Tells the trades of this gateway's life that were not told yet. */
  readonly readTrades: () => Promise<void>;
  /** Tells all trades since an instant of the venue's, again. */
  readonly tellTradesSince: (sinceMs: number) => Promise<void>;
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

  ask(query: Omit<OrderQuery, "type" | "what" | "account">, askedAtUs: number): void {
    const { clientId, instrument, venueOrderId, placedAtUs, fillsSinceUs = 0 } = query;
    const listsLeft = this.#options.paid.listsLeft();
    this.#asked.set(clientId, { askedAtUs, instrument, venueOrderId, placedAtUs, fillsSinceUs, listsLeft });
    if (this.#isRunning) return;
    this.#isRunning = true;
    setTimeout(() => void this.#run(), GATHER_MS);
  }

  /** One order by all its names, in its market if that is known; undefined: there is none. Rejects when nobody knows. */
  async lookUp(clientId: string, instrument?: number): Promise<RawOrder | undefined> {
    const { tracker, listed } = this.#options;
    const order = tracker.get(clientId);
    const isPlace = ({ index }: Listed): boolean => instrument === undefined || index === instrument;
    const places = order === undefined ? listed().filter(isPlace) : [order.listed];
    for (const name of tracker.namesOf(clientId))
      for (const { symbol, marketId } of places) {
        const found = await this.#readOne({ symbol, marketId, clientId: name });
        if (found !== undefined) return found;
      }
    return undefined;
  }

  async #run(): Promise<void> {
    try {
      while (this.#asked.size > 0) {
        const [asked, rest] = [new Map<string, Asked>(), new Map<string, Asked>()];
        let told: Promise<void> | undefined;
        const tellTrades = () => (told ??= this.#tellTrades(asked));
        const batch: Batch = { asked, rest, isWaiting: true, tellTrades };
        this.#moveInto(batch);
        await this.#answerAll(batch);
      }
    } catch (error) {
      // No answer is an answer here: the engine asks again.
      this.#options.log("orders cannot be asked for", { error: describeError(error) });
    } finally {
      this.#isRunning = false;
    }
  }

  #moveInto({ asked, rest }: Batch): void {
    for (const [clientId, one] of this.#asked) {
      asked.set(clientId, one);
      rest.set(clientId, one);
    }
    this.#asked.clear();
  }

  /** Room for a question may be half a minute away: what was asked meanwhile would need as long again. */
  #leaves(batch: Batch): void {
    if (batch.isWaiting) this.#moveInto(batch);
    batch.isWaiting = false;
  }

  async #answerAll(batch: Batch): Promise<void> {
    const { rest } = batch;
    const { exchange, tracker, paid } = this.#options;
    await this.#answerByIds(batch);
    if (rest.size === 0) return;
    // An order that this gateway has not placed may rest under any later name: its first one proves nothing.
    const isRenamed =
      exchange.amend === "cancel-new" &&
      [...rest.keys()].some((clientId) => tracker.get(clientId) === undefined);
    const isSlow = exchange.privateCalls === "one-at-a-time";
    const isMany = rest.size >= (paid.recentOrders === undefined ? LIST_FROM : ACCOUNT_LIST_FROM);
    if ((isSlow || isRenamed || isMany) && (await this.#answerFromLists(batch)))
      return this.#answerAbsent(rest);
    await this.#answerByMarkets(batch);
    const absent = new Map<string, Asked>();
    const left = [...rest];
    const atOnce = isSlow ? 1 : LOOKUPS_AT_ONCE;
    let failed: PromiseRejectedResult | undefined;
    for (let from = 0; from < left.length && failed === undefined; from += atOnce) {
      const outcomes = await Promise.allSettled(
        left.slice(from, from + atOnce).map(async ([clientId, asked]) => {
          const found = await this.lookUp(clientId, asked.instrument);
          if (found === undefined) absent.set(clientId, asked);
          else await this.#answer(clientId, asked, found, batch);
        }),
      );
      failed = outcomes.find((outcome) => outcome.status === "rejected");
    }
    await this.#answerAbsent(absent);
    if (failed !== undefined) throw failed.reason;
  }

  /** Orders that the venue has accepted, ended or not, for the price of one list. */
  async #answerByIds(batch: Batch): Promise<void> {
    const { exchange, instance, paid } = this.#options;
    const { ordersByIds } = exchange.reads;
    if (ordersByIds === undefined) return;
    const done = new Set<string>();
    const next = (): string[] =>
      this.#idsOf(batch)
        .filter((id) => !done.has(id))
        .slice(0, IDS_AT_ONCE);
    const ask = (): Promise<readonly RawOrder[]> => {
      const ids = next();
      for (const id of ids) done.add(id);
      return ordersByIds(instance, ids);
    };
    while (next().length > 0) {
      const onLeave = (): void => this.#leaves(batch);
      const found = await this.#unlessUnknown(() => paid.read("openOrders", ask, { onLeave }));
      await this.#answerFrom(found ?? [], batch);
    }
  }

  #idsOf({ rest }: Batch): string[] {
    return [...rest].flatMap(
      ([clientId, asked]) => this.#options.tracker.get(clientId)?.venueOrderId || asked.venueOrderId || [],
    );
  }

  /** From the newest orders of each market where that is cheaper; those of a list that fails are asked for alone. */
  async #answerByMarkets(batch: Batch): Promise<void> {
    const { paid, listed, log } = this.#options;
    const { recentOrders } = paid;
    if (recentOrders === undefined) return;
    const asked = [...batch.rest.values()];
    const isCrowded = ({ index }: Listed): boolean =>
      asked.filter(({ instrument }) => instrument === index).length >= MARKET_LIST_FROM;
    const answer = async ({ symbol, marketId }: Listed): Promise<void> => {
      try {
        await this.#answerFrom(await recentOrders(marketId), batch);
      } catch (error) {
        log("a market's orders cannot be listed", { symbol, error: describeError(error) });
      }
    };
    await Promise.all(listed().filter(isCrowded).map(answer));
  }

  /** True when the lists of open and of ended orders are whole: what remains, the venue does not know. */
  async #answerFromLists(batch: Batch): Promise<boolean> {
    const { exchange, instance, paid } = this.#options;
    const listsLeft = Math.max(...[...batch.rest.values()].map((asked) => asked.listsLeft));
    const shared = paid.openOrdersAfter(listsLeft);
    if (shared !== undefined) batch.isWaiting = false;
    await this.#answerFrom(await (shared ?? paid.openOrders(() => this.#leaves(batch))), batch);
    if (batch.rest.size === 0) return true;
    const { endedOrders } = exchange.reads;
    if (endedOrders === undefined) return false;
    const sinceMs = this.#sinceMs(batch.rest);
    const pagesMax = Math.min(PAGES_MAX, PAGES_PER_ORDER * batch.rest.size);
    for (let page = 0, next: string | undefined; page < pagesMax; page++) {
      const ended = await paid.read("openOrders", () => endedOrders(instance, sinceMs, next));
      await this.#answerFrom(ended.orders, batch);
      next = ended.next;
      if (next === undefined || batch.rest.size === 0) return true;
    }
    return false;
  }

  async #answerFrom(orders: readonly RawOrder[], batch: Batch): Promise<void> {
    const { tracker } = this.#options;
    const latest = new Map<string, { readonly revision: number; readonly order: RawOrder }>();
    for (const order of orders) {
      const name = tracker.nameOf(order.clientId, order.venueOrderId);
      if (name === undefined || !batch.rest.has(name.clientId)) continue;
      const { clientId, revision } = name;
      if (revision > (latest.get(clientId)?.revision ?? -1)) latest.set(clientId, { revision, order });
    }
    for (const [clientId, { revision, order }] of latest) {
      const asked = batch.rest.get(clientId);
      const tracked = tracker.get(clientId);
      // An ended revision says nothing of the one that follows it.
      const isLatest = tracked === undefined || revision >= (tracked.pending?.revision ?? tracked.revision);
      if (asked === undefined || (order.status !== "OPEN" && !isLatest)) continue;
      batch.rest.delete(clientId);
      await this.#answer(clientId, asked, order, batch);
    }
  }

  async #answer(clientId: string, { askedAtUs }: Asked, said: RawOrder, batch: Batch): Promise<void> {
    const { account, tracker, reports, emit, listedOf } = this.#options;
    const listed = listedOf(said.symbol);
    if (listed === undefined) return;
    const found = said.status === "OPEN" ? said : await this.#lastLife(clientId, said, batch);
    const order = tracker.get(clientId);
    if (order !== undefined && !this.#isLastWord(order, found, askedAtUs / 1_000)) return;
    reports.news(found.symbol, found);
    const known = tracker.get(clientId);
    // It is being canceled: its size is not what the engine counts by.
    if (found.status === "OPEN" && known !== undefined && isLineageLost(known)) return;
    emit({ type: "orderStatus", account, clientId, askedAtUs, answer: statusAnswer(found, listed, tracker) });
  }

  /**
   * Of an ended order. Where each name is an order to the venue, the trades say what others of an earlier gateway did.
   */
  async #lastLife(clientId: string, found: RawOrder, { tellTrades }: Batch): Promise<RawOrder> {
    const { exchange, tracker } = this.#options;
    const order = tracker.get(clientId);
    if (exchange.amend !== "cancel-new" || (order !== undefined && !isLineageLost(order))) return found;
    await tellTrades();
    const { symbol, marketId } = found;
    const revision = Math.max(0, ...tracker.booked(clientId).keys());
    if (revision <= (tracker.nameOf(found.clientId, found.venueOrderId)?.revision ?? 0)) return found;
    return (await this.#readOne({ symbol, marketId, clientId: joinName({ clientId, revision }) })) ?? found;
  }

  /** False: an amendment has changed or may still change what was found, and nothing is said yet. */
  #isLastWord(order: TrackedOrder, found: RawOrder, askedAtMs: number): boolean {
    const { pending } = order;
    const { tracker, reports } = this.#options;
    const revision = tracker.nameOf(found.clientId, found.venueOrderId)?.revision ?? order.revision;
    if (revision < order.revision) return false;
    // By when it was asked: the answer may have been long under way.
    const hasLapsed = pending !== undefined && askedAtMs > pending.expiresAtMs + LAPSE_MARGIN_MS;
    if (pending === undefined || pending.revision === order.revision) {
      if (hasLapsed && found.status === "OPEN") reports.amendLapsed(order);
      return true;
    }
    if (revision === pending.revision) return true;
    // The old order was found, and the new one is not there.
    if (hasLapsed) {
      reports.amendLapsed(order);
      return true;
    }
    return found.status === "OPEN";
  }

  async #answerAbsent(absent: ReadonlyMap<string, Asked>): Promise<void> {
    if (absent.size === 0) return;
    const { account, tracker, emit, readTrades } = this.#options;
    const earlier = new Map([...absent].filter(([clientId]) => tracker.get(clientId) === undefined));
    if (earlier.size > 0) await this.#tellTrades(earlier);
    if (earlier.size < absent.size) await readTrades();
    for (const [clientId, { askedAtUs }] of absent) {
      // A trade names it: what the venue's lists of orders do not show yet, they will.
      if (tracker.booked(clientId).size > 0) continue;
      emit({ type: "orderStatus", account, clientId, askedAtUs, answer: { found: false } });
    }
  }

  /** Not from before what the engine remembers: a fill that is told twice must be known as one. */
  #tellTrades(asked: ReadonlyMap<string, Asked>): Promise<void> {
    const knownFromUs = Math.max(0, ...[...asked.values()].map((one) => one.fillsSinceUs));
    return this.#options.tellTradesSince(
      Math.max(this.#sinceMs(asked), knownFromUs / 1_000 + this.#options.skewMs()),
    );
  }

  /** When the first of these orders was placed, in the venue's time. */
  #sinceMs(asked: ReadonlyMap<string, Asked>): number {
    const placedAtUs = Math.min(...[...asked.values()].map((one) => one.placedAtUs));
    return placedAtUs / 1_000 + this.#options.skewMs() - STAMP_MARGIN_MS;
  }

  /** One order under one name; undefined: the venue does not know it. */
  async #readOne(ref: OrderRef): Promise<RawOrder | undefined> {
    const { exchange, instance, paid } = this.#options;
    const ask = () => exchange.reads.order(instance, ref);
    return this.#unlessUnknown(() => paid.read("order", ask, { kind: "lookup" }));
  }

  /** Undefined: the venue says that it knows no such order. */
  async #unlessUnknown<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      const verdict = classify(this.#options.exchange, error);
      if (verdict.kind === "refused" && verdict.reason === "UNKNOWN_ORDER") return undefined;
      throw error;
    }
  }
}
