/** A command of ours as a person types it, `desk start` or `desk lab`, in a process that a soak may kill. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { repositoryRoot } from "../../host/deskHome.ts";
import { DESK_COMMAND } from "../deskCommand.ts";

/** The parts of a desk have 15 s each to end. */
const STOP_WITHIN_MS = 60_000;

export interface CommandProcessOptions {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The file that its output is added to. */
  readonly log: string;
}

export function spawnCommand({ words, env, log }: CommandProcessOptions): ChildProcess {
  const output = openSync(log, "a");
  const child = spawn(process.execPath, [...DESK_COMMAND, ...words], {
    cwd: repositoryRoot(),
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
    // Ctrl-C is for the soak, which stops what it has started once.
    detached: true,
  });
  closeSync(output);
  return child;
}

export function isRunning(child: ChildProcess | undefined): child is ChildProcess & { readonly pid: number } {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** By signal. What became of it, in words, unless it has ended with code 0, as it has to. */
export async function endCommand(child: ChildProcess | undefined): Promise<string | undefined> {
  if (!isRunning(child)) return undefined;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const code = await Promise.race([
    ended.then(([exitCode, signal]: unknown[]) => exitCode ?? signal),
    sleep(STOP_WITHIN_MS, "it goes on", { ref: false }),
  ]);
  return code === 0 ? undefined : String(code);
}
