/** Keeps processes that change one small file from losing each other's change. */
import { rmSync, writeFileSync } from "node:fs";

/** A change takes some milliseconds; a lock that is older was left behind by a process that died. */
const WAIT_MS = 500;
const POLL_MS = 5;

/** Never waits longer than `WAIT_MS`: the lock is then taken over, because what it guards must go on. */
export function withFileLock<R>(path: string, change: () => R): R {
  for (let waitedMs = 0; !take(path); waitedMs += POLL_MS) {
    if (waitedMs >= WAIT_MS) rmSync(path, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  try {
    return change();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
