/** What trades on an account once the venue's listing is loaded, put together and running. */
import type { Exchange, PrivateNote, RawFill } from "../exchanges/exchange.ts";
import type { GatewayContext } from "../ports.ts";
import { BudgetError } from "./budget.ts";
import { cancelAll } from "./cancelAll.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { TradeCursor } from "./cursor.ts";
import { startDeadMan } from "./deadMan.ts";
import { EntrySocket } from "./entrySocket.ts";
import { Fills } from "./fills.ts";
import { closeInstance, useMarkets } from "./instance.ts";
import { createKeyGuard } from "./keyGuard.ts";
import type { Listing } from "./listing.ts";
import { createPaidReads } from "./paidReads.ts";
import { OrderQuestions } from "./orderQuestions.ts";
import { Orders } from "./orders.ts";
import type { PrivateInstances } from "./privateInstances.ts";
import { Questions } from "./questions.ts";
import { OrderReports } from "./reports.ts";
import type { Standing } from "./standing.ts";
import { OrderTracker } from "./tracker.ts";
import { UserStream } from "./userStream.ts";
import type { VenueTime } from "./venueTime.ts";
import { createWire } from "./wire.ts";

const REST_WITHIN_MS = 3_000;

/** The stream of a start holds the trades of so long; more can happen in more. */
const START_MS = 15_000;

export interface Session {
  readonly orders: Orders;
  readonly orderQuestions: OrderQuestions;
  readonly questions: Questions;
  readonly cursor: TradeCursor;
  readonly stream: UserStream;
  readonly socket: EntrySocket;
  cancelAll(): Promise<void>;
  /** The listing was loaded anew, by an instance of its own. */
  relist(): void;
  stop(): Promise<void>;
}

export interface SessionOptions {
  readonly context: GatewayContext;
  readonly exchange: Exchange;
  readonly listing: Listing;
  readonly standing: Standing;
  readonly time: VenueTime;
  readonly instances: PrivateInstances;
  /** For questions: the one that has loaded the listing. */
  readonly asking: CcxtInstance;
  /** For what goes over REST. */
  readonly rest: CcxtInstance;
  /** Of the venue's time: trades from then on are told. */
  readonly startMs: number;
  readonly monotonicMs: () => number;
  readonly doubtDefinitions: () => void;
  readonly onError: (error: unknown) => void;
  /** For what nobody waits for. */
  readonly run: (work: Promise<void>) => void;
}

