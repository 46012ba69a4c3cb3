/**
 * The engine as it lives: events from the mailbox go through the run, effects go to the venues, lines and
 * views to whoever watches. It ends in one of two ways: stopped (disarmed, sealed, journal closed) or
 * failed (every venue asked once to cancel all, the reason published, the journal left as after a crash).
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AcknowledgeEffect } from "../../contract/effects.ts";
import type { EngineEvent, RestartEvent } from "../../contract/events.ts";
import type { CommandOutcome, SystemView } from "../../contract/link.ts";
import type { CommandRefusal } from "../../contract/reasons.ts";
import type { RequestUse, TradeReads } from "../../contract/views.ts";
import type { Command } from "../../contract/commands.ts";
import type { Log } from "../../host/log.ts";
import type { CommandInput, LinkServer } from "../../link/server.ts";
import type { Projection } from "../../projection/projection.ts";
import type { Venue, VenueSink } from "../../venues/venue.ts";
import type { EngineRun } from "../engineRun.ts";
import type { History } from "./history.ts";
import type { Journaling } from "./journaling.ts";
import { DecisionLoop } from "./loop.ts";
import { Mailbox, type Letter } from "./mailbox.ts";
import type { Meter } from "./meter.ts";

/** A hung loop shows by its silence: it beats by itself, after a turn. */
const HEARTBEAT_MS = 250;

/** For cancels that have just been handed to the sockets of a desk that failed. */
const FAREWELL_MS = 300;

/** Beyond the longest request expiry: questions are half a second apart, and a venue takes some time to answer. */
const SEAL_MARGIN_MS = 3_000;

/** A loop that lives serves what waits within a turn or two; half a second is left of the host's patience. */
const DISARM_TRIES = 5;
const DISARM_AGAIN_MS = 100;

/** What an operator is told only once it would survive a power cut. */
const DURABLE: ReadonlySet<Command["type"]> = new Set([
  "setTradingState",
  "arm",
  "setParameters",
  "setBaseline",
]);

export interface ServiceParts {
  readonly run: EngineRun;
  readonly journaling: Journaling;
  readonly venue: Venue;
  readonly projection: Projection;
  readonly history: History;
  readonly meter: Meter;
  readonly log: Log;
  readonly nowUs: () => number;
  readonly wallUs: () => number;
  readonly clockSpeed: number;
  readonly clockStepMs: () => number | undefined;
  readonly onHeartbeat: ((atMs: number) => void) | undefined;
}

/** How an engine ended. */
export type EngineEnd =
  | { readonly how: "stopped"; readonly notSealed: readonly string[] }
  | { readonly how: "failed"; readonly error: Error };

