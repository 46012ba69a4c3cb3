/**
 * The private side of a gateway: orders, the stream of fills, the trade cursor beside it and the answers to questions,
 * each on an instance of its own. The account is up when the stream is subscribed and the trades before that are told.
 */
import type { OrderEffect } from "../../../contract/effects.ts";
import type { Instrument } from "../../../contract/instrument.ts";
import type { Exchange, PrivateNote, RawFill } from "../exchanges/exchange.ts";
import { refusalsOf } from "../exchanges/capabilities.ts";
import { exchangeOf } from "../exchanges/registry.ts";
import type { GatewayContext, GatewaySide } from "../ports.ts";
import { cancelAll } from "./cancelAll.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { TradeCursor } from "./cursor.ts";
import { pause, withDeadline } from "./deadline.ts";
import { startDeadMan } from "./deadMan.ts";
import { EntrySocket } from "./entrySocket.ts";
import { Fills } from "./fills.ts";
import { gridOf } from "./grid.ts";
import { measureSkewUs } from "./clockSkew.ts";
import { closeInstance, createInstance, loadMarkets } from "./instance.ts";
import type { Markets, RestAnswer } from "./instance.ts";
import { createLane, createNonce, useLane } from "./lane.ts";
import { OrderQuestions } from "./orderQuestions.ts";
import { Orders } from "./orders.ts";
import { Questions } from "./questions.ts";
import { OrderReports } from "./reports.ts";
import { classify } from "./taxonomy.ts";
import { OrderTracker } from "./tracker.ts";
import type { Listed } from "./tracker.ts";
import { UserStream } from "./userStream.ts";
import { createWire } from "./wire.ts";

const REST_WITHIN_MS = 3_000;
const LOAD_WITHIN_MS = 15_000;
const CLOCK_APART_MS = 1_000;
const SKEW_WORTH_SAYING_US = 250_000;
const RETRY_MS = { first: 250, last: 5_000 };

export interface PrivateSide extends GatewaySide {
  send(effect: OrderEffect, sentAtUs: number): void;
  /** The venue lists this instrument by other terms now. */
  redefine(instrument: number, definition: Instrument): void;
  /** The venue's clock ahead > 0, as it was measured. */
  skew(skewUs: number): void;
  /** Something failed that nobody waits for: what it belongs to is not trusted any more. */
  rebuild(why: string): void;
}

export interface PrivateSideHooks {
  readonly monotonicMs: () => number;
}

export function createPrivateSide(context: GatewayContext, hooks: PrivateSideHooks): PrivateSide {
  return new Private(context, hooks);
}

/** What exists once the venue's listing is loaded. */
interface Session {
  readonly orders: Orders;
  readonly orderQuestions: OrderQuestions;
  readonly questions: Questions;
  readonly cursor: TradeCursor;
  readonly stream: UserStream;
  readonly socket: EntrySocket;
  readonly deadMan: { stop(): void } | undefined;
  readonly instances: readonly CcxtInstance[];
  readonly cancelAll: () => Promise<void>;
}

class Private implements PrivateSide {
  readonly #context: GatewayContext;
  readonly #hooks: PrivateSideHooks;
  readonly #exchange: Exchange;
  readonly #tracker: OrderTracker;
  readonly #listed = new Map<string, Listed>();
  readonly #lane = createLane();
  readonly #nonce: () => number;
  readonly #stopped = new AbortController();
  #definitions: Map<number, Instrument>;
  #session: Session | undefined;
  #starting: Promise<void> | undefined;
  #skewUs = 0;
  #clockAskedAtMs = -Infinity;
  #isUp = false;
  #isHalted = false;

  constructor(context: GatewayContext, hooks: PrivateSideHooks) {
    this.#context = context;
    this.#hooks = hooks;
    this.#exchange = exchangeOf(context.access.exchange);
    this.#tracker = new OrderTracker(context.deskCode);
    this.#nonce = createNonce(() => context.nowUs());
    this.#definitions = new Map(context.instruments.map(({ index, definition }) => [index, definition]));
  }

