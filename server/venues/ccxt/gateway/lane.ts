/**
 * One private REST call after the other, where nonces must arrive in rising order: sockets of one pool overtake each
 * other. What is on the wire for long is not overtaken any more, and holds nobody up.
 */
import type { CcxtInstance } from "./ccxt.ts";
import { NotSentError } from "./taxonomy.ts";

/** Beyond any time that a request spends between being signed and being read at the venue. */
const HOLD_MS = 250;

/** Whoever has waited longer has been given up by the one who asked. */
const TURN_WITHIN_MS = 2_000;

const WAITING_MAX = 500;

export interface Lane {
  /**
   * Cancels go ahead of what waits, but for every other turn: a hundred of them must not keep an account from being
   * looked at. Rejects with a NotSentError when too many wait, or when no turn comes in time.
   */
  run<T>(isUrgent: boolean, call: () => Promise<T>): Promise<T>;
}

export function createLane(): Lane {
  const urgent: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let isTaken = false;
  let wasUrgent = false;

  function next(): void {
    const queue = urgent.length === 0 || (wasUrgent && waiting.length > 0) ? waiting : urgent;
    const begin = queue.shift();
    isTaken = begin !== undefined;
    wasUrgent = queue === urgent;
    begin?.();
  }

  async function turn(isUrgent: boolean): Promise<void> {
    if (!isTaken) {
      isTaken = true;
      wasUrgent = isUrgent;
      return;
    }
    const queue = isUrgent ? urgent : waiting;
    if (queue.length >= WAITING_MAX) throw new NotSentError(`${WAITING_MAX} calls wait for their turn`);
    await new Promise<void>((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(begin), 1);
        reject(new NotSentError("no turn came in time"));
      }, TURN_WITHIN_MS);
      queue.push(begin);
    });
  }

  return {
    async run(isUrgent, call) {
      await turn(isUrgent);
      let isOver = false;
      const pass = (): void => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        next();
      };
      const timer = setTimeout(pass, HOLD_MS);
      try {
        return await call();
      } finally {
        pass();
      }
    },
  };
}

/** Rises with every call, and stays above what an earlier process used as long as no clock is set back. */
export function createNonce(nowUs: () => number): () => number {
  let last = 0;
  return () => (last = Math.max(last + 1, Math.floor(nowUs())));
}

/** Sends this instance's private calls through the lane, with nonces that rise across all instances of a key. */
export function useLane(instance: CcxtInstance, lane: Lane, nonce: () => number): void {
  instance.nonce = nonce;
  const fetch2 = instance.fetch2.bind(instance);
  instance.fetch2 = async (path, api, ...rest) => {
    const call = (): Promise<unknown> => fetch2(path, api, ...rest);
    if (api !== "private") return call();
    try {
      return await lane.run(isUrgent(path), call);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      // Refused for its nonce alone, so that nothing of it was done: it may go again, under a new one.
      return lane.run(isUrgent(path), call);
    }
  };
}

/**
 * Another call was read first after all, as happens while the connections of a start are made: the first holds the lane
 * for no longer than it may. Once more is enough for that; a nonce is too low again only where a clock was set back.
 */
function isOvertaken(error: unknown): boolean {
  return error instanceof Error && error.name === "InvalidNonce";
}

function isUrgent(path: unknown): boolean {
  return typeof path === "string" && path.startsWith("Cancel");
}
