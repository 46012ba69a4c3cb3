/**
 * For a command that has something to tidy up: what would end the process in the middle of it aborts its signal instead,
 * be that a person, a terminal or a reader of our output that goes away, or a failure that nobody has caught.
 */
import { reportFailure } from "./program.ts";

/** npm passes a Ctrl-C on that the terminal has sent to us as well: what comes so soon is the same one. */
const SAME_WITHIN_MS = 1_000;

const OUTPUT_LOST: readonly unknown[] = ["EPIPE", "EIO"];

/** Stays after the command: its last words, too, may reach nobody, and its exit code counts all the same. */
let stop: AbortController | undefined;

/** For what no command has caught. True: one tidies up, or has, and nothing else is to be done about it. */
export function endsTidily(error: unknown): boolean {
  if (stop === undefined) return false;
  const isOutput = error instanceof Error && "code" in error && OUTPUT_LOST.includes(error.code);
  if (!isOutput) reportFailure(error);
  stop.abort();
  return true;
}

/** `onEnding` hears of the first Ctrl-C; one that comes `SAME_WITHIN_MS` after it or later ends the process there. */
export async function withTidyEnd<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onEnding: () => void,
): Promise<T> {
  const ending = (stop = new AbortController());
  const onHangup = (): void => ending.abort();
  let firstAtMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      onEnding();
      ending.abort();
    } else if (nowMs - firstAtMs >= SAME_WITHIN_MS) {
      leave();
      process.kill(process.pid, signal);
    }
  };
  const leave = (): void =>
    void process.off("SIGINT", onSignal).off("SIGTERM", onSignal).off("SIGHUP", onHangup);
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal).on("SIGHUP", onHangup);
  try {
    return await work(ending.signal);
  } finally {
    leave();
  }
}
