/**
 * The engine as a thread of the web server: started once, started again when it dies or hangs, stopped
 * before the process ends. After a restart it is disarmed, and stays so until a person arms it.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { Log } from "../host/log.ts";

const BACK_OFF_FIRST_MS = 500;
const BACK_OFF_MAX_MS = 10_000;
const STARTED_WELL_MS = 30_000;

/** It beats every 250 ms from its decision loop; this long a silence is a hang, not a slow disk. */
const SILENCE_MAX_MS = 5_000;
/**
 * Until it has started: it loads, reads its journal (a long one beats meanwhile), waits up to 10 s for a clock that was
 * set back, or cancels for 10 s what it cannot take up. None of that is silent for so long on a slow disk.
 */
const STARTING_SILENCE_MAX_MS = 60_000;
const LOOK_MS = 1_000;

/** It waits for the seal of every venue, then writes its last snapshot. */
const STOP_WITHIN_MS = 12_000;

/** Its other messages are heartbeats. */
const Started = z.object({ type: z.literal("started") });

export interface EngineHost {
  /** Resolves when the engine has stopped, or has been ended because it did not. */
  stop(reason: string): Promise<void>;
}

export function hostEngine(options: {
  readonly root: string;
  readonly home: string;
  readonly log: Log;
  /** For durations alone: of a clock that nobody sets. */
  readonly nowMs: () => number;
}): EngineHost {
  const { root, home, log, nowMs } = options;
  let worker: Worker | undefined;
  let backOffMs = BACK_OFF_FIRST_MS;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;
  let lastBeatMs = nowMs();
  let hasStarted = false;
  let lastLookMs = nowMs();
  let onExit: (() => void) | undefined;

  const start = (): void => {
    const startedAtMs = nowMs();
    lastBeatMs = startedAtMs;
    hasStarted = false;
    // Next's bundler takes a written-out `new Worker(…)` for one of its own modules.
    const file = join(root, "dist", "engine.mjs");
    const started: Worker = Reflect.construct(Worker, [file, { workerData: { home } }]);
    worker = started;
    started.on("message", (message: unknown) => {
      lastBeatMs = nowMs();
      hasStarted ||= Started.safeParse(message).success;
    });
    started.on("error", (error) => log.error("the engine broke", { error }));
    started.once("exit", (code) => {
      worker = undefined;
      onExit?.();
      if (isStopping) return;
      if (nowMs() - startedAtMs > STARTED_WELL_MS) backOffMs = BACK_OFF_FIRST_MS;
      log.warn("the engine ended and is started again", { code, againInMs: backOffMs });
      timer = setTimeout(start, backOffMs);
      backOffMs = Math.min(2 * backOffMs, BACK_OFF_MAX_MS);
    });
  };
  start();

  const watchdog = setInterval(() => {
    const now = nowMs();
    // When this thread stood still too, nobody's silence means anything.
    const hostPaused = now - lastLookMs > 3 * LOOK_MS;
    lastLookMs = now;
    if (hostPaused) lastBeatMs = now;
    const silentMs = now - lastBeatMs;
    if (worker === undefined || silentMs < (hasStarted ? SILENCE_MAX_MS : STARTING_SILENCE_MAX_MS)) return;
    log.error(hasStarted ? "the engine hangs and is ended" : "the engine hangs at its start and is ended", {
      silentMs,
    });
    // One that is deep in the system ends when it comes back from there: told again after as long a silence.
    lastBeatMs = now;
    void worker.terminate();
  }, LOOK_MS);
  watchdog.unref();

  return {
    async stop(reason) {
      isStopping = true;
      clearTimeout(timer);
      clearInterval(watchdog);
      const running = worker;
      if (running === undefined) return;
      await new Promise<void>((resolve) => {
        const killer = setTimeout(() => {
          log.error("the engine did not stop in time and is ended; its orders may rest", {
            waitedMs: STOP_WITHIN_MS,
          });
          void running.terminate();
        }, STOP_WITHIN_MS);
        onExit = () => {
          clearTimeout(killer);
          resolve();
        };
        running.postMessage({ type: "stop", reason });
      });
    },
  };
}
