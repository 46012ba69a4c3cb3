/** One writer per journal directory: a lock file that names the process which holds it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isProcessAlive } from "../../host/isProcessAlive.ts";
import { JournalError } from "./journalError.ts";

export const LOCK_FILE = "writer.lock";

/** A lock that is left behind twice within one start is a race with another starter, who then has it. */
const ATTEMPTS_MAX = 3;

/** Takes over the lock of a process that died. Returns what gives it back; throws IN_USE. */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, LOCK_FILE);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
    const holder = readHolder(path);
    if (holder !== undefined && isProcessAlive(holder))
      throw new JournalError(
        "IN_USE",
        `${directory} is in use by process ${holder}: stop it, or choose another directory`,
      );
    rmSync(path, { force: true });
  }
  throw new JournalError(
    "IN_USE",
    `${directory} is being taken by another process: choose another directory`,
  );
}

/** Undefined when the lock is gone or names nobody. */
function readHolder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8").trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
