/** The stops of this process and their receipts. Each is also a latch on disk and a row of the audit. */
import type { StateScope } from "../contract/commands.ts";
import type { EngineLink, StopReceipt } from "../contract/link.ts";
import { describeScope } from "../core/risk/tradingState.ts";
import type { Log } from "../host/log.ts";
import { stopDesk } from "../link/stop.ts";
import { ApiError } from "./errors.ts";

/** Receipts that a page may still ask about. */
const RECEIPTS_MAX = 100;

/** A press is answered with the receipt as it stands after this, proven or not; the page asks for the rest. */
const FIRST_ANSWER_MS = 400;

export interface Press {
  readonly receiptId: string;
  readonly scope: StateScope;
  readonly state: "KILLED" | "DISARMED";
  readonly actor: string;
  readonly reason: string;
}

interface Stop {
  receipt: StopReceipt;
  isRunning: boolean;
}

interface StopsParts {
  readonly home: string;
  readonly link: EngineLink;
  readonly nowMs: () => number;
  readonly log: Log;
}

export class Stops {
  readonly #parts: StopsParts;
  /** By receipt id, oldest first. */
  readonly #stops = new Map<string, Stop>();

  constructor(parts: StopsParts) {
    this.#parts = parts;
  }

  /** The id is also that of the command: pressed again it is the same stop, and one that failed is tried again. */
  async press(press: Press): Promise<StopReceipt> {
    const { receiptId } = press;
    const known = this.#stops.get(receiptId);
    if (known !== undefined) {
      const { scope, state } = known.receipt;
      if (scope !== describeScope(press.scope) || state !== press.state)
        throw new ApiError("BAD_INPUT", "this id belongs to another stop: a stop of its own has a new one");
      if (known.isRunning || known.receipt.failure === undefined) return known.receipt;
    }
    const ended = this.#run(press);
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => (timer = setTimeout(resolve, FIRST_ANSWER_MS)));
    await Promise.race([ended, waited]);
    clearTimeout(timer);
    const stop = this.#stops.get(receiptId);
    // It is written before anything is waited for: without one the stop broke off at its first step.
    return stop === undefined ? await ended : stop.receipt;
  }

  find(receiptId: string): StopReceipt | undefined {
    return this.#stops.get(receiptId)?.receipt;
  }

  #run(press: Press): Promise<StopReceipt> {
    const { home, link, nowMs, log } = this.#parts;
    const { receiptId } = press;
    const ended = stopDesk({ home, link, nowMs, ...press, onProgress: (receipt) => this.#keep(receipt) });
    ended.catch((error: unknown) => log.error("a stop broke off", { receiptId, error }));
    const finish = (): void => {
      const stop = this.#stops.get(receiptId);
      if (stop !== undefined) stop.isRunning = false;
    };
    ended.then(finish, finish);
    return ended;
  }

  #keep(receipt: StopReceipt): void {
    const known = this.#stops.get(receipt.receiptId);
    if (known === undefined) this.#stops.set(receipt.receiptId, { receipt, isRunning: true });
    else {
      known.receipt = receipt;
      known.isRunning = true;
    }
    for (const oldest of this.#stops.keys()) {
      if (this.#stops.size <= RECEIPTS_MAX) return;
      this.#stops.delete(oldest);
    }
  }
}
