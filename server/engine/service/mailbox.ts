/**
 * Everything that wants the engine's attention waits here, in order of service: stop and pause; what
 * venues report of our accounts; other commands; the timer; market data. Within a class first in, first out.
 */
import type { ClockStepEvent, CommandEvent, StorageEvent, TimerEvent } from "../../contract/events.ts";
import type { CommandOutcome } from "../../contract/link.ts";
import { isMarketData } from "../../venues/marketData.ts";
import type { VenueEvent } from "../../venues/venue.ts";
import { Fifo } from "./fifo.ts";

/** What the shell finds of the machine under it. */
export type HostPost = Omit<StorageEvent, "atUs"> | Omit<ClockStepEvent, "atUs">;

/** An event without its time: that is given when it is served. */
export type Post = VenueEvent | HostPost | Omit<CommandEvent, "atUs"> | Omit<TimerEvent, "atUs">;

export interface Letter {
  readonly post: Post;
  /** By the clock of the wall. */
  readonly postedAtUs: number;
  /** Takes the outcome of a command. */
  readonly settle?: ((outcome: CommandOutcome) => void) | undefined;
}

/**
 * What may wait of one venue account: a second of the busiest day seen. An engine that is further behind
 * quotes on what has long been filled; the account is taken down at once, and nothing is thrown away.
 */
export const WAITING_PER_ACCOUNT_MAX = 10_000;

/** Over all accounts: some 200 MB. Nothing that is merely slow gets here; the engine stops instead of the machine. */
export const WAITING_MAX = 500_000;

/** Commands come from people: more at once is a defect of a client, and refused. */
export const COMMANDS_MAX = 1_000;

export interface MailboxOptions {
  /** By position of the instrument. */
  readonly accountOf: readonly number[];
  readonly accounts: number;
  readonly wallUs: () => number;
  readonly onOverload: (account: number, overloaded: boolean) => void;
  /** Something waits. */
  readonly onPost: () => void;
}

interface AccountBox {
  waiting: number;
  overloaded: boolean;
  /** What the venue said last of the account, among what has been served: why it is halted, if it is. */
  isUp: boolean;
  halted: string | undefined;
}

export class Mailbox {
  readonly #options: MailboxOptions;
  readonly #stops = new Fifo<Letter>();
  readonly #reports = new Fifo<Letter>();
  readonly #commands = new Fifo<Letter>();
  readonly #timer = new Fifo<Letter>();
  readonly #market = new Fifo<Letter>();
  readonly #classes = [this.#stops, this.#reports, this.#commands, this.#timer, this.#market];
  readonly #accounts: readonly AccountBox[];

  constructor(options: MailboxOptions) {
    this.#options = options;
    this.#accounts = Array.from({ length: options.accounts }, () => ({
      waiting: 0,
      overloaded: false,
      isUp: false,
      halted: undefined,
    }));
  }

  get waiting(): number {
    let waiting = 0;
    for (const queue of this.#classes) waiting += queue.length;
    return waiting;
  }

  /** How long the oldest has been waiting. */
  lagMs(): number {
    const oldestUs = Math.min(...this.#classes.map((queue) => queue.first()?.postedAtUs ?? Infinity));
    return oldestUs === Infinity ? 0 : Math.max(0, (this.#options.wallUs() - oldestUs) / 1e3);
  }

  /** Throws when more waits than any bound foresees. */
  postVenue(post: VenueEvent): void {
    const box = this.#boxOf(post);
    if (this.waiting >= WAITING_MAX)
      throw new Error(`invariant: ${WAITING_MAX} events wait: the engine does not keep up`);
    // A new definition of an instrument keeps its place between the books priced in the old and the new tick.
    (isMarketData(post) ? this.#market : this.#reports).push(this.#letter(post));
    if (box !== undefined) {
      box.waiting++;
      if (box.waiting > WAITING_PER_ACCOUNT_MAX && !box.overloaded) this.#overload(box);
    }
    this.#options.onPost();
  }

  /** False: too many wait already, and this one was not taken. */
  postCommand(post: Omit<CommandEvent, "atUs">, settle?: (outcome: CommandOutcome) => void): boolean {
    const queue = post.command.type === "setTradingState" ? this.#stops : this.#commands;
    if (queue.length >= COMMANDS_MAX) return false;
    queue.push(this.#letter(post, settle));
    this.#options.onPost();
    return true;
  }

  /** Ahead of everything, as a stop: it may pull the quotes. Rare by nature: those who look post only changes. */
  postHost(post: HostPost): void {
    this.#stops.push(this.#letter(post));
    this.#options.onPost();
  }

  /** A timer that is late is one timer: what it wakes asks for the time itself. */
  postTimer(): void {
    if (this.#timer.length > 0) return;
    this.#timer.push(this.#letter({ type: "timer" }));
    this.#options.onPost();
  }

  take(): Letter | undefined {
    for (const queue of this.#classes) {
      const letter = queue.shift();
      if (letter === undefined) continue;
      if (queue === this.#reports || queue === this.#market) this.#served(letter.post);
      return letter;
    }
    return undefined;
  }

  #letter(post: Post, settle?: (outcome: CommandOutcome) => void): Letter {
    return { post, postedAtUs: this.#options.wallUs(), settle };
  }

  #boxOf(post: Post): AccountBox | undefined {
    if ("account" in post) return this.#accounts[post.account];
    return "instrument" in post ? this.#accounts[this.#options.accountOf[post.instrument] ?? -1] : undefined;
  }

  /** Ahead of everything: what waits says nothing any more about what is so now. */
  #overload(box: AccountBox): void {
    const account = this.#accounts.indexOf(box);
    box.overloaded = true;
    const { halted } = box;
    this.#stops.push(
      this.#letter({ type: "account", account, status: "down", ...(halted !== undefined && { halted }) }),
    );
    this.#options.onOverload(account, true);
  }

  #served(post: Post): void {
    const box = this.#boxOf(post);
    if (box === undefined) return;
    box.waiting--;
    if (post.type === "account") {
      box.isUp = post.status === "up";
      box.halted = post.halted;
    }
    if (!box.overloaded || box.waiting > 0) return;
    const account = this.#accounts.indexOf(box);
    box.overloaded = false;
    this.#options.onOverload(account, false);
    // Caught up: the way back is a reconciliation, if the venue is there.
    if (box.isUp) this.postVenue({ type: "account", account, status: "up" });
  }
}
