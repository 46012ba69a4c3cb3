/**
 * The private side of a gateway: orders, the stream of fills, the trade cursor beside it and the answers to questions,
 * each on an instance of its own. The account is up when the stream is subscribed and the trades before that are told.
 */
import type { OrderEffect } from "../../../contract/effects.ts";
import type { Instrument } from "../../../contract/instrument.ts";
import type { TradeReads } from "../../../contract/views.ts";
import { refusalsOf } from "../exchanges/capabilities.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { exchangeOf } from "../exchanges/registry.ts";
import type { GatewayContext, GatewaySide } from "../ports.ts";
import type { CcxtInstance } from "./ccxt.ts";
import type { TradeCursor } from "./cursor.ts";
import { pause, withDeadline } from "./deadline.ts";
import { describeError } from "./describeError.ts";
import { closeInstance, loadMarkets } from "./instance.ts";
import { KeyRefusedError } from "./keyGuard.ts";
import { Listing } from "./listing.ts";
import { PrivateInstances } from "./privateInstances.ts";
import { startSession } from "./session.ts";
import type { Session } from "./session.ts";
import { Standing } from "./standing.ts";
import { classify } from "./taxonomy.ts";
import { VenueTime } from "./venueTime.ts";

const LOAD_WITHIN_MS = 15_000;
const RETRY_MS = { first: 250, last: 5_000 };

export interface PrivateSide extends GatewaySide {
  send(effect: OrderEffect, sentAtUs: number): void;
  /** The venue lists this instrument by other terms now. */
  redefine(instrument: number, definition: Instrument): void;
  /** The venue's clock ahead > 0, as it was measured. */
  skew(skewUs: number): void;
  /** Undefined before the account is opened. */
  readonly tradeReads: TradeReads | undefined;
  /** Something failed that nobody waits for: what it belongs to is not trusted any more. */
  rebuild(why: string): void;
}

export interface PrivateSideHooks {
  readonly monotonicMs: () => number;
  /** Has the venue's clock measured soon; resolves when `skew` was told of it. */
  readonly measureClock: () => Promise<void>;
  /** The venue counts in other steps than its definitions say. */
  readonly doubtDefinitions: () => void;
}

export function createPrivateSide(context: GatewayContext, hooks: PrivateSideHooks): PrivateSide {
  return new Private(context, hooks);
}

class Private implements PrivateSide {
  readonly #context: GatewayContext;
  readonly #hooks: PrivateSideHooks;
  readonly #exchange: Exchange;
  readonly #listing: Listing;
  readonly #standing: Standing;
  readonly #time: VenueTime;
  readonly #instances: PrivateInstances;
  readonly #stopped = new AbortController();
  #session: Session | undefined;
  #starting: Promise<void> | undefined;
  #relisting: Promise<void> | undefined;

  constructor(context: GatewayContext, hooks: PrivateSideHooks) {
    this.#context = context;
    this.#hooks = hooks;
    this.#exchange = exchangeOf(context.access.exchange);
    this.#listing = new Listing(context.instruments, context.log);
    this.#standing = new Standing(context);
    this.#time = new VenueTime({ nowUs: () => context.nowUs(), measure: hooks.measureClock });
    this.#instances = new PrivateInstances(context, this.#exchange, this.#time);
  }

  /** Resolves at once: the venue is reached when it can be. */
  start(): Promise<void> {
    this.#starting = this.#open();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all([this.#starting, this.#relisting]);
    const session = this.#session;
    this.#session = undefined;
    await session?.stop();
  }

  skew(skewUs: number): void {
    this.#time.skewUs = skewUs;
  }

