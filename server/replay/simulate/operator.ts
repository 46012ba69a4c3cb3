/**
 * A person at the desk, and the treasury behind it: random commands and transfers at random instants. What is
 * tightened is loosened again, and what is stopped is armed once the desk allows it, so that a run keeps quoting.
 */
import type { Command, StateScope } from "../../contract/commands.ts";
import type { TradingState } from "../../contract/tradingStates.ts";
import type { EngineConfig } from "../../contract/config.ts";
import type { AcknowledgeEffect, Effect } from "../../contract/effects.ts";
import type { CommandEvent, EngineEvent, TransferEvent } from "../../contract/events.ts";
import type { ParamName } from "../../contract/params.ts";
import { MICROS_PER_MS } from "../../contract/units.ts";
import { randomStream } from "../../lab/random.ts";
import type { SimulatedExchange } from "../../lab/ports.ts";
import { TimeHeap } from "../../lab/world/timeHeap.ts";
import { Dice } from "./dice.ts";

/** Volatility is known and quotes are out: before it there is little to disturb. */
const FIRST_AFTER_US = 25_000_000;

const ARM_AGAIN_US = 700_000;

const TIGHTER = ["PAUSED", "REDUCE_ONLY", "PAUSED", "REDUCE_ONLY", "DISARMED", "KILLED"] as const;

const ACTS = ["state", "state", "flatten", "parameter", "transfer"] as const;

/** Bounds that contradict no other value that a seed can draw. */
const CHANGES: readonly {
  readonly name: ParamName;
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
}[] = [
  { name: "spreadMultiplier", min: 0.3, max: 1.5 },
  { name: "orderNotionalPct", min: 0.3, max: 0.6 },
  { name: "assetMaxPct", min: 2, max: 20 },
  { name: "venueMaxPct", min: 1, max: 15 },
  { name: "netMaxPct", min: 1, max: 11 },
  { name: "quoteLifeMinMs", min: 0, max: 1_000, whole: true },
  { name: "unknownAfterMs", min: 200, max: 3_000, whole: true },
];

interface OperatorOptions {
  readonly seed: number;
  readonly config: EngineConfig;
  readonly startAtUs: number;
  readonly exchanges: readonly SimulatedExchange[];
}

export class Operator {
  /** What has been moved at the exchanges. */
  readonly transfers: Pick<TransferEvent, "account" | "asset" | "amountAtoms">[] = [];
  readonly #config: EngineConfig;
  readonly #exchanges: readonly SimulatedExchange[];
  readonly #dice: Dice;
  readonly #meanS: number;
  readonly #agenda = new TimeHeap<(atUs: number) => EngineEvent | undefined>();
  readonly #arming = new Map<string, StateScope>();
  #commands = 0;
  #version = 1;
  #isGone = false;

  constructor({ seed, config, startAtUs, exchanges }: OperatorOptions) {
    this.#config = config;
    this.#exchanges = exchanges;
    this.#dice = new Dice(randomStream(seed, "swarm operator"));
    this.#meanS = this.#dice.pick([2, 6, 20]);
    this.#nextAct(startAtUs + FIRST_AFTER_US);
  }

  /** What happens up to this instant; each event is handled, and its effects shown, before the next is asked for. */
  next(nowUs: number): EngineEvent | undefined {
    while (this.#agenda.nextAtUs <= nowUs) {
      const event = this.#agenda.pop()(nowUs);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  saw(effects: readonly Effect[], atUs: number): void {
    for (const effect of effects) if (effect.type === "acknowledge") this.#acknowledged(effect, atUs);
  }

  /** Ends every plan; transfers that have happened are still told. */
  leave(): void {
    this.#isGone = true;
  }

  stop(atUs: number): CommandEvent {
    return this.#command(atUs, { type: "setTradingState", scope: { level: "desk" }, state: "KILLED" });
  }

  #acknowledged({ commandId, outcome }: AcknowledgeEffect, atUs: number): void {
    if (outcome.accepted) this.#version = outcome.paramVersion;
    const scope = this.#arming.get(commandId);
    this.#arming.delete(commandId);
    if (scope !== undefined && !outcome.accepted && outcome.code === "NOT_SEALED")
      this.#later(atUs + ARM_AGAIN_US, (nowUs) => this.#arm(nowUs, scope));
  }

