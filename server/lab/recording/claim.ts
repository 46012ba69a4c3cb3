/** One writer per recording: the directory it works in is the lock, and names the process that holds it. */
import fs from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../contract/errors.ts";
import { isProcessAlive } from "../../host/isProcessAlive.ts";

const OWNER_FILE = "writer.pid";

/** Makes the directory to work in. One that a dead process left behind is taken over. */
export function claimDirectory(dir: string): string {
  const workDir = `${dir}.partial`;
  fs.mkdirSync(dirname(workDir), { recursive: true });
  if (!makeDirectory(workDir)) {
    const owner = readOwner(workDir);
    if (owner === undefined)
      throw new UserError(
        `${workDir} is in use; if nothing writes it any more, delete it and run the command again`,
      );
    if (isProcessAlive(owner))
      throw new UserError(`process ${owner} is writing ${dir}: wait until it has finished`);
    fs.rmSync(workDir, { recursive: true, force: true });
    if (!makeDirectory(workDir))
      throw new UserError(`another process has begun to write ${dir}: wait for it`);
  }
  try {
    fs.writeFileSync(join(workDir, OWNER_FILE), `${process.pid}\n`);
  } catch (error) {
    fs.rmSync(workDir, { recursive: true, force: true });
    throw error;
  }
  return workDir;
}

/** Gives the work its final name, or, without one, throws it away. */
export function releaseDirectory(workDir: string, dir?: string): void {
  if (dir === undefined) {
    fs.rmSync(workDir, { recursive: true, force: true });
    return;
  }
  try {
    fs.rmSync(join(workDir, OWNER_FILE));
    fs.renameSync(workDir, dir);
  } catch (error) {
    fs.rmSync(workDir, { recursive: true, force: true });
    throw error;
  }
}

function makeDirectory(path: string): boolean {
  try {
    fs.mkdirSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function readOwner(workDir: string): number | undefined {
  try {
    const pid = Number(fs.readFileSync(join(workDir, OWNER_FILE), "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
