/** What has been asked and not answered: each ends exactly once, with its answer, the end of the connection or its time. */

/** A client that asks on without waiting for answers has a defect; more than this is refused. */
export const PENDING_MAX = 1_000;

interface Waiter<A> {
  readonly resolve: (answer: A) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class PendingAnswers<K, A> {
  readonly #waitMs: number;
  /** Several callers may wait for one answer: a command that is repeated keeps its id. */
  readonly #waiters = new Map<K, Waiter<A>[]>();

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  get size(): number {
    return this.#waiters.size;
  }

  wait(key: K, timeOut: () => Error): Promise<A> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const left = (this.#waiters.get(key) ?? []).filter((other) => other !== waiter);
        if (left.length === 0) this.#waiters.delete(key);
        else this.#waiters.set(key, left);
        reject(timeOut());
      }, this.#waitMs);
      const waiter: Waiter<A> = { resolve, reject, timer };
      this.#waiters.set(key, [...(this.#waiters.get(key) ?? []), waiter]);
    });
  }

  /** An answer that nobody waits for any more is left alone: its caller was told of the time-out. */
  resolve(key: K, answer: A): void {
    for (const waiter of this.#take(key)) waiter.resolve(answer);
  }

  reject(key: K, error: Error): void {
    for (const waiter of this.#take(key)) waiter.reject(error);
  }

  rejectAll(error: () => Error): void {
    for (const key of [...this.#waiters.keys()]) this.reject(key, error());
  }

  #take(key: K): readonly Waiter<A>[] {
    const waiters = this.#waiters.get(key) ?? [];
    this.#waiters.delete(key);
    for (const { timer } of waiters) clearTimeout(timer);
    return waiters;
  }
}
