/** One trial at a time on an account: two would take each other's orders for a stranger's, and cancel them. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../contract/errors.ts";
import { withFileLock } from "../host/fileLock.ts";
import { isProcessAlive } from "../host/isProcessAlive.ts";

/** Takes over that of a process that died. Returns what gives it back; throws a UserError while another has it. */
export function lockTrial(home: string, account: string): () => void {
  const path = join(home, `certify-${encodeURIComponent(account)}.lock`);
  withFileLock(`${path}.lock`, () => {
    const holder = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
    if (Number.isInteger(holder) && holder > 0 && isProcessAlive(holder))
      throw new UserError(
        `${account} is being certified by process ${holder}: wait for its end (if it is none, delete ${path})`,
      );
    writeFileSync(path, `${process.pid}\n`, { mode: 0o600 });
  });
  return () => rmSync(path, { force: true });
}
