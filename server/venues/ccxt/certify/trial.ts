/**
 * What one check may do with the account. Once its signal is aborted every step of it throws what the signal was given,
 * so that a check that is late, or was ended, sends nothing beside what comes after it.
 */
import type { OrderEffect, PlaceEffect, QueryEffect } from "../../../contract/effects.ts";
import type { OpenOrderView } from "../../../contract/events.ts";
import type { Instrument, VenueAccount } from "../../../contract/instrument.ts";
import type { VenueEvent } from "../../venue.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { CcxtInstance, CcxtMarket } from "../gateway/ccxt.ts";
import { pause, withDeadline } from "../gateway/deadline.ts";
import type { Grid } from "../gateway/grid.ts";
import { splitName } from "../gateway/names.ts";
import { classify } from "../gateway/taxonomy.ts";
import type { VenueAccess } from "../ports.ts";
import { CheckError } from "./check.ts";
import type { Quote } from "./currentBook.ts";
import { TRIAL_CODE, type TrialSession } from "./session.ts";

const ASK_AGAIN_MS = 1_500;
const ASK_TRIES = 20;
const POLL_MS = 20;
const BOOK_WITHIN_MS = 15_000;
const DIRECT_WITHIN_MS = 5_000;
/** Kraken's counter falls by one in three seconds. */
const DIRECT_AGAIN_MS = 3_000;
const DIRECT_TRIES = 6;

export interface OpenOrders {
  /** Of this trial or an earlier one, by the id or by what the venue called it when it took it. */
  readonly ours: readonly OpenOrderView[];
  /** Symbol and id of what an earlier trial left in another symbol, where the gateway cancels nothing. */
  readonly elsewhere: readonly string[];
  /** Names of all others, in every symbol: what the venue cancels at once, it cancels there, too. */
  readonly others: readonly string[];
}

type OrderStatus = Extract<VenueEvent, { type: "orderStatus" }>;

type Names = Pick<OpenOrderView, "clientId" | "venueOrderId">;

export class Trial {
  readonly exchange: Exchange;
  readonly definition: Instrument;
  readonly terms: VenueAccount;
  readonly access: VenueAccess;
  readonly grid: Grid;
  readonly events: readonly VenueEvent[];
  readonly clientIds: readonly string[];
  readonly nowUs: () => number;
  readonly #session: TrialSession;
  readonly #signal: AbortSignal;

  constructor(session: TrialSession, signal: AbortSignal = new AbortController().signal) {
    const { exchange, definition, terms, access, grid, events, clientIds, nowUs } = session;
    this.exchange = exchange;
    this.definition = definition;
    this.terms = terms;
    this.access = access;
    this.grid = grid;
    this.events = events;
    this.clientIds = clientIds;
    this.nowUs = nowUs;
    this.#session = session;
    this.#signal = signal;
  }

