/**
 * Public market data of a venue without an adapter of ours, by ccxt's unified streams. What ccxt says is passed on as
 * it says it: sequence and checksum are ccxt's business, and several messages at once may be one book. Whatever fails
 * ends the connection as a whole, as ccxt's streams do not all recover from an error: the next one begins anew.
 */
import { z } from "zod";
import { UserError } from "../../../contract/errors.ts";
import type { Instrument } from "../../../contract/instrument.ts";
import { applySnapshot, createBook } from "../../../core/book/book.ts";
import { VIEW_LEVELS } from "../../../core/book/depthView.ts";
import { plainDecimal } from "../exchanges/fields.ts";
import type { CcxtInstance, CcxtMarket } from "../gateway/ccxt.ts";
import { pause, withDeadline } from "../gateway/deadline.ts";
import { describeError } from "../gateway/describeError.ts";
import { closeInstance, createInstance, loadMarkets } from "../gateway/instance.ts";
import type { Markets } from "../gateway/instance.ts";
import { Backoff } from "../market/backoff.ts";
import { BookOutlet } from "../market/bookOutlet.ts";
import { adoptTerms } from "../market/definitions.ts";
import { createLevelGrid } from "../market/levelGrid.ts";
import type { LevelGrid } from "../market/levelGrid.ts";
import { draftInstrument } from "./liveMarket.ts";
import type { LiveMarket, LiveMarketOptions } from "./liveMarket.ts";

const LISTED_WITHIN_MS = 30_000;
/** No book and no trade of any symbol for so long: the connection is taken to be dead. */
const SILENCE_MAX_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
/** Never at once: ccxt rejects what follows an error without giving sockets and timers their turn. */
const RETRY = { firstMs: 500, maxMs: 30_000, stableAfterMs: 60_000 };
const RETRY_MIN_MS = 100;
/** Of one symbol, between two of our looks. */
const TRADES_AT_ONCE_MAX = 1_000;
/** What a venue may tell again when it is subscribed to again. */
const TRADES_REMEMBERED_MAX = 1_024;
/** How ccxt says that the book is wrong, and not the connection. */
const GAPS: ReadonlySet<string> = new Set(["InvalidNonce", "ChecksumError", "BookError"]);

/** ccxt keeps sides as arrays of its own kind, which cannot be cut like others. */
const Levels = z
  .custom<ArrayLike<unknown>>(Array.isArray)
  .transform((side) => Array.from({ length: Math.min(side.length, VIEW_LEVELS) }, (_, i) => side[i]))
  .pipe(z.array(z.tuple([z.number(), z.number()], z.unknown())));
const UnifiedBook = z.object({ bids: Levels, asks: Levels, timestamp: z.number().nullish() });
const UnifiedTrades = z.array(
  z.object({
    id: z.string().nullish(),
    timestamp: z.number().nullish(),
    price: z.number(),
    amount: z.number(),
    side: z.enum(["buy", "sell"]).nullish().catch(undefined),
  }),
);

const Precision = z.object({ price: z.number(), amount: z.number() });
const SizeLimits = z.object({ amount: z.object({ min: z.number().positive() }) });
const DECIMAL_PLACES = 2;
const TICK_SIZE = 4;

class BookError extends Error {
  override readonly name = "BookError";
}

export type UnifiedMarketOptions = Omit<LiveMarketOptions, "exchange"> & {
  /** As ccxt calls it. */
  readonly exchange: string;
};