export class EngineService {
  readonly ended: Promise<EngineEnd>;
  readonly mailbox: Mailbox;
  readonly connections: { connected: boolean; sinceUs: number }[];
  /** By account, as its adapter last said; for the screen alone. */
  readonly budgets = new Map<string, RequestUse>();
  readonly tradeReads = new Map<string, TradeReads>();
  marketEnded = false;
  phase: SystemView["phase"] = "recovering";
  failure: string | undefined;
  readonly #parts: ServiceParts;
  readonly #loop: DecisionLoop;
  #link: Pick<LinkServer, "publishLines"> | undefined;
  #resolveEnd: (end: EngineEnd) => void = () => undefined;
  #onTurn: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #beatAtUs = 0;
  /** Set by whoever put it together: the last word to those who watch, then what has to be closed. */
  readonly onEnding: { publish: () => void; close: () => Promise<void> } = {
    publish: () => undefined,
    close: () => Promise.resolve(),
  };

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    const { run, log, nowUs, wallUs, clockStepMs } = parts;
    const { config, state } = run.engine;
    this.ended = new Promise((resolve) => (this.#resolveEnd = resolve));
    this.connections = config.accounts.map(() => ({ connected: false, sinceUs: nowUs() }));
    this.mailbox = new Mailbox({
      accounts: config.accounts.length,
      accountOf: state.instruments.map((inst) => inst.account),
      wallUs,
      onPost: () => this.#loop.wake(),
      onOverload: (account, overloaded) => {
        const name = config.accounts[account]?.account;
        if (overloaded) log.warn(`${name} reports faster than the engine can follow: taken down`);
        else log.info(`${name} is caught up with: reconciling`);
      },
    });
    this.#loop = new DecisionLoop({
      mailbox: this.mailbox,
      nowUs,
      wallUs,
      fromUs: state.nowUs,
      clockStepMs,
      serve: (event, letter) => this.#serve(event, letter),
      afterTurn: () => this.#afterTurn(),
      onFailure: (error) => this.fail(error),
    });
  }

  /** Connects to the venues. What the run took up from an earlier one becomes its first event. */
  open(link: Pick<LinkServer, "publishLines">, restart: Omit<RestartEvent, "atUs"> | undefined): void {
    const { venue, clockSpeed } = this.#parts;
    this.#link = link;
    venue.open(this.#sink());
    if (restart !== undefined) this.#consume({ ...restart, atUs: this.#loop.stamp() });
    // A tenth of a second of engine time, or as often as a thread can be woken.
    const periodMs = Math.max(5, 100 / clockSpeed);
    this.#timer = setInterval(() => this.mailbox.postTimer(), periodMs);
    this.mailbox.postTimer();
  }

  /** Resolves with the outcome once it may be told; never, when the engine fails before. */
  command({ commandId, actor, reason, command }: CommandInput): Promise<CommandOutcome> {
    if (this.phase === "failed" || (this.phase === "stopping" && command.type === "arm"))
      return Promise.resolve(refused("STOPPING", "the engine is on its way out"));
    return new Promise((resolve) => {
      if (this.mailbox.postCommand({ type: "command", commandId, actor, reason, command }, resolve)) return;
      resolve(refused("OVERLOADED", "too many commands wait: send it again"));
    });
  }

  /** Disarms, waits until every account is sealed or the limit is reached, and closes everything. */
  async stop(reason: string): Promise<EngineEnd> {
    if (this.phase === "stopping" || this.phase === "failed") return this.ended;
    this.phase = "stopping";
    const { log, journaling } = this.#parts;
    log.info(`stopping: ${reason}`);
    const notSealed = await Promise.race([this.#disarmed(reason), this.ended.then(() => undefined)]);
    if (notSealed === undefined) return this.ended;
    if (notSealed.length > 0) log.warn(`not sealed within the limit: ${notSealed.join(", ")}`);
    this.#halt();
    try {
      await journaling.end();
    } catch (error) {
      this.fail(error);
      return this.ended;
    }
    await this.onEnding.close();
    this.#resolveEnd({ how: "stopped", notSealed });
    return this.ended;
  }

  /** Every connected account is asked once to cancel everything; what it misses is the next engine's to find. */
  fail(cause: unknown): void {
    if (this.phase === "failed") return;
    const error = cause instanceof Error ? cause : new Error(String(cause));
    this.phase = "failed";
    this.failure = error.message;
    this.#halt();
    this.#parts.log.error(`the engine failed: ${error.message}`, { error });
    void this.#leave(error);
  }

  #halt(): void {
    this.#loop.stop();
    clearInterval(this.#timer);
  }

  async #leave(error: Error): Promise<void> {
    const { log, journaling } = this.#parts;
    this.#cancelAll();
    try {
      this.onEnding.publish();
    } catch (failure) {
      log.error("could not publish why", { error: failure });
    }
    await sleep(FAREWELL_MS);
    for (const { status, ...rest } of await Promise.allSettled([journaling.abandon(), this.onEnding.close()]))
      if (status === "rejected") log.warn("left untidy", rest);
    this.#resolveEnd({ how: "failed", error });
  }

  #cancelAll(): void {
    const { run, venue, log } = this.#parts;
    for (const [index, { account }] of run.engine.config.accounts.entries()) {
      if (this.connections[index]?.connected !== true)
        log.error(`${account} is not connected: its orders are not canceled`);
      try {
        venue.send({ type: "cancelAll", account: index });
      } catch (failure) {
        log.error(`could not cancel at ${account}`, { error: failure });
      }
    }
  }

  #sink(): VenueSink {
    return {
      event: (event) => {
        try {
          this.mailbox.postVenue(event);
        } catch (error) {
          this.fail(error);
        }
      },
      connection: (account, connected) => {
        const connection = this.connections[account];
        if (connection === undefined || connection.connected === connected) return;
        connection.connected = connected;
        connection.sinceUs = this.#parts.nowUs();
      },
      budget: (account, use) => {
        const name = this.#parts.run.engine.config.accounts[account]?.account;
        if (name !== undefined) this.budgets.set(name, use);
      },
      tradeReads: (account, reads) => {
        const name = this.#parts.run.engine.config.accounts[account]?.account;
        if (name !== undefined) this.tradeReads.set(name, reads);
      },
      marketEnded: () => void (this.marketEnded = true),
    };
  }

  #serve(event: EngineEvent, letter: Letter): void {
    const { meter, wallUs, venue } = this.#parts;
    const startedUs = wallUs();
    const acknowledge = this.#consume(event);
    meter.step(wallUs() - startedUs);
    if (event.type === "book") venue.consumed(event.instrument);
    if (event.type === "command") this.#settle(event.command, acknowledge, letter);
  }

  /** The journal has the intent before the venue has the order; the disk is not waited for. */
  #consume(event: EngineEvent): AcknowledgeEffect | undefined {
    const { run, venue, projection, history } = this.#parts;
    let acknowledge: AcknowledgeEffect | undefined;
    const effects = run.handle(event);
    for (const effect of effects)
      if (effect.type === "acknowledge") acknowledge = effect;
      else if (effect.type !== "notice") venue.send(effect);
    const lines = projection.after(run.seq, event, effects);
    if (lines.length > 0) this.#link?.publishLines(lines);
    if (event.type === "timer") history.sample();
    return acknowledge;
  }

  #settle(command: Command, acknowledge: AcknowledgeEffect | undefined, { settle }: Letter): void {
    if (acknowledge === undefined) throw new Error(`invariant: a command ${command.type} has no outcome`);
    const { outcome } = acknowledge;
    if (!DURABLE.has(command.type)) return settle?.(outcome);
    this.#parts.journaling.durable().then(
      () => settle?.(outcome),
      (error: unknown) => this.fail(error),
    );
  }

  #afterTurn(): void {
    const { journaling, wallUs, onHeartbeat } = this.#parts;
    journaling.afterTurn();
    this.#onTurn?.();
    if (this.phase === "recovering" && this.#allReady()) this.phase = "running";
    const nowUs = wallUs();
    if (nowUs - this.#beatAtUs < HEARTBEAT_MS * 1e3) return;
    this.#beatAtUs = nowUs;
    onHeartbeat?.(Math.floor(nowUs / 1e3));
  }

  #allReady(): boolean {
    return this.#parts.run.engine.state.accounts.every((account) => account.status === "READY");
  }

  /** Accounts that are not sealed when the waiting is over; all of them when the desk cannot be disarmed. */
  async #disarmed(reason: string): Promise<readonly string[]> {
    const { run, log } = this.#parts;
    const command = { type: "setTradingState", scope: { level: "desk" }, state: "DISARMED" } as const;
    const input = { commandId: randomUUID(), actor: "supervisor", reason, command };
    for (let tries = 1; tries <= DISARM_TRIES; tries++) {
      const outcome = await this.command(input);
      // Any other no is that of a desk which is stopped already.
      if (outcome.accepted || outcome.code !== "OVERLOADED") return this.#sealed();
      await sleep(DISARM_AGAIN_MS);
    }
    log.error("the desk could not be disarmed: too many commands wait");
    this.#cancelAll();
    return run.engine.state.accounts.map(({ account }) => account);
  }

  #sealed(): Promise<readonly string[]> {
    const { run, clockSpeed } = this.#parts;
    const { accounts } = run.engine.state;
    const open = () => accounts.filter(({ seal }) => seal?.sealedAtUs === undefined).map((a) => a.account);
    const expiryMs = Math.max(...run.engine.config.accounts.map(({ requestExpiryMs }) => requestExpiryMs));
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(limit);
        this.#onTurn = undefined;
        resolve(open());
      };
      const limit = setTimeout(finish, expiryMs / clockSpeed + SEAL_MARGIN_MS);
      this.#onTurn = () => {
        if (open().length === 0) finish();
      };
      this.#onTurn();
    });
  }
}

function refused(code: CommandRefusal, text: string): CommandOutcome {
  return { accepted: false, code, text };
}
