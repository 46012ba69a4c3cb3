/**
 * A child process that is kept alive: restarted with back-off when it dies, told to stop by a signal,
 * and killed when it does not. Its output goes to a file of its own in the desk's log folder.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../host/log.ts";
import { openLogFile, watchLogFile } from "../host/logFile.ts";

/** Crash loops cost little, and a child that needs a moment (its port, its database) soon has it. */
const BACK_OFF_FIRST_MS = 500;
const BACK_OFF_MAX_MS = 10_000;
/** A child that lived so long had started well: the next wait is the short one again. */
const STARTED_WELL_MS = 30_000;

export interface ChildSpec {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logDir: string;
  /** How long a child may take from "stop" to its end. */
  readonly stopWithinMs: number;
}

export interface Child {
  readonly name: string;
  readonly pid: number | undefined;
  readonly restarts: number;
  readonly startedAtMs: number | undefined;
  /** Why it is not running now, in words. */
  readonly trouble: string | undefined;
  /** Asks it to end and waits; kills it when its time is over. Not restarted from here on. */
  stop(): Promise<void>;
}

export function keepAlive(
  spec: ChildSpec,
  options: {
    readonly log: Log;
    readonly nowMs: () => number;
    /** Told after a death that was not asked for, before the back-off. */
    readonly onDeath: (text: string) => void;
  },
): Child {
  const { log, nowMs, onDeath } = options;
  const logPath = join(spec.logDir, `${spec.name}.log`);
  let child: ChildProcess | undefined;
  let restarts = 0;
  let backOffMs = BACK_OFF_FIRST_MS;
  let startedAtMs: number | undefined;
  let trouble: string | undefined;
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  let onEnd: (() => void) | undefined;

  const logTrouble = (error: unknown): void =>
    log.warn(`${logPath} is full and could not be put aside`, { error });

  const open = (): ChildProcess => {
    const output = openLogFile(logPath, logTrouble);
    try {
      return spawn(process.execPath, spec.args, {
        cwd: spec.cwd,
        env: { ...process.env, ...spec.env },
        stdio: ["ignore", output, output, "ipc"],
        // Ctrl-C in the terminal is for the supervisor alone: it stops the parts in their order.
        detached: true,
      });
    } finally {
      closeSync(output);
    }
  };

  const startLater = (why: string): void => {
    trouble = `${why}; started again in ${backOffMs / 1_000} s`;
    log.warn(`${spec.name} ended`, { why, againInMs: backOffMs });
    onDeath(trouble);
    timer = setTimeout(() => {
      restarts += 1;
      try {
        start();
      } catch (error) {
        // No room for its output, no process to be had: nothing that ends the desk, and it may pass.
        startLater(error instanceof Error ? error.message : String(error));
      }
    }, backOffMs);
    backOffMs = Math.min(backOffMs * 2, BACK_OFF_MAX_MS);
  };

  const start = (): void => {
    const started = open();
    child = started;
    startedAtMs = nowMs();
    trouble = undefined;
    let reported = false;
    const ended = (text: string): void => {
      if (reported) return;
      reported = true;
      child = undefined;
      onEnd?.();
      if (isStopping) return;
      if (nowMs() - (startedAtMs ?? 0) > STARTED_WELL_MS) backOffMs = BACK_OFF_FIRST_MS;
      startLater(text);
    };
    started.once("error", (error) => ended(error.message));
    started.once("exit", (code, signal) => ended(signal === null ? `exit code ${code}` : `signal ${signal}`));
  };
  start();
  const endLogWatch = watchLogFile(logPath, logTrouble);

  return {
    name: spec.name,
    get pid() {
      return child?.pid;
    },
    get restarts() {
      return restarts;
    },
    get startedAtMs() {
      return startedAtMs;
    },
    get trouble() {
      return trouble;
    },
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      endLogWatch();
      const running = child;
      if (running === undefined) return;
      await new Promise<void>((resolve) => {
        const killer = setTimeout(() => {
          log.warn(`${spec.name} did not stop within ${spec.stopWithinMs} ms and is killed`);
          running.kill("SIGKILL");
        }, spec.stopWithinMs);
        onEnd = () => {
          clearTimeout(killer);
          resolve();
        };
        running.kill("SIGTERM");
      });
    },
  };
}