  #nextAct(atUs: number): void {
    this.#later(atUs + this.#dice.wait(this.#meanS), (nowUs) => {
      this.#nextAct(nowUs);
      return this.#act(nowUs);
    });
  }

  #act(nowUs: number): EngineEvent | undefined {
    switch (this.#dice.pick(ACTS)) {
      case "state":
        return this.#tighten(nowUs, this.#dice.pick(TIGHTER));
      case "flatten": {
        const { market } = this.#dice.pick(this.#config.markets);
        return this.#command(nowUs, { type: "flatten", market, slippageMaxBps: this.#dice.between(2, 60) });
      }
      case "parameter":
        return this.#setParameter(nowUs);
      case "transfer":
        return this.#transfer(nowUs);
    }
  }

  #tighten(nowUs: number, state: TradingState): CommandEvent {
    const scope = this.#anyScope();
    const isStop = state === "KILLED" || state === "DISARMED";
    // Some stops are regretted at once, while requests are still on the wire.
    const meanS = isStop ? this.#dice.pick([0.05, 3]) : 4;
    this.#later(nowUs + this.#dice.wait(meanS), (laterUs) =>
      isStop
        ? this.#arm(laterUs, scope)
        : this.#command(laterUs, { type: "setTradingState", scope, state: "ACTIVE" }),
    );
    return this.#command(nowUs, { type: "setTradingState", scope, state });
  }

  #arm(nowUs: number, scope: StateScope): CommandEvent {
    const event = this.#command(nowUs, { type: "arm", scope });
    this.#arming.set(event.commandId, scope);
    return event;
  }

  #setParameter(nowUs: number): CommandEvent {
    const { name, min, max, whole } = this.#dice.pick(CHANGES);
    const drawn = this.#dice.between(min, max);
    const value = whole === true ? Math.round(drawn) : drawn;
    // Now and then someone else was quicker, and the change is refused.
    const expectedVersion = this.#version - (this.#dice.chance(0.1) ? 1 : 0);
    return this.#command(nowUs, {
      type: "setParameters",
      expectedVersion,
      changes: [{ scope: { level: "desk" }, name, value }],
    });
  }

  /** It happens at the exchange now, and the desk is told a little later, sometimes twice. */
  #transfer(nowUs: number): undefined {
    const { account: name } = this.#dice.pick(this.#config.accounts);
    const account = this.#config.accounts.findIndex((candidate) => candidate.account === name);
    const exchange = this.#exchanges[account];
    const traded = exchange?.balances(account).filter(({ totalAtoms }) => totalAtoms > 0n) ?? [];
    if (exchange === undefined || traded.length === 0) return undefined;
    const { asset, totalAtoms, heldAtoms } = this.#dice.pick(traded);
    const share = BigInt(Math.round(this.#dice.between(1, 300)));
    const isDeposit = this.#dice.chance(0.5);
    const amountAtoms = isDeposit
      ? (totalAtoms * share) / 1_000n
      : -(((totalAtoms - heldAtoms) * share) / 1_000n);
    exchange.deposit(account, asset, amountAtoms);
    const transferId = `transfer ${this.transfers.length}`;
    const tell = (atUs: number): TransferEvent => ({
      type: "transfer",
      atUs,
      account,
      transferId,
      asset,
      amountAtoms,
    });
    this.transfers.push({ account, asset, amountAtoms });
    const toldAtUs = nowUs + Math.round(this.#dice.between(1, 400) * MICROS_PER_MS);
    this.#agenda.push(toldAtUs, 0, tell);
    if (this.#dice.chance(0.2)) this.#agenda.push(toldAtUs + 1_000_000, 0, tell);
    return undefined;
  }

  #anyScope(): StateScope {
    const { account, symbol } = this.#dice.pick(this.#config.instruments);
    switch (this.#dice.pick(["desk", "account", "market", "side"] as const)) {
      case "desk":
        return { level: "desk" };
      case "account":
        return { level: "account", account };
      case "market":
        return { level: "market", market: this.#dice.pick(this.#config.markets).market };
      case "side":
        return { level: "side", account, symbol, side: this.#dice.pick(["buy", "sell"] as const) };
    }
  }

  #command(atUs: number, command: Command): CommandEvent {
    this.#commands += 1;
    const commandId = `command ${this.#commands}`;
    return { type: "command", atUs, commandId, actor: "operator", reason: "swarm", command };
  }

  #later(atUs: number, act: (nowUs: number) => EngineEvent | undefined): void {
    this.#agenda.push(atUs, 0, (nowUs) => (this.#isGone ? undefined : act(nowUs)));
  }
}
