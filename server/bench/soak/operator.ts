/**
 * The people of a soak: they arm a desk that has come back, change parameters and states all the time, stop it
 * for good now and then, and hold the engine to every answer that it gave. One act at a time.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command, StateScope } from "../../contract/commands.ts";
import type { TradingState } from "../../contract/tradingStates.ts";
import type { EngineLink } from "../../contract/link.ts";
import type { ParameterChange } from "../../contract/params.ts";
import type { DeskView } from "../../contract/views.ts";
import { isLatched } from "../../core/risk/tradingState.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import { randomStream, type RandomStream } from "../../lab/random.ts";
import { connectLink } from "../../link/client.ts";
import { readLatch, scopeKey } from "../../link/latch.ts";
import { LinkError } from "../../link/linkError.ts";
import { armDesk, stopDesk } from "../../link/stop.ts";
import { wallMsOf, type Tuning } from "./deskFile.ts";
import { Promises } from "./promises.ts";

/** From one act to the next. */
const PAUSE_MAX_MS = 150;

/** A stop that has not heard of its seals by then goes on being one. */
const STOP_WAIT_MS = 1_000;

/** A stop of just before an engine's start may have reached the disk after the engine had looked there. */
const LATCHED_BEFORE_MS = 1_000;

/** What one look leads to, of what would be possible then. */
const ARM = 0.6;
const ARM_AFTER_STOP = 0.06;
const STOP = 0.01;
const CHANGE_STATE = 0.1;
const CHANGE_PARAMETERS = 0.25;

interface OperatorOptions {
  readonly home: string;
  readonly seed: number;
  readonly tuning: Tuning;
  /** Into the log of the soak. */
  readonly note: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

/** What they may do besides freeing what was restricted. */
interface Licence {
  readonly arm: boolean;
  /** Scopes of the desk, for a moment. */
  readonly restrict: boolean;
  /** Scopes of the desk, for good, now and then. */
  readonly stop: boolean;
  /** Parameters, unasked. */
  readonly tune: boolean;
}

interface ScopeState {
  readonly scope: StateScope;
  readonly state: TradingState;
}

/** An act that is sent next, whatever chance says. */
interface Wish {
  readonly act: "change" | "stop";
  readonly sent: () => void;
}

export class Operator {
  readonly link: EngineLink;
  readonly promises: Promises;
  desk: DeskView | undefined;
  licence: Licence = { arm: false, restrict: false, stop: false, tune: true };
  /** Acts that the engine has acknowledged. */
  acknowledged = 0;
  readonly #options: OperatorOptions;
  readonly #random: RandomStream;
  #wish: Wish | undefined;
  #met = false;
  #isEnding = false;
  #work: Promise<void> | undefined;

  constructor(options: OperatorOptions) {
    this.#options = options;
    this.#random = randomStream(options.seed, "recovery operator");
    this.promises = new Promises(options.onFinding);
    this.link = connectLink({ home: options.home, client: "recovery soak" });
    this.link.onConnection((connected) => {
      if (connected) return;
      this.#met = false;
      this.desk = undefined;
    });
    this.link.watch("desk", (desk) => (this.desk = desk));
  }

  /** Begins to act, or goes on with it. */
  start(): void {
    this.#isEnding = false;
    this.#work = this.#run().catch((error: unknown) =>
      this.#options.onFinding(`the operator broke: ${error instanceof Error ? error.stack : String(error)}`),
    );
  }

