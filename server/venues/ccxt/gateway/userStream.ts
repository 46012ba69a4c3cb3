/**
 * The private stream: one instance and one socket for each of its lives. ccxt subscribes and keeps it; its frames are
 * read here, before ccxt makes one state of several. It ends by itself on loss, on silence, or when it is given up,
 * and comes back after a pause that grows.
 */
import type { Exchange, PrivateNote } from "../exchanges/exchange.ts";
import { Backoff } from "../market/backoff.ts";
import type { CcxtInstance } from "./ccxt.ts";
import { symbolsOf } from "./ccxt.ts";
import { pause, withDeadline } from "./deadline.ts";
import { describeError } from "./describeError.ts";
import { DIAL_BACKOFF } from "./entrySocket.ts";

const SUBSCRIBE_WITHIN_MS = 5_000;

/** ccxt pings every 5 s: two answers are missing, or two heartbeats of the venue's. */
const SILENT_MAX_MS = 12_000;
const LOOK_EVERY_MS = 1_000;

/** Between two attempts while the venue refuses the account. */
const HALTED_MS = 60_000;

export interface UserStreamOptions {
  readonly exchange: Pick<Exchange, "readPrivate" | "confirmsPrivate" | "sequenceOf" | "heartbeat">;
  readonly create: () => Promise<CcxtInstance>;
  readonly close: (instance: CcxtInstance) => Promise<void>;
  /** Monotonic, of this machine. */
  readonly monotonicMs: () => number;
  /** In the order in which the venue said them. */
  readonly onNotes: (notes: readonly PrivateNote[]) => void;
  /** Subscribed: what was missed before must be fetched now. Rejects when that fails; the stream is then lost again. */
  readonly onUp: () => Promise<void>;
  readonly onDown: (why: string) => void;
  /** What ended it or kept it from beginning, as it was thrown. */
  readonly onError: (error: unknown) => void;
  /** A person has to look first: it is tried rarely. */
  readonly isHalted: () => boolean;
}

export class UserStream {
  readonly #options: UserStreamOptions;
  readonly #stopped = new AbortController();
  #giveUp: ((why: string) => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(options: UserStreamOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.restart("stopped");
    await this.#running;
  }

  /** Its word is not trusted any more. */
  restart(why: string): void {
    this.#giveUp?.(why);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    const backoff = new Backoff(DIAL_BACKOFF);
    const nowUs = (): number => this.#options.monotonicMs() * 1_000;
    while (!signal.aborted) {
      let why = "";
      try {
        why = await this.#live(() => backoff.up(nowUs()));
      } catch (error) {
        this.#options.onError(error);
        why = describeError(error);
      }
      if (!signal.aborted) this.#options.onDown(why);
      const waitMs = backoff.failed(nowUs());
      // A macrotask in any case: a watch that rejects at once would otherwise never let the sockets be served.
      await pause(this.#options.isHalted() ? HALTED_MS : Math.max(1, waitMs), signal);
    }
  }

  /** One life. Resolves with why it ended. */
  async #live(up: () => void): Promise<string> {
    const { create, close, onUp } = this.#options;
    const instance = await create();
    let watchdog: NodeJS.Timeout | undefined;
    try {
      let end: (why: string) => void = () => undefined;
      const ended = new Promise<string>((resolve) => (end = resolve));
      this.#giveUp = end;
      if (this.#stopped.signal.aborted) return "stopped";
      const { subscribed, heardAtMs } = this.#listen(instance, end);
      void this.#watch(instance, end);
      const first = await Promise.race([withDeadline(subscribed, SUBSCRIBE_WITHIN_MS), ended]);
      if (first !== SUBSCRIBED) return first;
      watchdog = setInterval(() => {
        if (this.#options.monotonicMs() - heardAtMs() > SILENT_MAX_MS) end("silent");
      }, LOOK_EVERY_MS);
      const recovered = await Promise.race([onUp().then(() => SUBSCRIBED), ended]);
      if (recovered !== SUBSCRIBED) return recovered;
      up();
      return await ended;
    } finally {
      clearInterval(watchdog);
      this.#giveUp = undefined;
      await close(instance);
    }
  }

  /** Always one watch pending; between two of them sockets and timers get their turn. */
  async #watch(instance: CcxtInstance, end: (why: string) => void): Promise<void> {
    let isOver = false;
    const over = (why: string): void => {
      isOver = true;
      end(why);
    };
    while (!isOver && !this.#stopped.signal.aborted) {
      try {
        await instance.watchMyTrades();
      } catch (error) {
        if (!isOver) this.#options.onError(error);
        over(describeError(error));
      }
      await pause(0);
    }
  }

  #listen(
    instance: CcxtInstance,
    end: (why: string) => void,
  ): { subscribed: Promise<typeof SUBSCRIBED>; heardAtMs: () => number } {
    const { exchange, monotonicMs, onNotes } = this.#options;
    const symbolOf = symbolsOf(instance);
    let heardAt = monotonicMs();
    let confirm: (value: typeof SUBSCRIBED) => void = () => undefined;
    const subscribed = new Promise<typeof SUBSCRIBED>((resolve) => (confirm = resolve));
    const handleMessage = instance.handleMessage.bind(instance);
    let lastSequence: number | undefined;
    instance.handleMessage = (client, message) => {
      heardAt = monotonicMs();
      const sequence = exchange.sequenceOf?.(message);
      if (sequence !== undefined && lastSequence !== undefined && sequence !== lastSequence + 1)
        end(`frames ${lastSequence + 1} to ${sequence - 1} are missing`);
      lastSequence = sequence ?? lastSequence;
      const notes = readSafely(() => exchange.readPrivate(message, symbolOf));
      if (notes instanceof Error) return end(`a frame that cannot be read: ${notes.message}`);
      if (notes !== undefined) return onNotes(notes);
      handleMessage(client, message);
      if (exchange.confirmsPrivate(message)) confirm(SUBSCRIBED);
    };
    const onConnected = instance.onConnected.bind(instance);
    instance.onConnected = (client, message) => {
      // Where the protocol's own frames are the heartbeat: nothing else tells a quiet socket from a dead one.
      if (exchange.heartbeat === "frames") client.connection?.on("pong", () => (heardAt = monotonicMs()));
      onConnected(client, message);
    };
    return { subscribed, heardAtMs: () => heardAt };
  }
}

const SUBSCRIBED = "subscribed";

/** What we cannot read may be a fill: the stream is begun anew, and the trade cursor finds it. */
function readSafely<T>(read: () => T): T | Error {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
