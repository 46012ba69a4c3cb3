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
import { randomStream, type RandomStream } from "../../lab/random.ts";
import { connectLink } from "../../link/client.ts";
import { readLatch, scopeKey } from "../../link/latch.ts";
import { LinkError } from "../../link/linkError.ts";
import { armDesk, stopDesk } from "../../link/stop.ts";
import type { Plan } from "./plan.ts";
import { Promises } from "./promises.ts";

/** From one act to the next. */
const PAUSE_MAX_MS = 150;

/** A stop that has not heard of its seals by then goes on being one. */
const STOP_WAIT_MS = 1_000;

/** What one look leads to, of what would be possible then. */
const ARM = 0.6;
const ARM_AFTER_STOP = 0.06;
const STOP = 0.02;
const CHANGE_STATE = 0.06;
const CHANGE_PARAMETERS = 0.25;

interface OperatorOptions {
  readonly home: string;
  readonly plan: Plan;
  /** When the engine that may answer was started, by the wall clock. */
  readonly engineStartedAtMs: () => number;
  readonly onReady: () => void;
  /** Into the log of the seed. */
  readonly note: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

export class Operator {
  readonly link: EngineLink;
  readonly promises: Promises;
  desk: DeskView | undefined;
  /** Acts that the engine has acknowledged. */
  acknowledged = 0;
  readonly #options: OperatorOptions;
  readonly #random: RandomStream;
  #met = false;
  #disarmedEpoch: number | undefined;
  #isEnding = false;
  #work: Promise<void> | undefined;

  constructor(options: OperatorOptions) {
    this.#options = options;
    this.#random = randomStream(options.plan.seed, "recovery operator");
    this.promises = new Promises(options.onFinding);
    this.link = connectLink({ home: options.home, client: "recovery soak" });
    this.link.onConnection((connected) => {
      if (connected) return;
      this.#met = false;
      this.desk = undefined;
    });
    this.link.watch("desk", (desk) => {
      this.desk = desk;
      if (this.#met) this.#noteReady(desk);
    });
  }

  start(): void {
    this.#work = this.#run().catch((error: unknown) =>
      this.#options.onFinding(`the operator broke: ${error instanceof Error ? error.stack : String(error)}`),
    );
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

  /** Takes the desk's quotes away and has every account sealed, once per engine. False when it did not answer. */
  async disarm(): Promise<boolean> {
    if (!(await this.#meet()) || this.desk === undefined) return false;
    const { epoch } = this.promises;
    if (this.#disarmedEpoch === epoch) return true;
    const state = this.desk.state === "KILLED" ? "KILLED" : "DISARMED";
    const isDone = await this.#setState({ level: "desk" }, state);
    if (isDone) this.#disarmedEpoch = epoch;
    return isDone;
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
    const latch = readLatch(this.#options.home);
    const startedAtMs = this.#options.engineStartedAtMs();
    const answered = await this.#attempt(async () => {
      const { epoch } = await this.link.ask({ ask: "system" });
      const desk = await this.link.ask({ ask: "desk" });
      const parameters = await this.link.ask({ ask: "parameters" });
      const latched = new Map(
        latch.entries
          .filter(({ atMs }) => atMs < startedAtMs)
          .map(({ scope, state }) => [scopeKey(scope), state] as const),
      );
      this.#options.note(`met run ${epoch}: ${desk.state}, parameters ${parameters.version}`);
      this.promises.meet({ epoch, desk, parameters, latched });
      this.desk = desk;
      return true;
    });
    this.#met = answered === true && this.link.connected;
    if (this.#met && this.desk !== undefined) this.#noteReady(this.desk);
    return this.#met;
  }

  #noteReady(desk: DeskView): void {
    if (desk.accounts.every(({ status }) => status === "READY")) this.#options.onReady();
  }

  async #act(): Promise<void> {
    const { desk } = this;
    const { uniform } = this.#random;
    if (desk === undefined) return;
    const isReady = desk.accounts.every(({ status }) => status === "READY");
    if (desk.state === "KILLED" || desk.state === "DISARMED") {
      const share = desk.state === "KILLED" ? ARM_AFTER_STOP : ARM;
      if (isReady && uniform() < share) return this.#arm({ level: "desk" });
    } else if (this.#options.plan.stops && uniform() < STOP) return this.#stop(this.#scope(desk));
    else if (uniform() < CHANGE_STATE) return this.#changeState(desk);
    if (uniform() < CHANGE_PARAMETERS) return this.#changeParameters(desk);
  }

  #scope(desk: DeskView): StateScope {
    const { uniform } = this.#random;
    const account = desk.accounts[Math.floor(uniform() * desk.accounts.length)];
    const market = desk.markets[Math.floor(uniform() * desk.markets.length)];
    const level = uniform();
    if (level < 0.3 && account !== undefined) return { level: "account", account: account.account };
    if (level < 0.6 && market !== undefined) return { level: "market", market: market.market };
    return { level: "desk" };
  }

  /** Restricted for a moment and freed again, scope by scope; what was stopped is armed. */
  async #changeState(desk: DeskView): Promise<void> {
    const scope = this.#scope(desk);
    const now =
      scope.level === "account"
        ? desk.accounts.find(({ account }) => account === scope.account)?.state
        : scope.level === "market"
          ? desk.markets.find(({ market }) => market === scope.market)?.state
          : desk.state;
    if (now === "KILLED" || now === "DISARMED") return this.#arm(scope);
    const restricted = this.#random.uniform() < 0.5 ? "PAUSED" : "REDUCE_ONLY";
    await this.#setState(scope, now === "ACTIVE" ? restricted : "ACTIVE");
  }

  async #changeParameters(desk: DeskView): Promise<void> {
    const change = this.#drawChange(desk);
    this.promises.sendParameters([change]);
    const expectedVersion = this.promises.parameterVersion;
    await this.#command({ type: "setParameters", expectedVersion, changes: [change] });
  }

  #drawChange(desk: DeskView): ParameterChange {
    const { uniform } = this.#random;
    const scope = this.#scope(desk);
    if (scope.level === "account") return { scope, name: "venueLagMs", value: Math.floor(uniform() * 400) };
    if (scope.level === "market")
      return { scope, name: "spreadMultiplier", value: 0.2 + Math.floor(uniform() * 40) / 100 };
    return {
      scope: { level: "desk" },
      name: "orderNotionalPct",
      value: 0.2 + Math.floor(uniform() * 60) / 100,
    };
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