  redefine(instrument: number, definition: Instrument): void {
    const isListed = this.#listing.redefine(instrument, definition);
    if (!isListed && this.#session !== undefined) this.#relisting ??= this.#relist();
  }

  get tradeReads(): TradeReads | undefined {
    return this.#session?.cursor.reads;
  }

  rebuild(why: string): void {
    this.#session?.socket.drop();
    this.#session?.stream.restart(why);
  }

  send(effect: OrderEffect, sentAtUs: number): void {
    const session = this.#session;
    if (session === undefined) return this.#cannotSend(effect);
    switch (effect.type) {
      case "place":
        return this.#run(session.orders.place(effect));
      case "amend":
        return this.#run(session.orders.amend(effect));
      case "cancel":
        return this.#run(session.orders.cancel(effect));
      case "cancelAll":
        return this.#run(session.cancelAll());
      case "query":
        if (effect.what === "order") session.orderQuestions.ask(effect, sentAtUs);
        else
          session.questions.ask(effect.what, sentAtUs, effect.what === "fills" ? effect.sinceUs : undefined);
    }
  }

  /** Before the listing is loaded nothing can be written, and nothing was. */
  #cannotSend(effect: OrderEffect): void {
    const { emit } = this.#context;
    switch (effect.type) {
      case "place": {
        const { account, clientId } = effect;
        return emit({ type: "orderRejected", account, clientId, reason: "OTHER" });
      }
      case "amend":
      case "cancel": {
        const { account, clientId, type } = effect;
        return emit({ type: "orderUnknown", account, clientId, request: type });
      }
      case "cancelAll":
      case "query":
    }
  }

  async #open(): Promise<void> {
    const { signal } = this.#stopped;
    for (let waitMs = RETRY_MS.first; !signal.aborted; waitMs = Math.min(waitMs * 2, RETRY_MS.last)) {
      const created: CcxtInstance[] = [];
      try {
        const asking = await this.#instances.create();
        created.push(asking);
        const markets = await withDeadline(loadMarkets(asking, this.#listing.symbols), LOAD_WITHIN_MS);
        const refusals = refusalsOf(this.#exchange.id, asking.has, this.#context.terms);
        if (refusals.length > 0) {
          const because = refusals.join("; ");
          this.#context.log("error", "the desk does not trade at this exchange", { because });
          return await closeInstance(asking);
        }
        await this.#time.measured();
        this.#listing.load(markets);
        const startMs = this.#time.nowMs;
        const rest = await this.#instances.create(markets);
        created.push(rest);
        this.#session = this.#startSession(asking, rest, startMs);
        return void this.#readTradesBeside(this.#session.cursor);
      } catch (error) {
        this.#noteError(error);
        this.#context.log("warn", "the account cannot be opened", { error: describeError(error) });
        await Promise.all(created.map(closeInstance));
        await pause(waitMs, signal);
      }
    }
  }

  #startSession(asking: CcxtInstance, rest: CcxtInstance, startMs: number): Session {
    return startSession({
      context: this.#context,
      exchange: this.#exchange,
      listing: this.#listing,
      standing: this.#standing,
      time: this.#time,
      instances: this.#instances,
      asking,
      rest,
      startMs,
      monotonicMs: this.#hooks.monotonicMs,
      doubtDefinitions: this.#hooks.doubtDefinitions,
      onError: (error) => this.#noteError(error),
      run: (work) => this.#run(work),
    });
  }

  /** Until the venue has answered: an instrument trades that it did not list before. */
  async #relist(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      let instance: CcxtInstance | undefined;
      try {
        instance = await this.#instances.create();
        this.#listing.load(await withDeadline(loadMarkets(instance, this.#listing.symbols), LOAD_WITHIN_MS));
        this.#session?.relist();
        break;
      } catch (error) {
        this.#context.log("warn", "the venue's listing cannot be loaded", { error: describeError(error) });
      } finally {
        if (instance !== undefined) await closeInstance(instance);
      }
      await pause(RETRY_MS.last, signal);
    }
    this.#relisting = undefined;
  }

  async #readTradesBeside(cursor: TradeCursor): Promise<void> {
    const { signal } = this.#stopped;
    const speed = this.#context.clock?.speed ?? 1;
    while (!signal.aborted) {
      await pause(cursor.everyMs() / speed, signal);
      if (signal.aborted) return;
      try {
        await cursor.read();
      } catch (error) {
        this.#noteError(error);
        this.#context.log("warn", "the list of trades cannot be read", { error: describeError(error) });
      }
    }
  }

  #noteError(error: unknown): void {
    if (error instanceof KeyRefusedError) return this.#standing.keyRefused(error.message);
    const verdict = classify(this.#exchange, error);
    if (verdict.kind === "halt") this.#standing.refused(describeError(error));
    if (verdict.kind === "later" && verdict.because === "clock") this.#time.doubt();
  }

  /** What nobody waits for must not end the thread. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#context.log("error", "a request failed", { error: describeError(error) }),
    );
  }
}
