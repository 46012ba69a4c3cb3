/**
 * The `Venue` port over one gateway thread per venue account: a venue that blocks its thread blocks nobody else. A
 * thread that dies is started again, later each time, and everything it knew counts as lost.
 */
import { Worker } from "node:worker_threads";
import type { EngineConfig } from "../../contract/config.ts";
import type { ClockSpec } from "../../contract/deskFile.ts";
import type { OrderEffect } from "../../contract/effects.ts";
import type { Instrument } from "../../contract/instrument.ts";
import type { RequestUse } from "../../contract/views.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import type { Venue, VenueSink } from "../venue.ts";
import type { FromGateway, GatewayOptions, ToGateway, VenueAccess } from "./ports.ts";

const RESTART_MS = { first: 250, last: 10_000 };

/** A thread that lived so long has its back-off forgotten. Of the machine's time, as all waiting here. */
const STABLE_MS = 60_000;

/** For the sockets to be closed in order; then it is ended anyhow. */
const CLOSE_WITHIN_MS = 2_000;

/** A gateway as this side sees it: a thread, or a test's stand-in. */
export interface GatewayThread {
  post(message: ToGateway): void;
  onMessage(listener: (message: FromGateway) => void): void;
  /** Once, with why. */
  onExit(listener: (why: string) => void): void;
  end(): Promise<unknown>;
}

interface CcxtVenueOptions {
  readonly config: EngineConfig;
  readonly access: (account: number) => VenueAccess;
  /** The engine's own: questions carry its time. */
  readonly clock: Clock;
  /** How it was made; absent: the wall clock. Gateways make theirs from it. */
  readonly clockSpec?: ClockSpec | undefined;
  readonly log: Log;
  readonly spawn: (options: GatewayOptions) => GatewayThread;
}

export function createCcxtVenue(options: CcxtVenueOptions): Venue {
  return new CcxtVenue(options);
}

/** A real thread of this file: the bundled entry of a gateway. */
export function spawnGateway(file: URL | string): (options: GatewayOptions) => GatewayThread {
  return (options) => {
    const worker = new Worker(file, { workerData: options });
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) => void worker.on("message", listener),
      onExit(listener) {
        let failure = "";
        worker.on(
          "error",
          (error) => (failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
        );
        worker.on("exit", (code) => listener(failure === "" ? `exit code ${code}` : failure));
      },
      end: () => worker.terminate(),
    };
  };
}

interface Running {
  thread: GatewayThread | undefined;
  restartMs: number;
  restart: NodeJS.Timeout | undefined;
  startedAtUs: number;
}

class CcxtVenue implements Venue {
  readonly #options: CcxtVenueOptions;
  readonly #accountOf: readonly number[];
  #gateways: Running[] = [];
  /** As the venues list them now, by position: a gateway that is started again goes on where the engine is. */
  #definitions: Instrument[] = [];
  #sink: VenueSink | undefined;

