/**
 * The socket that orders go over: ccxt connects, logs in and signs; requests and their answers are matched here. ccxt's
 * own way keeps an entry of every request for good, and waits for its answer without an end.
 */
import type { EntrySession, Exchange, SocketFrame } from "../exchanges/exchange.ts";
import { Backoff } from "../market/backoff.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { DeadlineError, pause, withDeadline } from "./deadline.ts";
import { describeError } from "./describeError.ts";
import { NotSentError, SocketRefusal } from "./taxonomy.ts";

/** A socket that is not open by then is tried again. */
const OPEN_WITHIN_MS = 5_000;

/** Venues ban addresses that dial hundreds of times in minutes; the first attempts after a loss follow soon. */
export const DIAL_BACKOFF = { firstMs: 100, maxMs: 5_000, stableAfterMs: 10_000 };

/** Requests without an answer: more than any venue lets us send before the first of them has expired. */
const PENDING_MAX = 5_000;

/** Answers that come after their deadline still count, for as long as a venue could take. */
const LATE_MAX_MS = 30_000;

/** The socket broke with the request on it: nobody knows. */
export class SocketLostError extends Error {
  override readonly name = "SocketLostError";
}

interface Pending {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly forget: NodeJS.Timeout;
}

export interface EntrySocketOptions {
  readonly exchange: Exchange;
  readonly create: () => Promise<CcxtInstance>;
  readonly close: (instance: CcxtInstance) => Promise<void>;
  readonly observe: (message: unknown) => void;
  /** Monotonic, of this machine. */
  readonly monotonicMs: () => number;
  /** It did not open, or not for long. */
  readonly onFailed: () => void;
  readonly log: (text: string, fields: Readonly<Record<string, string>>) => void;
}

export class EntrySocket {
  readonly #options: EntrySocketOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #stopped = new AbortController();
  #instance: CcxtInstance | undefined;
  #session: EntrySession | undefined;
  #nextId = 1;
  #running: Promise<void> | undefined;
  #lose: (() => void) | undefined;

  constructor(options: EntrySocketOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    const connection = this.#session?.client.connection;
    return connection !== undefined && connection.readyState === OPEN;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.drop();
    await this.#running;
  }

  /** Gives the socket up: it is opened again. What waits on it is lost. */
  drop(): void {
    this.#lose?.();
  }

  /**
   * Resolves with the result. Rejects with a SocketRefusal, with a NotSentError when nothing was written, else with a
   * SocketLostError or, after `withinMs`, a DeadlineError: then nobody knows, and `late` hears of an answer after all.
   */
  async request(frame: SocketFrame, withinMs: number, late: (outcome: LateAnswer) => void): Promise<unknown> {
    const session = this.#session;
    const instance = this.#instance;
    if (session === undefined || instance === undefined || !this.isOpen)
      throw new NotSentError("the entry socket is not open");
    if (this.#pending.size >= PENDING_MAX)
      throw new NotSentError(`${PENDING_MAX} requests wait for an answer`);
    const id = this.#nextId++;
    const message = this.#frame(instance, session, frame, id);
    const answer = new Promise<unknown>((resolve, reject) => {
      const forget = setTimeout(() => this.#pending.delete(id), withinMs + LATE_MAX_MS);
      forget.unref();
      this.#pending.set(id, { resolve, reject, forget });
    });
    const sent = session.client.send(message);
    // A write that fails says nothing of what the kernel had taken before.
    sent.catch((error: unknown) => this.#settle(id, (one) => one.reject(lost(error))));
    return withDeadline(answer, withinMs, late);
  }

  #frame(instance: CcxtInstance, session: EntrySession, frame: SocketFrame, id: number): unknown {
    try {
      return this.#options.exchange.entry.frame(instance, session, frame, id);
    } catch (error) {
      throw new NotSentError("a request cannot be signed", { cause: error });
    }
  }

  async #run(): Promise<void> {
    const { monotonicMs, onFailed, log } = this.#options;
    const backoff = new Backoff(DIAL_BACKOFF);
    const nowUs = (): number => monotonicMs() * 1_000;
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#live(() => backoff.up(nowUs()));
      } catch (error) {
        log("the entry socket does not open", { error: describeError(error) });
      }
      if (this.#stopped.signal.aborted) return;
      onFailed();
      await pause(Math.max(1, backoff.failed(nowUs())), this.#stopped.signal);
    }
  }

  /** From opening to loss. A new instance each time: ccxt's futures of the old socket are gone with it. */
  async #live(onOpen: () => void): Promise<void> {
    const { exchange, create, close, log } = this.#options;
    const instance = await create();
    try {
      const ended = new Promise<string>((resolve) => {
        this.#lose = () => resolve("given up");
        this.#listen(instance, resolve);
      });
      const opened = withDeadline(exchange.entry.open(instance), OPEN_WITHIN_MS);
      const session = await Promise.race([opened, ended.then((why) => Promise.reject(new Error(why)))]);
      if (this.#stopped.signal.aborted) return;
      this.#instance = instance;
      this.#session = session;
      onOpen();
      const why = await ended;
      if (!this.#stopped.signal.aborted) log("the entry socket is lost", { why });
    } finally {
      this.#session = undefined;
      this.#instance = undefined;
      this.#lose = undefined;
      for (const id of this.#pending.keys())
        this.#settle(id, (one) => one.reject(new SocketLostError("the entry socket was lost")));
      await close(instance);
    }
  }

  #listen(instance: CcxtInstance, ended: (why: string) => void): void {
    const { exchange, observe } = this.#options;
    const handleMessage = instance.handleMessage.bind(instance);
    const onClose = instance.onClose.bind(instance);
    const onError = instance.onError.bind(instance);
    instance.handleMessage = (client, message) => {
      const answer = exchange.entry.readAnswer(message);
      if (answer === undefined || !this.#pending.has(answer.id)) return handleMessage(client, message);
      observe(message);
      this.#settle(answer.id, (one) =>
        answer.ok ? one.resolve(answer.body) : one.reject(new SocketRefusal(answer.body)),
      );
    };
    instance.onClose = (client, event) => {
      onClose(client, event);
      ended("closed");
    };
    instance.onError = (client, error) => {
      onError(client, error);
      ended(describeError(error));
    };
  }

  #settle(id: number, act: (one: Pending) => void): void {
    const one = this.#pending.get(id);
    if (one === undefined) return;
    this.#pending.delete(id);
    clearTimeout(one.forget);
    act(one);
  }
}

/** An answer after its deadline. */
export type LateAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

export function isNoAnswer(error: unknown): boolean {
  return error instanceof DeadlineError || error instanceof SocketLostError;
}

const OPEN = 1;

function lost(error: unknown): SocketLostError {
  return new SocketLostError("the entry socket broke while a request was written", { cause: error });
}