export function startSession(options: SessionOptions): Session {
  const { context, exchange, listing, standing, time, instances, asking, rest, run } = options;
  const { account, access, budget, emit } = context;
  const speed = context.clock?.speed ?? 1;
  const tracker = new OrderTracker(context.deskCode);
  const decimals = new Map(context.assets.map(({ asset, decimals: places }) => [asset, places]));
  const nowMs = (): number => context.nowUs() / 1_000;
  const skewMs = (): number => time.skewMs;
  const warn = (text: string, fields: Readonly<Record<string, string | number>>): void =>
    context.log("warn", text, fields);
  const paid = createPaidReads({ exchange, budget, instance: asking });
  const common = { account, exchange, tracker, budget, paid, nowMs, emit, log: warn, instance: asking };

  const reports = new OrderReports({
    ...common,
    listed: listing.of,
    onLineageLost: (clientId, { index }) =>
      run(orders.cancel({ type: "cancel", account, instrument: index, clientId })),
  });
  const socket = new EntrySocket({
    exchange,
    create: () => instances.create(listing.markets),
    close: closeInstance,
    observe: (message) => instances.observeFrame(message),
    monotonicMs: options.monotonicMs,
    onFailed: () => instances.tokens.forget(),
    log: warn,
  });
  const wire = createWire({ socket, rest: () => rest, restWithinMs: REST_WITHIN_MS });
  const fills = new Fills({
    ...common,
    venueNowMs: () => time.nowMs,
    readsFromMs: (symbol) => cursor.readsFromMs(symbol),
    reports,
    listed: listing.of,
    decimals,
    lookUpOrder: async ({ venueOrderId }, { symbol, marketId }) => {
      // No "lookup" of an order in doubt: until it is named, what was traded is told to nobody.
      const ref = { symbol, marketId, venueOrderId };
      const waits = { waitMaxMs: REST_WITHIN_MS, answerWithinMs: REST_WITHIN_MS };
      return paid.read("order", () => exchange.reads.order(asking, ref), waits);
    },
    onOffGrid: options.doubtDefinitions,
    log: (text, fields) => context.log("error", text, fields),
    startMs: options.startMs,
  });
  const cursor = new TradeCursor(
    {
      ...common,
      listed: listing.all,
      limits: access.limits,
      fills,
      venueNowMs: () => time.nowMs,
      onMissed: (fill) => {
        if (!standing.isSubscribed) return;
        warn("a fill that the stream did not tell", { tradeId: fill.tradeId, symbol: fill.symbol });
        stream.restart("it left a fill out");
      },
    },
    options.startMs,
  );
  const orderQuestions = new OrderQuestions({
    ...common,
    reports,
    listed: listing.all,
    listedOf: listing.of,
    readTrades: () => cursor.read(),
    tellTradesSince: (sinceMs) => cursor.tellSince(() => sinceMs),
    skewMs,
  });
  const orders = new Orders({
    ...common,
    reports,
    wire,
    listed: listing.at,
    skewMs,
    speed,
    lookUp: ({ clientId }) => orderQuestions.lookUp(clientId),
    isHalted: () => standing.isHalted,
    halt: (why) => standing.refused(why),
    clockDoubted: () => time.doubt(),
  });
  const questions = new Questions({
    ...common,
    reports,
    listedOf: listing.of,
    decimals,
    limits: access.limits,
    tellFillsSince: (sinceUs) => cursor.tellSince(() => sinceUs() / 1_000 + time.skewMs),
  });
  let wasUp = false;
  const checkKey = createKeyGuard({ ...common, account: context.terms.account, access });
  const stream = new UserStream({
    exchange,
    create: () => instances.create(listing.markets),
    close: closeInstance,
    monotonicMs: options.monotonicMs,
    onNotes: (notes) => hear(notes),
    onUp: async () => {
      // Trades are ours to tell since a moment ago: the stream itself may begin with them.
      const isStart = !wasUp && time.nowMs - options.startMs < START_MS;
      const isToldAlready = isStart && exchange.streamBeginsWithTrades === true;
      await Promise.all([isToldAlready ? undefined : cursor.read("session"), checkKey()]);
      wasUp = true;
      standing.subscribed();
    },
    onDown: (why) => standing.lost(why),
    onError(error) {
      // For want of room in our own budget no token is wrong.
      if (!(error instanceof BudgetError)) instances.tokens.forget();
      options.onError(error);
    },
    isHalted: () => standing.isHalted,
  });

  function hear(notes: readonly PrivateNote[]): void {
    for (const note of notes) {
      if (note.type === "order") reports.news(note.symbol, note.news);
      else if (fills.isAttributed(note.fill)) fills.accept(note.fill);
      else run(attributeFirst(note.fill));
    }
  }

  /** An order that the stream names by the venue's id alone, and we have not heard of. */
  async function attributeFirst(fill: RawFill): Promise<void> {
    await fills.attribute(fill);
    fills.accept(fill);
  }

  socket.start();
  stream.start();
  const deadMan =
    access.deadMansSwitch === "off"
      ? undefined
      : startDeadMan({ exchange, wire, socket, budget, speed, log: warn });
  return {
    orders,
    orderQuestions,
    questions,
    cursor,
    stream,
    socket,
    cancelAll: () => cancelAll({ exchange, instance: rest, wire, budget, listed: listing.all(), log: warn }),
    relist() {
      for (const instance of [asking, rest]) useMarkets(instance, listing.markets);
      // Until then it leaves out what its instance does not know.
      stream.restart("the venue lists another instrument");
    },
    async stop() {
      deadMan?.stop();
      await Promise.all([stream.stop(), socket.stop()]);
      await Promise.all([asking, rest].map(closeInstance));
    },
  };
}