/** Throws a UserError when ccxt has no such streams, the venue does not answer, or does not list a symbol. */
export async function openUnifiedMarket(options: UnifiedMarketOptions): Promise<LiveMarket> {
  const { exchange, symbols } = options;
  const first = await createStreams(options);
  try {
    for (const need of ["watchOrderBook", "watchTrades"])
      if (first.has[need] !== true) throw new UserError(`ccxt has no ${need} at ${exchange}`);
    const markets = await withDeadline(loadMarkets(first, symbols), LISTED_WITHIN_MS);
    const definitions = symbols.map((symbol) => definitionOf(first, symbol, markets.markets[symbol]));
    const recording = new UnifiedMarket(options, definitions, markets);
    recording.start();
    return { definitions, stop: () => recording.stop() };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${exchange} does not say what it lists: ${describeError(cause)}`, { cause });
  } finally {
    await closeInstance(first);
  }
}

class UnifiedMarket {
  readonly #options: UnifiedMarketOptions;
  readonly #markets: Markets;
  readonly #feeds: readonly SymbolFeed[];
  readonly #stopped = new AbortController();
  readonly #whenStopped: Promise<void>;
  #running: Promise<void> | undefined;

  constructor(options: UnifiedMarketOptions, definitions: readonly Instrument[], markets: Markets) {
    this.#options = options;
    this.#markets = markets;
    this.#feeds = definitions.map((definition, index) => new SymbolFeed(options, index, definition));
    const { signal } = this.#stopped;
    this.#whenStopped = new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    const { nowUs, log } = this.#options;
    const backoff = new Backoff(RETRY);
    while (!signal.aborted) {
      try {
        await this.#listen(() => backoff.up(nowUs()));
      } catch (error) {
        log("warn", "the connection is opened again", { error: describeError(error) });
        const status = error instanceof Error && GAPS.has(error.name) ? "gap" : "down";
        for (const feed of this.#feeds) feed.lose(status);
        await pause(Math.max(RETRY_MIN_MS, backoff.failed(nowUs())), signal);
      }
    }
  }

  /** Until the recording is stopped, or something fails. */
  async #listen(onHeard: () => void): Promise<void> {
    const { nowUs } = this.#options;
    const instance = await createStreams(this.#options, this.#markets);
    let isOver = false;
    let heardAtUs = nowUs();
    let fail: (reason: unknown) => void = () => undefined;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    const follow = async (watch: () => Promise<unknown>, hear: (answer: unknown) => void): Promise<void> => {
      while (!isOver) {
        const answer = await watch();
        if (isOver) return;
        heardAtUs = nowUs();
        hear(answer);
        onHeard();
      }
    };
    const watchdog = setInterval(() => {
      if (nowUs() - heardAtUs > SILENCE_MAX_MS * 1_000) fail(new Error("the venue has fallen silent"));
    }, LOOK_EVERY_MS);
    for (const feed of this.#feeds) {
      const { symbol } = feed;
      follow(
        () => instance.watchOrderBook(symbol),
        (book) => feed.hearBook(book),
      ).catch(fail);
      follow(
        () => instance.watchTrades(symbol),
        (trades) => feed.hearTrades(trades),
      ).catch(fail);
    }
    try {
      await Promise.race([failed, this.#whenStopped]);
    } finally {
      isOver = true;
      clearInterval(watchdog);
      await closeInstance(instance);
    }
  }
}

class SymbolFeed {
  readonly symbol: string;
  readonly #options: UnifiedMarketOptions;
  readonly #index: number;
  readonly #grid: LevelGrid;
  readonly #outlet: BookOutlet;
  readonly #book = createBook(VIEW_LEVELS);
  readonly #openedAtMs: number;
  readonly #told = new Set<string>();
  #isKnown = false;

  constructor(options: UnifiedMarketOptions, index: number, definition: Instrument) {
    const { nowUs, onEvent } = options;
    this.symbol = definition.symbol;
    this.#options = options;
    this.#index = index;
    this.#grid = createLevelGrid(definition);
    this.#openedAtMs = nowUs() / 1_000;
    this.#outlet = new BookOutlet({
      instrument: index,
      nowUs,
      emit: (event) => {
        onEvent(event);
        if (event.type === "book") this.#outlet.consumed();
      },
    });
  }

  /** ccxt gives the same object each time, and changes it. Throws what makes it no book. */
  hearBook(answer: unknown): void {
    const { bids, asks, timestamp } = UnifiedBook.parse(answer);
    const refusal = applySnapshot(this.#book, this.#levels(bids), this.#levels(asks));
    if (refusal !== undefined) throw new BookError(`the book of ${this.symbol} is ${refusal}`);
    const [bid, ask] = [bids[0]?.[0] ?? -Infinity, asks[0]?.[0] ?? Infinity];
    if (bid >= ask) throw new BookError(`the book of ${this.symbol} is crossed: ${bid} to ${ask}`);
    const venueAtUs = microsOf(timestamp);
    if (this.#isKnown) return this.#outlet.changed(venueAtUs);
    this.#isKnown = true;
    this.#outlet.replace(this.#book, venueAtUs);
  }

  /** What happened before the recording, and what was told before, is passed over. */
  hearTrades(answer: unknown): void {
    for (const { id, timestamp, price, amount, side } of UnifiedTrades.parse(answer)) {
      if (typeof timestamp === "number" && timestamp < this.#openedAtMs) continue;
      if (typeof id === "string" && !this.#remember(id)) continue;
      const priceTicks = this.#grid.ticks(plainDecimal(price));
      const sizeLots = this.#grid.lots(plainDecimal(amount));
      if (priceTicks === undefined || sizeLots === undefined) {
        this.#options.log("warn", "a trade off the grid is left out", { symbol: this.symbol, price, amount });
        continue;
      }
      if (sizeLots === 0) continue;
      const when = { venueAtUs: microsOf(timestamp), aggressor: side ?? undefined };
      this.#options.onEvent({ type: "trade", instrument: this.#index, priceTicks, sizeLots, ...when });
    }
  }

  lose(status: "gap" | "down"): void {
    if (!this.#isKnown) return;
    this.#isKnown = false;
    this.#outlet.lose(status);
  }

  #levels(levels: readonly (readonly [number, number, ...unknown[]])[]): number[] {
    return levels.flatMap(([price, size]) => [this.#ticks(price), this.#lots(size)]);
  }

  #ticks(price: number): number {
    const ticks = this.#grid.ticks(plainDecimal(price));
    if (ticks === undefined) throw new BookError(`${this.symbol}: ${price} is no whole number of ticks`);
    return ticks;
  }

  #lots(size: number): number {
    const lots = this.#grid.lots(plainDecimal(size));
    if (lots === undefined) throw new BookError(`${this.symbol}: ${size} is no size`);
    return lots;
  }

  #remember(id: string): boolean {
    if (this.#told.has(id)) return false;
    this.#told.add(id);
    const [oldest = ""] = this.#told;
    if (this.#told.size > TRADES_REMEMBERED_MAX) this.#told.delete(oldest);
    return true;
  }
}

function microsOf(ms: number | null | undefined): number | undefined {
  return typeof ms === "number" ? ms * 1_000 : undefined;
}

function definitionOf(instance: CcxtInstance, symbol: string, market: CcxtMarket | undefined): Instrument {
  const { id } = instance;
  const draft = draftInstrument(id, symbol);
  if (market?.spot !== true) throw new UserError(`${id} does not list ${symbol}`);
  const precision = Precision.safeParse(market["precision"]);
  if (!precision.success) throw new UserError(`${id} does not say in which steps ${symbol} trades`);
  const tick = stepOf(instance, precision.data.price);
  const lot = stepOf(instance, precision.data.amount);
  const { data: limits } = SizeLimits.safeParse(market["limits"]);
  const sizeMin = limits === undefined ? lot : plainDecimal(limits.amount.min);
  const unsaid = { notionalMinQuote: undefined, priceBandFrac: undefined, status: "TRADING" } as const;
  return { ...(adoptTerms(draft, { tick, lot, sizeMin, ...unsaid }) ?? draft), version: 1 };
}

function stepOf({ id, precisionMode }: CcxtInstance, precision: number): string {
  if (precisionMode === TICK_SIZE) return plainDecimal(precision);
  if (precisionMode === DECIMAL_PLACES) return plainDecimal(10 ** -precision);
  throw new UserError(`${id} rounds prices to so many digits: a recording has one tick`);
}

/** One for all streams, with ccxt's own pace for what it asks over REST, and floats, which its books are made of. */
async function createStreams(
  { exchange: id, origin, nowUs }: UnifiedMarketOptions,
  markets?: Markets,
): Promise<CcxtInstance> {
  const instance = await createInstance({
    exchange: {
      id,
      instanceOptions: {
        tradesLimit: TRADES_AT_ONCE_MAX,
        defaultType: "spot",
        fetchMarkets: { types: ["spot"] },
      },
    },
    access: { origin, credentials: undefined },
    nowUs,
    markets,
  });
  instance.number = Number;
  instance.enableRateLimit = true;
  return instance;
}
