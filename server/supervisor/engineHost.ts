/**
 * The engine as a thread of the web server: started once, started again when it dies or hangs, stopped
 * before the process ends. After a restart it is disarmed, and stays so until a person arms it.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Log } from "../host/log.ts";

const BACK_OFF_FIRST_MS = 500;
const BACK_OFF_MAX_MS = 10_000;
const STARTED_WELL_MS = 30_000;

/** It beats every 250 ms from its decision loop; this long a silence is a hang, not a slow disk. */
const SILENCE_MAX_MS = 5_000;
const LOOK_MS = 1_000;

/** It waits for the seal of every venue, then writes its last snapshot. */
const STOP_WITHIN_MS = 12_000;

export interface EngineHost {
  /** Resolves when the engine has stopped, or has been ended because it did not. */
  stop(reason: string): Promise<void>;
}

export function hostEngine(options: {
  readonly root: string;
  readonly home: string;
  readonly log: Log;
  readonly nowMs: () => number;
}): EngineHost {
  const { root, home, log, nowMs } = options;
  let worker: Worker | undefined;
  let backOffMs = BACK_OFF_FIRST_MS;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;
  let lastBeatMs: number | undefined;
  let lastLookMs = nowMs();
  let onExit: (() => void) | undefined;

  const start = (): void => {
    const startedAtMs = nowMs();
    lastBeatMs = undefined;
    // Next's bundler takes a written-out `new Worker(…)` for one of its own modules.
    const file = join(root, "dist", "engine.mjs");
    const started: Worker = Reflect.construct(Worker, [file, { workerData: { home } }]);
    worker = started;
    started.on("message", () => (lastBeatMs = nowMs()));
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
    if (hostPaused) lastBeatMs &&= now;
    if (worker === undefined || lastBeatMs === undefined || now - lastBeatMs < SILENCE_MAX_MS) return;
    log.error("the engine hangs and is ended", { silentMs: now - lastBeatMs });
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
        onExit = resolve;
        running.postMessage({ type: "stop", reason });
        setTimeout(() => {
          log.error("the engine did not stop in time and is ended; its orders may rest", {
            waitedMs: STOP_WITHIN_MS,
          });
          void running.terminate();
        }, STOP_WITHIN_MS).unref();
      });
    },
  };
}