  /** Resolves at once: the venue is reached when it can be. */
  start(): Promise<void> {
    this.#starting = this.#open();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#starting;
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined) return;
    session.deadMan?.stop();
    await Promise.all([session.stream.stop(), session.socket.stop()]);
    await Promise.all(session.instances.map(closeInstance));
  }

  skew(skewUs: number): void {
    this.#skewUs = skewUs;
  }

  redefine(instrument: number, definition: Instrument): void {
    this.#definitions.set(instrument, definition);
    const known = this.#listed.get(definition.symbol);
    if (known !== undefined) this.#listed.set(definition.symbol, { ...known, grid: gridOf(definition) });
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
        if (effect.what === "order") session.orderQuestions.ask(effect.clientId, sentAtUs);
        else
          session.questions.ask(effect.what, sentAtUs, effect.what === "fills" ? effect.sinceUs : undefined);
    }
  }

  /** Before the listing is loaded nothing can be written, and nothing was. */
  #cannotSend(effect: OrderEffect): void {
    const { emit } = this.#context;
    switch (effect.type) {
      case "place":
        return emit({
          type: "orderRejected",
          account: effect.account,
          clientId: effect.clientId,
          reason: "OTHER",
        });
      case "amend":
      case "cancel": {
        const { clientId, type } = effect;
        return emit({ type: "orderUnknown", account: effect.account, clientId, request: type });
      }
      case "cancelAll":
      case "query":
    }
  }

  async #open(): Promise<void> {
    let waitMs = RETRY_MS.first;
    while (!this.#stopped.signal.aborted) {
      const instance = await this.#create();
      try {
        const symbols = this.#context.instruments.map(({ definition }) => definition.symbol);
        const markets = await withDeadline(loadMarkets(instance, symbols), LOAD_WITHIN_MS);
        const refusals = refusalsOf(this.#exchange.id, instance.has);
        if (refusals.length > 0) {
          this.#context.log("error", "the desk does not trade at this exchange", {
            because: refusals.join("; "),
          });
          await closeInstance(instance);
          return;
        }
        await this.#measureClock(instance);
        const startMs = this.#venueNowMs();
        this.#list(markets);
        this.#session = await this.#build(instance, markets, startMs);
        return;
      } catch (error) {
        this.#noteError(error);
        this.#context.log("warn", "the venue's listing cannot be loaded", { error: describe(error) });
        await closeInstance(instance);
        await pause(waitMs, this.#stopped.signal);
        waitMs = Math.min(waitMs * 2, RETRY_MS.last);
      }
    }
  }

  #list({ markets }: Markets): void {
    for (const { index } of this.#context.instruments) {
      const definition = this.#definitions.get(index);
      const market = definition === undefined ? undefined : markets[definition.symbol];
      if (definition === undefined) continue;
      if (market === undefined) {
        this.#context.log("warn", "the venue does not list an instrument", { symbol: definition.symbol });
        continue;
      }
      const { id: marketId, info: marketInfo } = market;
      this.#listed.set(definition.symbol, {
        index,
        symbol: definition.symbol,
        marketId,
        marketInfo,
        grid: gridOf(definition),
      });
    }
  }

  async #build(questionsInstance: CcxtInstance, markets: Markets, startMs: number): Promise<Session> {
    const context = this.#context;
    const exchange = this.#exchange;
    const rest = await this.#create(markets);
    const { account, budget, emit } = context;
    const tracker = this.#tracker;
    const decimals = new Map(context.assets.map(({ asset, decimals: places }) => [asset, places]));
    const nowMs = (): number => context.nowUs() / 1_000;
    const listedOf = (symbol: string): Listed | undefined => this.#listed.get(symbol);
    const listed = [...this.#listed.values()];
    const warn = (text: string, fields: Readonly<Record<string, string | number>>): void =>
      context.log("warn", text, fields);

    const reports = new OrderReports({
      account,
      exchange,
      tracker,
      listed: listedOf,
      emit,
      nowMs,
      onLineageLost: (clientId, { index }) =>
        this.#run(orders.cancel({ type: "cancel", account, instrument: index, clientId })),
    });
    const socket = new EntrySocket({
      exchange,
      create: () => this.#create(markets),
      close: closeInstance,
      observe: (message) => this.#observeFrame(message),
      log: warn,
    });
    const wire = createWire({ socket, rest: () => rest, restWithinMs: REST_WITHIN_MS });
    const fills = new Fills({
      account,
      tracker,
      reports,
      listed: listedOf,
      decimals,
      emit,
      lookUpClientId: async ({ venueOrderId }, { symbol, marketId }) => {
        await budget.takeAll("query", exchange.limits.read("order"), REST_WITHIN_MS);
        const ref = { symbol, marketId, venueOrderId };
        return (await withDeadline(exchange.reads.order(questionsInstance, ref), REST_WITHIN_MS))?.clientId;
      },
      log: (text, fields) => context.log("error", text, fields),
      startMs,
    });
    const cursor = new TradeCursor(
      {
        exchange,
        instance: questionsInstance,
        budget,
        listed,
        limits: context.access.limits,
        fills,
        venueNowMs: () => this.#venueNowMs(),
        onMissed: (fill) => {
          if (!this.#isUp) return;
          warn("a fill that the stream did not tell", { tradeId: fill.tradeId, symbol: fill.symbol });
          this.#session?.stream.restart("it left a fill out");
        },
      },
      startMs,
    );
    const orderQuestions = new OrderQuestions({
      account,
      exchange,
      instance: questionsInstance,
      budget,
      tracker,
      reports,
      listed,
      listedOf,
      readTrades: () => cursor.read(),
      nowMs,
      emit,
      log: warn,
    });
    const orders = new Orders({
      exchange,
      tracker,
      reports,
      wire,
      budget,
      listed: (instrument) => [...this.#listed.values()].find(({ index }) => index === instrument),
      nowMs,
      skewMs: () => this.#skewUs / 1_000,
      speed: context.clock?.speed ?? 1,
      lookUp: ({ clientId }) => orderQuestions.lookUp(clientId),
      isHalted: () => this.#isHalted,
      halt: (why) => this.#halt(why),
      clockDoubted: () => this.#doubtClock(),
    });
    const questions = new Questions({
      account,
      exchange,
      instance: questionsInstance,
      budget,
      tracker,
      reports,
      listedOf,
      decimals,
      nowMs,
      limits: context.access.limits,
      tellFillsSince: (sinceUs) => cursor.tellSince((sinceUs + this.#skewUs) / 1_000),
      emit,
      log: warn,
    });
    const stream = new UserStream({
      exchange,
      create: () => this.#create(markets),
      close: closeInstance,
      monotonicMs: this.#hooks.monotonicMs,
      onNotes: (notes) => this.#hear(notes, fills, reports),
      onUp: async () => {
        await cursor.read();
        this.#turn(true, "");
      },
      onDown: (why) => this.#turn(false, why),
      onError: (error) => this.#noteError(error),
      isHalted: () => this.#isHalted,
    });
    socket.start();
    stream.start();
    void this.#readTradesBeside(cursor);
    return {
      orders,
      orderQuestions,
      questions,
      cursor,
      stream,
      socket,
      deadMan: startDeadMan({ exchange, wire, budget, log: warn }),
      instances: [questionsInstance, rest],
      cancelAll: () => cancelAll({ exchange, instance: rest, wire, budget, listed, log: warn }),
    };
  }

  async #readTradesBeside(cursor: TradeCursor): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await pause(cursor.everyMs(), signal);
      if (signal.aborted) return;
      try {
        await cursor.read();
      } catch (error) {
        this.#noteError(error);
        this.#context.log("warn", "the list of trades cannot be read", { error: describe(error) });
      }
    }
  }

  async #create(markets?: Markets): Promise<CcxtInstance> {
    const { access, budget } = this.#context;
    const instance = await createInstance({
      exchange: this.#exchange,
      access,
      nowUs: () => this.#context.nowUs() + this.#skewUs,
      markets,
      onAnswer: (answer: RestAnswer) => {
        const news = this.#exchange.limits.observe(answer);
        if (news?.usedFrac !== undefined) budget.observe(news.usedFrac);
        if (news?.silenceMs !== undefined) budget.silence(news.silenceMs, news.scope);
      },
    });
    if (this.#exchange.privateCalls === "one-at-a-time") useLane(instance, this.#lane, this.#nonce);
    return instance;
  }

  #observeFrame(message: unknown): void {
    const news = this.#exchange.limits.observeFrame?.(message, this.#venueNowMs());
    if (news?.usedFrac !== undefined) this.#context.budget.observe(news.usedFrac);
    if (news?.silenceMs !== undefined) this.#context.budget.silence(news.silenceMs, news.scope);
  }

  #hear(notes: readonly PrivateNote[], fills: Fills, reports: OrderReports): void {
    for (const note of notes) {
      if (note.type === "order") reports.news(note.symbol, note.news);
      else if (fills.isAttributed(note.fill)) fills.accept(note.fill);
      else this.#run(this.#attributeFirst(note.fill, fills));
    }
  }

  /** An order that the stream names by the venue's id alone, and we have not heard of. */
  async #attributeFirst(fill: RawFill, fills: Fills): Promise<void> {
    await fills.attribute(fill);
    fills.accept(fill);
  }

  #turn(up: boolean, why: string): void {
    const { account, emit, connection, log } = this.#context;
    if (this.#isUp === up) return;
    this.#isUp = up;
    if (up) {
      this.#isHalted = false;
      log("info", "the private stream is subscribed");
    } else log("warn", "the private stream is lost", { why });
    connection(up);
    emit({ type: "account", account, status: up ? "up" : "down" });
  }

  #noteError(error: unknown): void {
    const verdict = classify(this.#exchange, error);
    if (verdict.kind === "halt") this.#halt(describe(error));
    if (verdict.kind === "later" && verdict.because === "clock") this.#doubtClock();
  }

  /** The venue refuses requests for their time. */
  #doubtClock(): void {
    const { monotonicMs } = this.#hooks;
    const instance = this.#session?.instances[0];
    if (instance === undefined || monotonicMs() - this.#clockAskedAtMs < CLOCK_APART_MS) return;
    this.#run(this.#measureClock(instance));
  }

  async #measureClock(instance: CcxtInstance): Promise<void> {
    this.#clockAskedAtMs = this.#hooks.monotonicMs();
    const skewUs = await withDeadline(
      measureSkewUs(instance, {
        grainMs: this.#exchange.clockGrainMs,
        knownUs: this.#skewUs,
        nowUs: () => this.#context.nowUs(),
      }),
      REST_WITHIN_MS,
    );
    if (Math.abs(skewUs - this.#skewUs) > SKEW_WORTH_SAYING_US)
      this.#context.log("warn", "the venue's clock is not ours", { aheadMs: Math.round(skewUs / 1_000) });
    this.#skewUs = skewUs;
  }

  #halt(why: string): void {
    if (this.#isHalted) return;
    this.#isHalted = true;
    this.#context.log(
      "error",
      "the venue refuses this account: nothing is placed before a person has looked",
      { why },
    );
    this.#turn(false, "the venue refuses this account");
    this.#session?.stream.restart("the venue refuses this account");
  }

  #venueNowMs(): number {
    return (this.#context.nowUs() + this.#skewUs) / 1_000;
  }

  /** What nobody waits for must not end the thread. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#context.log("error", "a request failed", { error: describe(error) }),
    );
  }
}

/** Without what a message may quote of a request: keys and signatures stand in URLs. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return "no error";
  return `${error.name}: ${error.message.replaceAll(/(signature|apiKey|sign)=[^&\s]+/gi, "$1=…").slice(0, 300)}`;
}
