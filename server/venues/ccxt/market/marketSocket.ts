/**
 * The public socket of one account, on a ccxt client: ccxt dials, answers pings and knows proxies and URLs; we read the
 * frames ourselves, as text. `watchOrderBook` is not used, for four reasons: it turns prices into floats; it hides the
 * sequence and checks no checksum; a snapshot that does not bridge shows only at the next delta; and after a rejection
 * its future stays rejected, so that the loop it asks for never lets a timer or a socket run again. Here one future per
 * connection is waited for, and between two attempts there is always a timer.
 */
import type { CcxtClient, CcxtInstance } from "../gateway/ccxt.ts";
import { describeError } from "../gateway/describeError.ts";
import { Backoff } from "./backoff.ts";
import { Outbox } from "./outbox.ts";

/** ccxt's client where we look deeper into it than the rest of the gateway. */
interface FrameClient extends Omit<CcxtClient, "connection"> {
  readonly connection: { readonly readyState: number; ping(): void; terminate(): void } | undefined;
  onMessage(event: { readonly data: unknown }): void;
  onPong(): void;
  future(name: string): Promise<unknown>;
}

export interface MarketSocketOptions {
  readonly instance: CcxtInstance;
  readonly url: string;
  readonly messagesPerSecondMax: number;
  /** How much faster the desk's clock runs than the machine's. */
  readonly speed: number;
  readonly nowUs: () => number;
  readonly onUp: () => void;
  readonly onDown: (reason: string) => void;
  /** False: ccxt may have the frame. */
  readonly onText: (text: string) => boolean;
  readonly onError: (text: string) => void;
}

const OPEN = 1;
const FUTURE = "crossdesk";
const OPEN_WITHIN_MS = 5_000;
const PING_EVERY_MS = 1_000;
/** No frame and no answer to several pings: the connection is dead, whatever the system says of it. */
const DEAD_AFTER_MS = 5_000;
/** Venues ban addresses that dial hundreds of times in minutes; the first attempt after a loss is at once. */
const DIAL_BACKOFF = { firstMs: 250, maxMs: 10_000, stableAfterMs: 10_000 };

export class MarketSocket {
  readonly #options: MarketSocketOptions;
  readonly #backoff = new Backoff(DIAL_BACKOFF);
  readonly #outbox: Outbox;
  #client: FrameClient | undefined;
  #isUp = false;
  #signAtUs = 0;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(options: MarketSocketOptions) {
    this.#options = options;
    const { nowUs, messagesPerSecondMax: perSecondMax } = options;
    this.#outbox = new Outbox({ nowUs, perSecondMax, send: (text) => this.#sendNow(text) });
  }

  /** Connects and keeps connecting. */
  open(): void {
    this.#running ??= this.#run();
  }

  /** In order, as fast as venues take it. With the connection ends what has not left: the next one starts over. */
  send(text: string): void {
    if (!this.#isUp) return;
    this.#outbox.send(text);
  }

  /** Ends this connection; the next is dialled at once, or after a pause when it has failed before. */
  drop(reason: string): void {
    this.#end(reason);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#end("closed");
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const reason = await this.#connection();
      this.#end(reason);
      if (this.#isClosed) return;
      // Never less than a timer, or a connection that fails in the same turn would keep everything else from running.
      const { nowUs, speed } = this.#options;
      await this.#sleep(Math.max(1, this.#backoff.failed(nowUs()) / speed));
    }
  }

  /** Why it ended; never rejects. */
  async #connection(): Promise<string> {
    const timers: NodeJS.Timeout[] = [];
    try {
      const client = this.#createClient();
      this.#client = client;
      const giveUp = (): void => {
        if (!this.#isUp) this.#terminate(client);
      };
      timers.push(
        setTimeout(giveUp, OPEN_WITHIN_MS),
        setInterval(() => this.#ping(client), PING_EVERY_MS / this.#options.speed),
      );
      client.connect().then(
        () => this.#up(client),
        () => undefined,
      );
      return await this.#loss(client);
    } catch (error) {
      return describeError(error);
    } finally {
      for (const timer of timers) clearTimeout(timer);
    }
  }

  /**
   * Resolves when the connection has ended. An exception in one of ccxt's handlers rejects it too, and ends nothing.
   */
  async #loss(client: FrameClient): Promise<string> {
    for (;;) {
      // While no future was there to be rejected, nobody was told.
      if (client.error !== undefined) return describeError(client.error);
      if ((client.connection?.readyState ?? OPEN) > OPEN) return "closed by the other side";
      try {
        await client.future(FUTURE);
      } catch (error) {
        if (client.connection?.readyState !== OPEN || client.error !== undefined) return describeError(error);
        this.#options.onError(`ccxt: ${describeError(error)}`);
      }
      // Whatever ccxt makes of its futures, the next one is waited for in another turn.
      await this.#sleep(1);
    }
  }

  #createClient(): FrameClient {
    const { instance, url } = this.#options;
    delete instance.clients[url];
    const client = instance.client(url) as unknown as FrameClient;
    const passOn = client.onMessage.bind(client);
    client.onMessage = (event) => {
      if (client !== this.#client) return;
      if (!this.#read(String(event.data))) passOn(event);
      this.#sign();
    };
    const pong = client.onPong.bind(client);
    client.onPong = () => {
      pong();
      if (client === this.#client) this.#sign();
    };
    return client;
  }

  #read(text: string): boolean {
    try {
      return this.#options.onText(text);
    } catch (error) {
      this.#options.onError(`frame: ${describeError(error)}`);
      return true;
    }
  }

  #up(client: FrameClient): void {
    if (client !== this.#client || this.#isClosed) return;
    this.#isUp = true;
    this.#sign();
    this.#backoff.up(this.#signAtUs);
    this.#options.onUp();
  }

  /** Something came, and be it the answer to a ping: the connection is there, whatever its streams do. */
  #sign(): void {
    this.#signAtUs = this.#options.nowUs();
  }

  #sendNow(text: string): void {
    const client = this.#client;
    client?.send(text).catch((error: unknown) => {
      if (client === this.#client) this.drop(`send: ${describeError(error)}`);
    });
  }

  #ping(client: FrameClient): void {
    if (!this.#isUp || client !== this.#client) return;
    const silentMs = (this.#options.nowUs() - this.#signAtUs) / 1_000;
    if (silentMs >= DEAD_AFTER_MS) return this.drop(`silent for ${Math.round(silentMs)} ms`);
    if (client.connection?.readyState === OPEN) client.connection.ping();
    this.#outbox.pump();
  }

  #end(reason: string): void {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) this.#terminate(client);
    this.#outbox.clear();
    if (!this.#isUp) return;
    this.#isUp = false;
    // Closed here: nobody has to hear of it.
    if (!this.#isClosed) this.#options.onDown(reason);
  }

  /** Without waiting for the other side's farewell, which a dead one never sends. */
  #terminate(client: FrameClient): void {
    client.onError(new Error("given up"));
    client.connection?.terminate();
  }

  #sleep(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, forMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
