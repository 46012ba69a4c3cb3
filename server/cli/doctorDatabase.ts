/**
 * Whether the desk will have its database. Our own: the server that runs, else one that is made, started, asked and
 * removed again beside the data. Somebody else's: what its role may do there.
 */
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Client } from "pg";
import { databaseUrl, splitUrl, withConnection } from "../store/database.ts";
import { startPostgres } from "../store/embedded.ts";
import { codeOf, StoreError } from "../store/errors.ts";
import { chooseDataFolder, readDataVersion, readPassword } from "../store/postgres/dataFolder.ts";
import { isRunning, readPidFile } from "../store/postgres/pidFile.ts";
import { findPostgresUser } from "../store/postgres/user.ts";
import type { Check } from "./machine.ts";
import { withTidyEnd } from "./tidyEnd.ts";

const NAME = "database";

/** `home` is what holds the homes of all profiles; without a URL their database lies there. */
export async function examineDatabase(home: string, url: string | undefined): Promise<Check> {
  const isOurs = url === undefined || url === "";
  try {
    return await (isOurs ? examineOwn(home) : examineOther(url));
  } catch (error) {
    const mend = isOurs
      ? "run npm install, see that the disk has room, and call doctor again; or set DATABASE_URL to a PostgreSQL of yours"
      : "check DATABASE_URL, or leave it away to use the one that comes along";
    const found = error instanceof Error ? error.message : String(error);
    return { name: NAME, status: "fatal", found, mend };
  }
}

async function examineOwn(home: string): Promise<Check> {
  const folder = chooseDataFolder(join(home, "postgres"), findPostgresUser());
  const made = readDataVersion(folder);
  const running = readPidFile(folder);
  if (made !== undefined && running !== undefined && isRunning(running.pid)) {
    const at = { port: running.port, password: readPassword(folder), database: "postgres" };
    try {
      const version = await withConnection(databaseUrl(at), versionOf);
      return ok(`PostgreSQL ${version} runs (process ${running.pid}) and answers`);
    } catch (error) {
      const found = `PostgreSQL runs (process ${running.pid}) and does not answer: ${error instanceof Error ? error.message : String(error)}`;
      return {
        name: NAME,
        status: "fatal",
        found,
        mend: `end process ${running.pid} and start the desk again`,
      };
    }
  }
  const version = await tryScratch(home);
  const major = version.split(".")[0];
  if (made === undefined || made === major)
    return ok(`PostgreSQL ${version} of the package starts and answers`);
  return {
    name: NAME,
    status: "fatal",
    found: `the data in ${folder} are of PostgreSQL ${made}, and ${version} is installed`,
    mend: `install the version of Crossdesk that made them, or move ${folder} away to begin anew`,
  };
}

/** The version of a server on data of its own that has answered. A Ctrl-C waits until it has gone. */
async function tryScratch(home: string): Promise<string> {
  await mkdir(home, { recursive: true });
  const scratch = await mkdtemp(join(home, "doctor-"));
  const dataDir = join(scratch, "postgres");
  try {
    // As root the server runs as somebody else, who has to get in.
    await chmod(scratch, 0o755);
    return await withTidyEnd(
      async () => {
        const server = await startPostgres({ dataDir, log: { info: () => undefined } });
        try {
          return await withConnection(server.url("postgres"), versionOf);
        } finally {
          await server.stop();
        }
      },
      () => undefined,
    );
  } finally {
    const used = dirname(chooseDataFolder(dataDir, findPostgresUser()));
    for (const folder of [used, scratch]) await rm(folder, { recursive: true, force: true });
  }
}

async function versionOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  return rows[0]?.server_version ?? "";
}

interface Rights {
  readonly version: string;
  readonly role: string;
  readonly mayMakeDatabases: boolean;
  readonly mayMakeTables: boolean;
}

/** The demo has the database of the URL; every other profile has one beside it, which the desk makes. */
async function examineOther(url: string): Promise<Check> {
  const { name, maintenanceUrl } = splitUrl(url);
  const inIt = await withConnection(url, rightsOf).catch((error: unknown) => {
    // 3D000: there is no such database.
    if (error instanceof StoreError && codeOf(error.cause) === "3D000") return undefined;
    throw error;
  });
  const { version, role, mayMakeDatabases } = inIt ?? (await withConnection(maintenanceUrl, rightsOf));
  const mend = `alter role ${role} createdb`;
  if (inIt === undefined && !mayMakeDatabases)
    return {
      name: NAME,
      status: "fatal",
      found: `there is no database ${name}, and ${role} may not make it`,
      mend,
    };
  if (inIt?.mayMakeTables === false)
    return {
      name: NAME,
      status: "fatal",
      found: `${role} may not make tables in ${name}`,
      mend: `in ${name}: grant create on schema public to ${role}`,
    };
  if (!mayMakeDatabases)
    return {
      name: NAME,
      status: "attention",
      found: `${role} may not make databases, and replay, paper and live have each their own`,
      mend,
    };
  return ok(`PostgreSQL ${version} of DATABASE_URL`);
}

async function rightsOf(client: Client): Promise<Rights> {
  const { rows } = await client.query<Omit<Rights, "version">>(
    `select quote_ident(current_user) as role, rolcreatedb or rolsuper as "mayMakeDatabases",
            has_schema_privilege('public', 'create') as "mayMakeTables"
       from pg_roles where rolname = current_user`,
  );
  const [rights] = rows;
  if (rights === undefined) throw new Error("the server does not know its own user");
  return { ...rights, version: await versionOf(client) };
}

function ok(found: string): Check {
  return { name: NAME, status: "ok", found };
}
