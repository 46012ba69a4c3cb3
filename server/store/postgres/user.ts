/**
 * Who runs PostgreSQL. It refuses to run as root, so a desk started by root runs it as the user "postgres",
 * who has to be able to reach what it opens.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UserError } from "../../contract/errors.ts";

export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined: PostgreSQL runs as whoever runs us. */
export function findPostgresUser(): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = lookUp();
  if (found !== undefined) return found;
  addUser();
  const added = lookUp();
  if (added === undefined) throw new UserError(NO_USER);
  return added;
}

/** Nothing of the caller's locale or PG… settings reaches the server; logs are in UTC. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, TZ: "UTC" };
}

const NO_USER =
  'PostgreSQL does not run as root and there is no user "postgres": create one (useradd --system postgres), or start as another user.';

function lookUp(): PostgresUser | undefined {
  const id = (flag: string) =>
    Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined; // `id` says by its exit code that there is no such user.
  }
}

/** Debian and Red Hat have useradd, Alpine has adduser. */
function addUser(): void {
  const ways: readonly (readonly [string, readonly string[]])[] = [
    ["useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]],
    ["adduser", ["-S", "-D", "-H", "-s", "/sbin/nologin", "postgres"]],
  ];
  for (const [command, args] of ways) {
    try {
      execFileSync(command, args, { stdio: "ignore" });
      return;
    } catch {
      continue; // The caller looks again and says what is missing.
    }
  }
}

/** Whether the user may pass through every directory down to this one; by mode bits alone. */
export function canReach(user: PostgresUser | undefined, path: string): boolean {
  if (user === undefined) return true;
  for (let at = path; ; at = dirname(at)) {
    if (!allows(user, at, 1)) return false;
    if (at === dirname(at)) return true;
  }
}

/** Makes a folder and those above it that are missing, for everyone to pass, whatever the umask keeps from others. */
export function makeOpenFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  const top = resolve(first);
  for (let made = resolve(path); made.length >= top.length; made = dirname(made)) chmodSync(made, 0o755);
}

/** `bit`: 4 to read, 1 to execute or pass. */
export function allows(user: PostgresUser, path: string, bit: 4 | 1): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & bit) === bit;
}
