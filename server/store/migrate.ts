/**
 * Brings a database to the newest schema: the files of prisma/migrations in order, each in a transaction with its
 * row in `_prisma_migrations`, so that Prisma's own tools accept the history. Only the supervisor migrates.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { UserError } from "../contract/errors.ts";
import { withConnection } from "./database.ts";
import { codeOf, messageOf } from "./errors.ts";

const FOLDER = join(import.meta.dirname, "../../prisma/migrations");

/** The lock that Prisma's own migrate takes: the two exclude each other. */
const LOCK_KEY = 72_707_369;
/** The longest that somebody else's migration may keep us. */
const LOCK_TIMEOUT_MS = 60_000;

/** Names of the migrations that were applied now; none when the database was up to date. */
export async function migrate(url: string, folder: string = FOLDER): Promise<string[]> {
  const migrations = readMigrations(folder);
  return await withConnection(url, async (client) => {
    await takeLock(client);
    await client.query(HISTORY_TABLE);
    const applied = await readHistory(client);
    checkHistory(applied, migrations);
    const missing = migrations.slice(applied.length);
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  });
}

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export function readMigrations(folder: string = FOLDER): Migration[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "migration.sql")))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

/** Ends with the connection. */
async function takeLock(client: Client): Promise<void> {
  try {
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query("select pg_advisory_lock($1)", [LOCK_KEY]);
  } catch (cause) {
    if (codeOf(cause) !== "55P03") throw cause;
    throw new UserError("Another process is changing the database's tables: wait for it, then start again.", {
      cause,
    });
  }
}

const HISTORY_TABLE = `create table if not exists "_prisma_migrations" (
  id varchar(36) primary key,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

interface Applied {
  readonly name: string;
  readonly checksum: string;
  readonly isFinished: boolean;
}

async function readHistory(client: Client): Promise<readonly Applied[]> {
  const { rows } = await client.query<Applied>(
    `select migration_name as name, checksum, finished_at is not null as "isFinished"
       from "_prisma_migrations" where rolled_back_at is null order by migration_name`,
  );
  return rows;
}

/** What was applied must be the beginning of what there is: anything else is not ours to guess about. */
function checkHistory(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  for (const [at, { name, checksum, isFinished }] of applied.entries()) {
    if (!known.has(name))
      throw new UserError(
        `The database was written by a newer version of Crossdesk (its migration ${name} is not known here): update this one, or use another database.`,
      );
    if (!isFinished)
      throw new UserError(`Migration ${name} did not finish in the database: restore it from a backup.`);
    const expected = migrations[at];
    if (expected?.name !== name)
      throw new UserError(
        `The database lacks migration ${expected?.name}, which comes before ${name}: it is from another branch; use another database.`,
      );
    if (expected.checksum !== checksum)
      throw new UserError(
        `Migration ${name} was edited after the database had applied it: restore the file prisma/migrations/${name}/migration.sql.`,
      );
  }
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query(
      `insert into "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count)
       values ($1, $2, clock_timestamp(), $3, 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback").catch(() => undefined); // A lost connection has rolled back already.
    throw new UserError(`Migration ${name} failed and was undone: ${messageOf(cause)}`, { cause });
  }
}