  /** For what has to be undone however the check ended. */
  get afterwards(): Trial {
    return new Trial(this.#session);
  }

  send(effect: OrderEffect): void {
    this.#signal.throwIfAborted();
    this.#session.send(effect);
  }

  /** Our own connections end, as if they had failed, and are built anew. */
  cut(why: string): void {
    this.#signal.throwIfAborted();
    this.#session.failed(new CheckError(why));
  }

  async pause(ms: number): Promise<void> {
    await pause(ms, this.#signal);
    this.#signal.throwIfAborted();
  }

  /** The first that is found. Throws a CheckError when nothing is in time. */
  async until<T>(what: string, find: () => T | undefined, withinMs: number): Promise<T> {
    const untilUs = this.nowUs() + withinMs * 1_000;
    for (;;) {
      this.#signal.throwIfAborted();
      const found = find();
      if (found !== undefined) return found;
      if (this.nowUs() > untilUs) throw new CheckError(`${what}: nothing within ${withinMs / 1_000} s`);
      await this.pause(POLL_MS);
    }
  }

  /** The first event from `from` on that fits. Throws as `until` does. */
  next<E extends VenueEvent>(
    what: string,
    fits: (event: VenueEvent) => event is E,
    withinMs: number,
    from = 0,
  ): Promise<E> {
    return this.until(what, () => this.events.slice(from).find(fits), withinMs);
  }

  /** The best prices of now. */
  quote(): Promise<Quote> {
    return this.until("a book with two sides", () => this.#session.book.quote(), BOOK_WITHIN_MS);
  }

  /** Asks until there is an answer to a question of now: one that finds the budget empty is dropped. */
  async ask<T extends "openOrders" | "balances">(what: T): Promise<Extract<VenueEvent, { type: T }>> {
    const from = this.events.length;
    const askedAtUs = this.nowUs();
    const isAnswer = (event: VenueEvent): event is Extract<VenueEvent, { type: T }> =>
      event.type === what && "askedAtUs" in event && (event.askedAtUs ?? 0) >= askedAtUs;
    return this.#askAgain({ type: "query", what, account: 0 }, what, isAnswer, from);
  }

  /** What the venue says of one order. */
  lookUp(clientId: string, placedAtUs: number): Promise<OrderStatus> {
    const isAnswer = (event: VenueEvent): event is OrderStatus =>
      event.type === "orderStatus" && event.clientId === clientId;
    const question = { type: "query", what: "order", account: 0, clientId, placedAtUs } as const;
    return this.#askAgain(question, "an order", isAnswer, this.events.length);
  }

  /** A question that finds no room in the venue's budget has no answer. */
  async #askAgain<T extends VenueEvent>(
    question: QueryEffect,
    what: string,
    isAnswer: (event: VenueEvent) => event is T,
    from: number,
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      this.send(question);
      try {
        return await this.next(`the question for ${what}`, isAnswer, ASK_AGAIN_MS, from);
      } catch (error) {
        if (tries >= ASK_TRIES) throw error;
      }
    }
  }

  async openOrders(): Promise<OpenOrders> {
    const { orders, elsewhere = [] } = await this.ask("openOrders");
    const accepted = this.events.flatMap((event) => (event.type === "orderAccepted" ? [event] : []));
    const venueIds = new Set(accepted.map(({ venueOrderId }) => venueOrderId));
    const isOurs = ({ clientId, venueOrderId }: Names): boolean =>
      splitName(clientId, TRIAL_CODE) !== undefined || venueIds.has(venueOrderId);
    const ofOthers = [...orders, ...elsewhere].filter((order) => !isOurs(order));
    return {
      ours: orders.filter(isOurs),
      elsewhere: elsewhere.filter(isOurs).map(({ symbol, clientId }) => `${symbol} ${clientId}`),
      others: ofOthers.map(({ clientId, venueOrderId }) => clientId || venueOrderId),
    };
  }

  order(terms: Pick<PlaceEffect, "side" | "priceTicks" | "sizeLots"> & Partial<PlaceEffect>): PlaceEffect {
    return {
      type: "place",
      account: 0,
      instrument: 0,
      clientId: this.#session.nextClientId(),
      timeInForce: "POST_ONLY",
      selfTrade: "EXPIRE_TAKER",
      requestExpiresAtUs: this.expiry(),
      ...terms,
    };
  }

  expiry(): number {
    return this.nowUs() + this.terms.requestExpiryMs * 1_000;
  }

  /**
   * Asks the venue past the gateway and its budget: what it refuses as too many is asked again, later. An answer that does
   * not come in time is an error.
   */
  async direct<T>(call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      this.#signal.throwIfAborted();
      try {
        return await withDeadline(call(), DIRECT_WITHIN_MS);
      } catch (error) {
        const verdict = classify(this.exchange, error);
        const isTooMany = verdict.kind === "later" && verdict.because === "rate";
        if (!isTooMany || tries >= DIRECT_TRIES) throw error;
      }
      await this.pause(DIRECT_AGAIN_MS);
    }
  }

  market(): Promise<CcxtMarket> {
    this.#signal.throwIfAborted();
    return this.#session.market();
  }

  instance(behindUs = 0): Promise<CcxtInstance> {
    this.#signal.throwIfAborted();
    return this.#session.instance(behindUs);
  }
}

type Ended = Extract<VenueEvent, { readonly type: "orderCanceled" | "orderExpired" }>;

/** Whoever ended it, or its own terms. */
export function isEnd(clientId: string, as: Ended["type"]) {
  return (event: VenueEvent): event is Ended => event.type === as && event.clientId === clientId;
}

/** Of what was said about one order. */
export function isAbout<T extends VenueEvent["type"]>(type: T, clientId: string) {
  return (event: VenueEvent): event is Extract<VenueEvent, { type: T }> =>
    event.type === type && "clientId" in event && event.clientId === clientId;
}
