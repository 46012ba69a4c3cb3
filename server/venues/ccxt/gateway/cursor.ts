/**
 * The venue's own list of our trades, read again and again beside the stream. What the stream has told is recognised;
 * what it has not is told from here, late and once.
 */
import type { TradeReads } from "../../../contract/views.ts";
import type { Exchange, RawFill } from "../exchanges/exchange.ts";
import type { RequestClass } from "../ports.ts";
import type { CcxtInstance } from "./ccxt.ts";
import type { Fills } from "./fills.ts";
import type { PaidReads } from "./paidReads.ts";
import { scheduledEveryMs } from "./schedule.ts";
import type { Listed } from "./tracker.ts";

/** A venue's list lags its stream, and not always in order of time: this far back is read again. */
const OVERLAP_MS = 60_000;

/** A stream that is this far behind the list has lost something. */
const LATE_MS = 3_000;

/** 100,000 trades in one pass at the venue with the largest pages. */
const PAGES_MAX = 100;

const EVERY_MIN_MS = 1_000;

/** From so many orders on, a list of them is cheaper than asking for each. */
const LIST_FROM = 3;

const ANSWER_WITHIN_MS = 4_000;

export interface CursorOptions {
  readonly exchange: Pick<Exchange, "reads" | "limits">;
  readonly instance: CcxtInstance;
  readonly paid: Pick<PaidReads, "read" | "recentOrders">;
  readonly listed: () => readonly Listed[];
  /** The venue counts no requests. */
  readonly limits?: "lifted" | undefined;
  readonly fills: Pick<Fills, "isKnown" | "isAttributed" | "attribute" | "learn" | "accept">;
  /** Engine time. */
  readonly nowMs: () => number;
  /** The venue's time. */
  readonly venueNowMs: () => number;
  /** A fill that the stream should have told long ago. */
  readonly onMissed: (fill: RawFill) => void;
}

export class TradeCursor {
  readonly #options: CursorOptions;
  readonly #startMs: number;
  readonly #seenMs = new Map<string, number>();
  #last: Promise<void> = Promise.resolve();
  /** Not begun yet. */
  #next: Promise<void> | undefined;
  #nextKind: "query" | "session" = "query";
  /** Told again: it waits for room, and for what comes with it. */
  #telling: { readonly told: Promise<void>; readonly since: (() => number)[] } | undefined;
  #readAtUs: number | undefined;

  /** Trades from `startMs` of the venue's time on are ours to tell. */
  constructor(options: CursorOptions, startMs: number) {
    this.#options = options;
    this.#startMs = startMs;
  }

  /**
   * A pass that begins after this call, behind any that runs; one for all, in the highest class that one of them asks
   * for. Rejects when the venue did not answer.
   */
  read(kind: "query" | "session" = "query"): Promise<void> {
    if (kind === "session") this.#nextKind = kind;
    if (this.#next !== undefined) return this.#next;
    this.#next = this.#last.then(() => {
      const passKind = this.#nextKind;
      this.#next = undefined;
      this.#nextKind = "query";
      return this.#pass(passKind);
    });
    this.#last = this.#next.catch(() => undefined);
    return this.#next;
  }

  /**
   * All trades since an instant, told again. Those who ask while it waits for room are told together: each is asked for
   * its instant when it leaves.
   */
  tellSince(since: () => number): Promise<void> {
    if (this.#telling !== undefined) {
      this.#telling.since.push(since);
      return this.#telling.told;
    }
    const all = [since];
    const waitsNoMore = (): void => {
      if (this.#telling?.since === all) this.#telling = undefined;
    };
    let sinceMs: number | undefined;
    const earliest = (): number => {
      waitsNoMore();
      return (sinceMs ??= Math.min(...all.map((one) => one())));
    };
    const told = this.#tellAgain(earliest).finally(waitsNoMore);
    this.#telling = { told, since: all };
    return told;
  }

  async #tellAgain(sinceMs: () => number): Promise<void> {
    for (const at of this.#scopes())
      for (const fill of await this.#readAll(at, sinceMs)) this.#options.fills.accept(fill, true);
  }

  /** As often as its share of the venue's budget allows. */
  everyMs(): number {
    const { exchange, limits } = this.#options;
    if (limits === "lifted") return EVERY_MIN_MS;
    const perPassMs = scheduledEveryMs(exchange.limits, "trades");
    return Math.max(EVERY_MIN_MS, perPassMs * this.#scopes().length);
  }

  /** For the screen. */
  get reads(): TradeReads {
    return { everyMs: Math.round(this.everyMs()), readAtUs: this.#readAtUs };
  }

  /** From where on the trades of a symbol are read next. */
  readsFromMs(symbol: string): number {
    return this.#sinceMs(this.#options.exchange.reads.tradesPerSymbol ? symbol : "");
  }

  #sinceMs(key: string): number {
    const seenMs = this.#seenMs.get(key);
    return seenMs === undefined ? this.#startMs : Math.max(this.#startMs, seenMs - OVERLAP_MS);
  }

  #scopes(): readonly (Listed | undefined)[] {
    const { exchange, listed } = this.#options;
    return exchange.reads.tradesPerSymbol ? listed() : [undefined];
  }

  async #pass(kind: RequestClass): Promise<void> {
    const { fills, onMissed, nowMs, venueNowMs } = this.#options;
    const readAtUs = Math.floor(nowMs() * 1_000);
    for (const at of this.#scopes()) {
      const key = at?.symbol ?? "";
      const sinceMs = this.#sinceMs(key);
      let newestMs = this.#seenMs.get(key) ?? this.#startMs;
      for (const fill of await this.#readAll(at, () => sinceMs, kind)) {
        newestMs = Math.max(newestMs, fill.venueAtMs);
        if (fill.venueAtMs < this.#startMs || fills.isKnown(fill)) continue;
        if (fills.accept(fill) && venueNowMs() - fill.venueAtMs > LATE_MS) onMissed(fill);
      }
      this.#seenMs.set(key, newestMs);
    }
    this.#readAtUs = readAtUs;
  }

  /** Oldest first, each with its order's name. */
  async #readAll(
    at: Listed | undefined,
    sinceMs: () => number,
    kind: RequestClass = "query",
  ): Promise<readonly RawFill[]> {
    const { exchange, instance, paid, fills } = this.#options;
    const all: RawFill[] = [];
    let next: string | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const ask = () =>
        exchange.reads.trades(instance, {
          symbol: at?.symbol,
          marketId: at?.marketId,
          sinceMs: sinceMs(),
          next,
        });
      const answer = await paid.read("trades", ask, { kind, answerWithinMs: ANSWER_WITHIN_MS });
      all.push(...answer.fills);
      next = answer.next;
      if (next === undefined) break;
    }
    if (next !== undefined) throw new Error(`more than ${PAGES_MAX} pages of trades since ${sinceMs()}`);
    all.sort((a, b) => a.venueAtMs - b.venueAtMs);
    await this.#learnOrders(at, all);
    for (const fill of all) await fills.attribute(fill);
    return all;
  }

  async #learnOrders(at: Listed | undefined, all: readonly RawFill[]): Promise<void> {
    const { paid, fills } = this.#options;
    if (at === undefined || paid.recentOrders === undefined) return;
    const unnamed = new Set(all.filter((fill) => !fills.isAttributed(fill)).map((fill) => fill.venueOrderId));
    if (unnamed.size < LIST_FROM) return;
    for (const order of await paid.recentOrders(at.marketId))
      if (unnamed.has(order.venueOrderId)) fills.learn(order);
  }
}
