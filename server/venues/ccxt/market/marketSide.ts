/**
 * The public side of a gateway: definitions first, then one socket for every book and all trades of the account, and
 * beside them the venue's clock. It starts without the venue and keeps trying; nothing of it is awaited by anyone.
 */
import { createInstance, closeInstance } from "../gateway/instance.ts";
import type { CcxtInstance } from "../gateway/ccxt.ts";
import { withDeadline } from "../gateway/deadline.ts";
import type { RestAnswer } from "../gateway/instance.ts";
import { comparedEveryMs } from "../gateway/schedule.ts";
import { exchangeOf } from "../exchanges/registry.ts";
import type { ReadKind } from "../exchanges/exchange.ts";
import type { GatewayContext, GatewaySide } from "../ports.ts";
import { MarketBoard } from "./marketBoard.ts";
import { MarketSocket } from "./marketSocket.ts";
import { marketProtocolOf } from "./protocols/registry.ts";
import { startPolling } from "./polling.ts";
import type { Polling } from "./polling.ts";
import { createRareLog } from "./rareLog.ts";
import { VenueClock } from "./venueClock.ts";
import type { ClockSkew, VenueTime } from "./venueClock.ts";

export interface MarketSide extends GatewaySide {
  /** The engine has consumed the last book event of this instrument. */
  consumed(instrument: number): void;
  /** Something failed that nobody waits for: its socket is not trusted any more. */
  rebuild(why: string): void;
  /** Somebody has reason to think that the venue's filters have changed. */
  doubtDefinitions(): void;
  /**
   * Has the venue's clock measured soon; resolves when `onSkew` was told of it. Whoever waits has a deadline of their
   * own.
   */
  measureClock(): Promise<void>;
}

interface MarketSideHooks {
  /** Told of every measurement. */
  readonly onSkew?: (skew: ClockSkew) => void;
}

/** Deadlines of feeds are looked at so often. */
const TICK_MS = 50;
const DEFINITIONS_EVERY_MS = 180_000;
/** A doubt that comes again and again asks no more often. */
const DEFINITIONS_APART_MS = 2_000;
const CLOCK_EVERY_MS = 20_000;
const CLOCK_APART_MS = 1_000;
const BUDGET_WAIT_MS = 1_000;
/** Whatever ccxt makes of an answer that never ends. */
const ANSWER_WITHIN_MS = 4_000;

