/** The processes of a benchmark: bundles of its own, which end with it. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { bundlePath, type BenchBundle } from "./bundles.ts";

const END_WITHIN_MS = 15_000;

export function startChild(name: BenchBundle, args: readonly string[]): ChildProcess {
  return fork(bundlePath(name), args, { execArgv: ["--enable-source-maps"], serialization: "advanced" });
}

/** The next message of the child. Rejects when it ends before. */
export async function messageOf(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  try {
    return await Promise.race([
      once(child, "message", over).then(([message]: unknown[]) => message),
      once(child, "exit", over).then(([code]) =>
        Promise.reject(new Error(`${child.spawnargs.at(-1)} ended with ${String(code)}`)),
      ),
    ]);
  } finally {
    over.abort();
  }
}

/** By signal, and by force when it does not end. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), END_WITHIN_MS);
  await ended;
  clearTimeout(force);
}
