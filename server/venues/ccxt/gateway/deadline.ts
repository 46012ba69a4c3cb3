/** An end to waiting for whatever never answers; what comes later is not lost. */

export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

export type Late<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** Rejects with a DeadlineError after this time; `onLate` hears of what came after that. */
export function withDeadline<T>(
  work: Promise<T>,
  withinMs: number,
  onLate?: (late: Late<T>) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      reject(new DeadlineError(`no answer within ${Math.round(withinMs)} ms`));
    }, withinMs);
    work.then(
      (value) => {
        clearTimeout(timer);
        if (isOver) onLate?.({ ok: true, value });
        else resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        if (isOver) onLate?.({ ok: false, error });
        else reject(error);
      },
    );
  });
}

/** A macrotask: sockets and timers are served in between. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    if (signal?.aborted === true) done();
    else signal?.addEventListener("abort", done);
  });
}