export function createMarketSide(context: GatewayContext, hooks: MarketSideHooks = {}): MarketSide {
  const exchange = exchangeOf(context.access.exchange);
  const protocol = marketProtocolOf(exchange.id);
  // A socket of its own, and questions of their own: what one of them does is not felt by the other. Neither is anyone.
  const access = { ...context.access, credentials: undefined };
  const nowUs = (): number => context.nowUs();
  const speed = context.clock?.speed ?? 1;
  const instances: CcxtInstance[] = [];
  const pollings: Polling[] = [];
  let socket: MarketSocket | undefined;
  const timers: NodeJS.Timeout[] = [];
  let definitions: Polling | undefined;
  let clock: Polling | undefined;
  let board: MarketBoard | undefined;
  let nextSkew = deferred();
  let isStopped = false;
  const warnUnread = createRareLog({
    nowUs,
    log: (fields) => context.log("warn", "a frame of the public socket was not understood", fields),
  });

  async function createOwnInstance(): Promise<CcxtInstance> {
    const instance = await createInstance({ exchange, access, nowUs, onAnswer });
    instances.push(instance);
    return instance;
  }

  /** A counter that is called full is the key's, and these questions have none: it is not filled for them. */
  function onAnswer(answer: RestAnswer): void {
    const { usedFrac, silenceMs, scope } = exchange.limits.observe(answer) ?? {};
    if (usedFrac !== undefined) context.budget.observe(usedFrac);
    if (silenceMs !== undefined) context.budget.silence(silenceMs, scope);
  }

  /** One question on the account's budget, after everything that has to do with orders. */
  async function ask<T>(kind: ReadKind, question: () => Promise<T>): Promise<T> {
    await context.budget.takeAll("query", exchange.limits.read(kind), BUDGET_WAIT_MS);
    return withDeadline(question(), ANSWER_WITHIN_MS);
  }

  async function start(): Promise<void> {
    const streams = await createOwnInstance();
    const questions = await createOwnInstance();
    if (isStopped) return void (await Promise.all(instances.map(closeInstance)));
    const { snapshot } = protocol;
    const market = new MarketBoard({
      context,
      protocol,
      send: (text) => socket?.send(text),
      drop: (reason) => socket?.drop(reason),
      fetchSnapshot:
        snapshot === undefined ? undefined : (symbol) => ask("book", () => snapshot.fetch(questions, symbol)),
      fetchTerms: (of) => ask("terms", () => protocol.fetchTerms(questions, of)),
      doubtDefinitions: () => definitions?.hurry(),
      onUnreadable: warnUnread,
    });
    board = market;
    socket = new MarketSocket({
      instance: streams,
      url: protocol.streamUrl(streams),
      messagesPerSecondMax: protocol.messagesPerSecondMax,
      nowUs,
      speed,
      onUp: () => market.socketUp(),
      onDown: (reason) => market.socketDown(reason),
      onText: (text) => market.hear(text),
      onError: warnUnread,
    });
    timers.push(setInterval(() => market.tick(), TICK_MS / speed));
    if (snapshot !== undefined && protocol.checksum === undefined) {
      const everyMs = comparedEveryMs(exchange.limits, context.instruments.length);
      timers.push(setInterval(() => void market.auditNext(), everyMs / speed));
    }
    definitions = startPolling({
      nowUs,
      speed,
      everyMs: DEFINITIONS_EVERY_MS,
      apartMs: DEFINITIONS_APART_MS,
      poll: async () => {
        await market.refreshDefinitions();
        // Books come after the first definitions: until then nobody knows what their prices are.
        if (!isStopped) socket?.open();
      },
      onError: (text) => context.log("warn", "the venue's instruments cannot be read", { text }),
    });
    clock = pollClock(questions);
    pollings.push(definitions, clock);
  }

  function pollClock(instance: CcxtInstance): Polling {
    const { requestExpiryMs } = context.terms;
    const fetchTime = (): Promise<VenueTime> => protocol.fetchTime(instance);
    const venueClock = new VenueClock({ nowUs, fetchTime, requestExpiryMs });
    let wasTooFar = false;
    return startPolling({
      nowUs,
      speed,
      everyMs: CLOCK_EVERY_MS,
      apartMs: CLOCK_APART_MS,
      poll: async () => {
        const skew = await ask("time", () => venueClock.measure());
        if (skew.isTooFar !== wasTooFar) {
          const { skewUs, uncertaintyUs } = skew;
          const text = skew.isTooFar
            ? "the venue's clock is off by too much"
            : "the venue's clock is right again";
          context.log(skew.isTooFar ? "error" : "info", text, { skewUs, uncertaintyUs, requestExpiryMs });
        }
        wasTooFar = skew.isTooFar;
        hooks.onSkew?.(skew);
        nextSkew.resolve();
        nextSkew = deferred();
      },
      onError: (text) => context.log("warn", "the venue's clock cannot be read", { text }),
    });
  }

  async function stop(): Promise<void> {
    isStopped = true;
    for (const timer of timers) clearInterval(timer);
    for (const polling of pollings) polling.stop();
    await socket?.close();
    await Promise.all(instances.splice(0).map(closeInstance));
  }

  return {
    start,
    stop,
    consumed: (instrument) => board?.consumed(instrument),
    rebuild: (why) => socket?.drop(why),
    doubtDefinitions: () => definitions?.hurry(),
    measureClock() {
      clock?.hurry();
      return nextSkew.promise;
    },
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
