/** `postmaster.pid`, the lock of a data folder: which process runs on it, and at which port. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isProcessAlive } from "../../host/isProcessAlive.ts";
import { codeOf } from "../errors.ts";

/** Undefined where no server has been started, or the last one ended in order. */
export function readPidFile(folder: string): { pid: number; port: number } | undefined {
  const path = join(folder, "postmaster.pid");
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, "utf8").split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return Number.isInteger(pid) && pid > 0 ? { pid, port } : undefined;
}

/** Above what any system gives to a process. */
const NOBODY = 2_147_483_647;

/**
 * After a restart of the machine the number in the lock file may be that of another program, which PostgreSQL would
 * respect. The file stays, with nobody's number: by its other lines PostgreSQL finds children of a dead server.
 */
export function disown(folder: string): void {
  const path = join(folder, "postmaster.pid");
  writeFileSync(path, readFileSync(path, "utf8").replace(/^\d+/, String(NOBODY)));
}

/**
 * Whether the process is a PostgreSQL that runs. Only Linux can tell what a process is (an ended one that nobody
 * has collected has no command line); elsewhere any process counts, and it answers or it does not.
 */
export function isRunning(pid: number): boolean {
  if (!isProcessAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("postgres");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESRCH") return false;
    throw error;
  }
}
