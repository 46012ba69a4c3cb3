/** What a desk needs beside the machine: its port, its database, and a home that is closed to others. */
import { existsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { PROFILES } from "../contract/deskFile.ts";
import { readAddress } from "../host/addressFile.ts";
import { LOOPBACK } from "../host/framedSocket.ts";
import { withConnection } from "../store/database.ts";
import { findBinaries } from "../store/postgres/binaries.ts";
import { findPostgresUser } from "../store/postgres/user.ts";
import { DEFAULT_PORT } from "./deskTarget.ts";
import type { Check } from "./machine.ts";

/** `home` is what holds the homes of all profiles. */
export async function examineDesk(home: string): Promise<Check[]> {
  return [await examinePort(home), await examineDatabase(), ...examinePermissions(home)];
}

async function examinePort(home: string): Promise<Check> {
  const name = `port ${DEFAULT_PORT}`;
  const ours = PROFILES.filter((profile) => existsSync(join(home, profile))).find(
    (profile) => readAddress(join(home, profile), "web")?.port === DEFAULT_PORT,
  );
  if (ours !== undefined) return { name, status: "ok", found: `the desk ${ours} is running there` };
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(DEFAULT_PORT, LOOPBACK, () => probe.close(() => resolve(true)));
  });
  if (isFree) return { name, status: "ok", found: "free" };
  const mend = `end what listens there, or choose another: npm start -- --port ${DEFAULT_PORT + 1}`;
  return { name, status: "attention", found: "taken by another program", mend };
}

async function examineDatabase(): Promise<Check> {
  const name = "database";
  const url = process.env["DATABASE_URL"];
  const isOurs = url === undefined || url === "";
  try {
    if (isOurs) {
      const { postgres } = findBinaries(findPostgresUser());
      return { name, status: "ok", found: `PostgreSQL of the package, ${postgres}` };
    }
    const version = await withConnection(url, async (client) => {
      const { rows } = await client.query<{ server_version: string }>("show server_version");
      return rows[0]?.server_version;
    });
    return { name, status: "ok", found: `PostgreSQL ${version ?? ""} of DATABASE_URL` };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const mend = isOurs
      ? "run npm install"
      : "check DATABASE_URL, or leave it away to use the one that comes along";
    return { name, status: "fatal", found, mend };
  }
}

/** Tokens, the latch and the sessions lie there. */
function examinePermissions(home: string): Check[] {
  return PROFILES.map((profile) => join(home, profile))
    .filter((path) => existsSync(path))
    .map((path) => {
      const mode = statSync(path).mode & 0o777;
      const name = "permissions";
      if ((mode & 0o077) === 0) return { name, status: "ok", found: `${path} is closed to others` };
      const found = `${path} is open to others (${mode.toString(8)})`;
      return { name, status: "attention", found, mend: `chmod 700 ${path}` };
    });
}