  constructor(options: CcxtVenueOptions) {
    const { accounts, instruments } = options.config;
    this.#options = options;
    this.#accountOf = instruments.map(({ account }) =>
      accounts.findIndex((terms) => terms.account === account),
    );
  }

  open(sink: VenueSink): void {
    if (this.#sink !== undefined) throw new Error("invariant: the venue is open already");
    this.#sink = sink;
    this.#definitions = [...this.#options.config.instruments];
    this.#gateways = this.#options.config.accounts.map(() => ({
      thread: undefined,
      restartMs: RESTART_MS.first,
      restart: undefined,
      startedAtUs: 0,
    }));
    for (const account of this.#gateways.keys()) {
      sink.connection(account, false);
      this.#start(account);
    }
  }

  send(effect: OrderEffect): void {
    const thread = this.#gateways[effect.account]?.thread;
    if (thread !== undefined)
      return thread.post({ type: "send", effect, sentAtUs: this.#options.clock.nowUs() });
    switch (effect.type) {
      case "place":
      case "amend":
      case "cancel": {
        const { account, clientId, type } = effect;
        this.#sink?.event({ type: "orderUnknown", account, clientId, request: type });
        return;
      }
      // The engine asks again, and cancels again.
      case "cancelAll":
      case "query":
    }
  }

  consumed(instrument: number): void {
    const account = this.#accountOf[instrument];
    if (account !== undefined) this.#gateways[account]?.thread?.post({ type: "consumed", instrument });
  }

  /** Nothing is told from here on. */
  async close(): Promise<void> {
    this.#sink = undefined;
    const gateways = this.#gateways;
    this.#gateways = [];
    await Promise.all(
      gateways.map(async ({ thread, restart }) => {
        clearTimeout(restart);
        if (thread !== undefined) await closeThread(thread);
      }),
    );
  }

  #start(account: number): void {
    const running = this.#gateways[account];
    if (running === undefined) return;
    const { clock, spawn } = this.#options;
    let thread: GatewayThread;
    try {
      thread = spawn(this.#optionsOf(account));
    } catch (error) {
      // Its address or its key is gone for now; an exception out of a timer would end the whole engine.
      const why = error instanceof Error ? error.message : String(error);
      return this.#startLater(account, running, "a gateway cannot be started; it is tried again", why);
    }
    running.thread = thread;
    running.startedAtUs = clock.nowUs();
    thread.onMessage((message) => {
      if (this.#gateways[account]?.thread === thread) this.#hear(account, message);
    });
    thread.onExit((why) => {
      if (this.#gateways[account]?.thread === thread) this.#lost(account, running, why);
    });
  }

  #optionsOf(account: number): GatewayOptions {
    const { config, clockSpec, access } = this.#options;
    const terms = config.accounts[account];
    if (terms === undefined) throw new Error(`invariant: there is no account ${account}`);
    return {
      account,
      terms,
      instruments: this.#definitions
        .map((definition, index) => ({ definition, index }))
        .filter(({ index }) => this.#accountOf[index] === account),
      assets: config.assets,
      deskCode: config.deskCode,
      access: access(account),
      clock: clockSpec,
    };
  }

  #hear(account: number, message: FromGateway): void {
    const { log } = this.#options;
    switch (message.type) {
      case "events":
        for (const event of message.events) {
          if (event.type === "instrument") this.#definitions[event.instrument] = event.definition;
          this.#sink?.event(event);
        }
        return;
      case "connection":
        return this.#sink?.connection(account, message.connected);
      case "budget":
        return this.#tellBudget(account, message.use);
      case "tradeReads":
        return this.#sink?.tradeReads?.(account, message.reads);
      case "log":
        return log[message.level](message.text, { ...message.fields, account: this.#nameOf(account) });
      case "closed":
        return;
    }
  }

  #tellBudget(account: number, { scope, usedFrac, silentUntilUs }: RequestUse): void {
    this.#sink?.budget?.(account, { scope, usedFrac, silentUntilUs });
  }

  #lost(account: number, running: Running, why: string): void {
    const { clock, clockSpec } = this.#options;
    running.thread = undefined;
    this.#sink?.event({ type: "account", account, status: "down" });
    for (const [instrument, of] of this.#accountOf.entries())
      if (of === account) this.#sink?.event({ type: "feed", instrument, status: "down" });
    this.#sink?.connection(account, false);
    const livedMs = (clock.nowUs() - running.startedAtUs) / 1_000 / (clockSpec?.speed ?? 1);
    if (livedMs > STABLE_MS) running.restartMs = RESTART_MS.first;
    this.#startLater(account, running, "a gateway ended; it is started again", why);
  }

  #startLater(account: number, running: Running, text: string, why: string): void {
    const inMs = running.restartMs;
    this.#options.log.error(text, { account: this.#nameOf(account), why, inMs });
    running.restartMs = Math.min(inMs * 2, RESTART_MS.last);
    running.restart = setTimeout(() => this.#start(account), inMs);
  }

  #nameOf(account: number): string {
    return this.#options.config.accounts[account]?.account ?? String(account);
  }
}

async function closeThread(thread: GatewayThread): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_WITHIN_MS);
    thread.onMessage((message) => {
      if (message.type === "closed") resolve();
    });
    thread.onExit(() => resolve());
    thread.post({ type: "close" });
  });
  clearTimeout(timer);
  await thread.end();
}
