/**
 * Progress on standard error, for work that takes longer than two seconds: a bar on a terminal, a
 * line now and then elsewhere. It is driven by `update` alone, so that a synchronous loop shows it too.
 */
import { SingleBar } from "cli-progress";

/** Shorter work ends before a bar can be read. */
const SHOW_AFTER_MS = 2_000;
/** Keeps the log of a long unattended run readable. */
const LINE_EVERY_MS = 5_000;

export interface Progress {
  /** `done` counts up to the total, in the unit of the label; cheap enough for every slice of a loop. */
  update(done: number): void;
  /** Clears the bar. Call it in `finally`: a bar left running keeps the process alive. */
  stop(): void;
}

export interface ProgressOptions {
  /** What is counted, such as "events". */
  readonly label: string;
  /** Undefined when nobody knows how much there is: the count alone is shown. */
  readonly total?: number | undefined;
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly nowMs?: () => number;
}

export function startProgress(options: ProgressOptions): Progress {
  const { label, total, stream = process.stderr, nowMs = () => performance.now() } = options;
  const startedAtMs = nowMs();
  const show = stream.isTTY === true ? showBar(label, total, stream) : showLines(label, total, stream);
  return {
    update(done) {
      const elapsedMs = nowMs() - startedAtMs;
      if (elapsedMs >= SHOW_AFTER_MS) show.update(done, elapsedMs);
    },
    stop: () => show.stop(),
  };
}

interface Display {
  update(done: number, elapsedMs: number): void;
  stop(): void;
}

function showBar(label: string, total: number | undefined, stream: NodeJS.WritableStream): Display {
  const counted = total === undefined ? "{value}" : "[{bar}] {percentage} %  {value}/{total}";
  const rest = total === undefined ? "" : "  {eta_formatted} left";
  let bar: SingleBar | undefined;
  return {
    update(done) {
      if (bar === undefined) {
        bar = new SingleBar({
          format: `${counted} ${label}${rest}`,
          stream,
          clearOnComplete: true,
          barsize: 30,
        });
        bar.start(total ?? 0, done);
      } else bar.update(done);
    },
    stop: () => bar?.stop(),
  };
}

function showLines(label: string, total: number | undefined, stream: NodeJS.WritableStream): Display {
  let nextLineAtMs = LINE_EVERY_MS;
  return {
    update(done, elapsedMs) {
      if (elapsedMs < nextLineAtMs) return;
      nextLineAtMs = elapsedMs + LINE_EVERY_MS;
      const share =
        total === undefined || total === 0 ? "" : ` of ${total} (${Math.floor((done / total) * 100)} %)`;
      stream.write(`${done}${share} ${label} after ${Math.round(elapsedMs / 1_000)} s\n`);
    },
    stop: () => undefined,
  };
}