  /** Resolves when the act is on its way, and not later than after `waitMs`. */
  async send(act: Wish["act"], waitMs: number): Promise<void> {
    const isSent = new Promise<void>((resolve) => (this.#wish = { act, sent: resolve }));
    await Promise.race([isSent, sleep(waitMs, undefined, { ref: false })]);
    this.#wish = undefined;
  }

  /** Resolves when the act under way is over; none follows. */
  async rest(): Promise<void> {
    this.#isEnding = true;
    await this.#work;
  }

  /** Whether this engine has been compared with the one before. */
  get hasMet(): boolean {
    return this.#met;
  }

  /** Takes the desk's quotes away, as far as a crash or a stop has not. False when the engine did not answer. */
  async disarm(): Promise<boolean> {
    if (!(await this.#meet())) return false;
    const desk = await this.#attempt(() => this.link.ask({ ask: "desk" }));
    if (desk === undefined) return false;
    this.desk = desk;
    return isLatched(desk.state) || this.#setState({ level: "desk" }, "DISARMED");
  }

  /** Compares once more what the engine says with what it has promised. */
  async holdToIt(): Promise<boolean> {
    this.#met = false;
    return this.#meet();
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      await sleep(this.#random.uniform() * PAUSE_MAX_MS);
      if (this.link.connected && (await this.#meet())) await this.#act();
    }
  }

  /** True when this engine has been compared with the one before. */
  async #meet(): Promise<boolean> {
    if (this.#met) return true;
    const { home } = this.#options;
    const latch = readLatch(home);
    const answered = await this.#attempt(async () => {
      const { epoch, startedAtUs } = await this.link.ask({ ask: "system" });
      const startedAtMs = wallMsOf(readDeskFile(home), startedAtUs);
      const desk = await this.link.ask({ ask: "desk" });
      const parameters = await this.link.ask({ ask: "parameters" });
      const latched = new Map(
        latch.entries
          .filter(({ atMs }) => atMs < startedAtMs - LATCHED_BEFORE_MS)
          .map(({ scope, state }) => [scopeKey(scope), state] as const),
      );
      this.#options.note(`met run ${epoch}: ${desk.state}, parameters ${parameters.version}`);
      this.promises.meet({ epoch, desk, parameters, latched });
      this.desk = desk;
      return true;
    });
    this.#met = answered === true && this.link.connected;
    return this.#met;
  }

  async #act(): Promise<void> {
    const { desk, licence } = this;
    const { uniform } = this.#random;
    if (desk === undefined) return;
    const wish = this.#wish;
    if (wish !== undefined) {
      wish.sent();
      return wish.act === "stop" ? this.#stop({ level: "desk" }) : this.#changeParameters(desk);
    }
    const isReady = desk.accounts.every(({ status }) => status === "READY");
    if (isLatched(desk.state)) {
      const share = desk.state === "KILLED" ? ARM_AFTER_STOP : ARM;
      if (licence.arm && isReady && uniform() < share) return this.#arm({ level: "desk" });
    } else if (licence.stop && uniform() < STOP) return this.#stop(this.#pick(scopesOf(desk)).scope);
    else if (uniform() < CHANGE_STATE) return this.#changeState(desk);
    if (licence.tune && uniform() < CHANGE_PARAMETERS) return this.#changeParameters(desk);
  }

  /** Restricted for a moment and freed again, scope by scope; what was stopped is armed. */
  async #changeState(desk: DeskView): Promise<void> {
    const scopes = scopesOf(desk);
    const restricted = scopes.filter(({ state }) => state !== "ACTIVE");
    const possible = this.licence.restrict ? scopes : restricted;
    if (possible.length === 0) return undefined;
    const { scope, state } = this.#pick(possible);
    if (isLatched(state)) return this.licence.arm ? this.#arm(scope) : undefined;
    const restriction = this.#random.uniform() < 0.5 ? "PAUSED" : "REDUCE_ONLY";
    await this.#setState(scope, state === "ACTIVE" ? restriction : "ACTIVE");
  }

  #pick<A>(list: readonly A[]): A {
    const picked = list[Math.floor(this.#random.uniform() * list.length)];
    if (picked === undefined) throw new Error("invariant: there is something to pick from");
    return picked;
  }

  async #changeParameters(desk: DeskView): Promise<void> {
    const change = this.#drawChange(desk);
    this.promises.sendParameters([change]);
    const expectedVersion = this.promises.parameterVersion;
    await this.#command({ type: "setParameters", expectedVersion, changes: [change] });
  }

  #drawChange(desk: DeskView): ParameterChange {
    const { uniform } = this.#random;
    const { spreadMultiplier, orderNotionalPct } = this.#options.tuning;
    const draw = ([from, hundredths]: Tuning[keyof Tuning]): number =>
      from + Math.floor(uniform() * hundredths) / 100;
    const { scope } = this.#pick(scopesOf(desk));
    if (scope.level === "account") return { scope, name: "venueLagMs", value: Math.floor(uniform() * 400) };
    if (scope.level === "market") return { scope, name: "spreadMultiplier", value: draw(spreadMultiplier) };
    return { scope: { level: "desk" }, name: "orderNotionalPct", value: draw(orderNotionalPct) };
  }

  async #setState(scope: StateScope, state: TradingState): Promise<boolean> {
    this.promises.sendState(scope, state);
    return this.#command({ type: "setTradingState", scope, state });
  }

  async #arm(scope: StateScope): Promise<void> {
    this.promises.sendState(scope, "ACTIVE");
    const { home } = this.#options;
    const outcome = await this.#attempt(() =>
      armDesk({
        home,
        link: this.link,
        scope,
        actor: "soak",
        reason: "it looks well",
        commandId: randomUUID(),
      }),
    );
    this.#settle(`arm ${scopeKey(scope)}`, outcome?.accepted);
  }

  /** The latch is on the disk before the engine is told: an engine that starts later is stopped in any case. */
  async #stop(scope: StateScope): Promise<void> {
    this.promises.sendState(scope, "KILLED");
    const receipt = await stopDesk({
      home: this.#options.home,
      link: this.link,
      nowMs: () => Date.now(),
      scope,
      actor: "soak",
      reason: "to see whether it holds",
      receiptId: randomUUID(),
      waitMs: STOP_WAIT_MS,
    });
    if (receipt.latchedAtMs === undefined) this.#options.onFinding(`no latch: ${receipt.failure}`);
    this.#settle(`stop ${scopeKey(scope)}`, receipt.acknowledgedAtMs === undefined ? undefined : true);
  }

  async #command(command: Command): Promise<boolean> {
    const outcome = await this.#attempt(() =>
      this.link.command({ commandId: randomUUID(), actor: "soak", reason: "because", command }),
    );
    this.#settle(JSON.stringify(command), outcome?.accepted);
    const { parameterVersion } = this.promises;
    if (outcome?.accepted === true && outcome.paramVersion !== parameterVersion)
      this.#options.onFinding(`version ${outcome.paramVersion} was acknowledged for ${parameterVersion}`);
    return outcome?.accepted === true;
  }

  /** Undefined: nobody has answered, and only the next contact tells what became of it. */
  #settle(what: string, accepted: boolean | undefined): void {
    this.#options.note(`${what}: ${accepted === undefined ? "no answer" : accepted ? "done" : "refused"}`);
    if (accepted === undefined) this.#met = false;
    else if (accepted) {
      this.acknowledged += 1;
      this.promises.acknowledge();
    } else this.promises.refuse();
  }

  async #attempt<A>(ask: () => Promise<A>): Promise<A | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      if (error.code === "TIMED_OUT") this.#options.onFinding(`the engine hangs: ${error.message}`);
      return undefined;
    }
  }
}

function scopesOf(desk: DeskView): readonly ScopeState[] {
  return [
    { scope: { level: "desk" }, state: desk.state },
    ...desk.accounts.map(({ account, state }) => ({ scope: { level: "account", account } as const, state })),
    ...desk.markets.map(({ market, state }) => ({ scope: { level: "market", market } as const, state })),
  ];
}
