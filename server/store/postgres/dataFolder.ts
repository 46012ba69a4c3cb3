/**
 * Where the database lives, and its making. A folder that the user "postgres" cannot reach is replaced by one
 * under /var/lib/crossdesk, named after it. Password and port live inside the folder, so that a copy of the
 * folder is complete.
 */
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../contract/errors.ts";
import { messageOf } from "../errors.ts";
import type { PostgresBinaries } from "./binaries.ts";
import { SHARED_ROOT } from "./binaries.ts";
import type { PostgresUser } from "./user.ts";
import { canReach, makeOpenFolder, serverEnvironment } from "./user.ts";

export const DATABASE_USER = "crossdesk";

/** initdb takes 1–1.4 s here; a slow disk gets a lot more. */
const INITDB_TIMEOUT_MS = 120_000;

/** The folder that holds, or will hold, the data meant for `wanted`. */
export function chooseDataFolder(
  wanted: string,
  user: PostgresUser | undefined,
  sharedRoot = SHARED_ROOT,
): string {
  const direct = resolve(wanted);
  if (user === undefined) return direct;
  const hash = createHash("sha256").update(direct).digest("hex").slice(0, 16);
  const shared = join(sharedRoot, hash, "postgres");
  // Whatever the modes are now, data stay where they were made.
  if (isDatabase(shared)) return shared;
  mkdirSync(dirname(direct), { recursive: true });
  if (canReach(user, dirname(direct))) return direct;
  if (isDatabase(direct))
    throw new UserError(
      `The database in ${direct} cannot be reached by the user "postgres": open the folders above it (chmod o+x), or move it to ${shared}.`,
    );
  return shared;
}

function isDatabase(folder: string): boolean {
  return existsSync(join(folder, VERSION_FILE));
}

const VERSION_FILE = "PG_VERSION";

/** The major version that made the data, as PostgreSQL wrote it; undefined where there are none. */
export function readDataVersion(folder: string): string | undefined {
  return isDatabase(folder) ? readFileSync(join(folder, VERSION_FILE), "utf8").trim() : undefined;
}

/** A folder of data appears whole or not at all. */
export async function ensureData(
  folder: string,
  binaries: PostgresBinaries,
  user: PostgresUser | undefined,
): Promise<void> {
  if (isDatabase(folder)) return;
  const draft = `${folder}.new`;
  const password = `${folder}.password`;
  const own = (path: string) => user !== undefined && chownSync(path, user.uid, user.gid);
  rmSync(draft, { recursive: true, force: true });
  if (user === undefined) mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  else makeOpenFolder(dirname(folder));
  mkdirSync(draft, { mode: 0o700 });
  own(draft);
  rmSync(password, { force: true });
  writeFileSync(password, randomBytes(24).toString("hex"), { mode: 0o600 });
  own(password);
  const auth = ["--auth=scram-sha-256", `--username=${DATABASE_USER}`, `--pwfile=${password}`];
  try {
    await promisify(execFile)(
      binaries.initdb,
      ["--pgdata", draft, ...auth, "--encoding=UTF8", "--locale=C", "--no-instructions"],
      { ...user, cwd: "/", env: serverEnvironment(), timeout: INITDB_TIMEOUT_MS },
    );
    renameSync(password, passwordPath(draft));
    renameSync(draft, folder);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    rmSync(password, { force: true });
    const last = messageOf(cause).trim().split("\n").at(-1);
    throw new UserError(`The database could not be made in ${folder}: ${last}`, { cause });
  }
}

export function readPassword(folder: string): string {
  try {
    return readFileSync(passwordPath(folder), "utf8").trim();
  } catch (cause) {
    throw new UserError(
      `${passwordPath(folder)} cannot be read, so nobody can log in to the database: restore it, or remove ${folder} to begin anew.`,
      { cause },
    );
  }
}

function passwordPath(folder: string): string {
  return join(folder, "crossdesk.password");
}

/** Below the ports that systems give to outgoing connections (Linux: from 32768), of which one could be ours while we are away. */
const PORT_FIRST = 20_000;
const PORT_COUNT = 12_000;

/**
 * The port of last time, so that addresses which other processes hold stay good over a restart of the database; the
 * first time one that depends on the folder.
 */
export function readPreferredPort(folder: string): number {
  const path = join(folder, "crossdesk.port");
  const port = existsSync(path) ? Number(readFileSync(path, "utf8")) : NaN;
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  return PORT_FIRST + (createHash("sha256").update(folder).digest().readUInt16BE(0) % PORT_COUNT);
}

export function writePort(folder: string, port: number): void {
  writeFileSync(join(folder, "crossdesk.port"), String(port), { mode: 0o600 });
}
