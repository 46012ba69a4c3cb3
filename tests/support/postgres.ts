/** Databases for tests: real ones, on the one PostgreSQL of the run or on a server of the test's own. */
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import { ensureDatabase, withConnection } from "../../server/store/database.ts";
import type { RunningPostgres } from "../../server/store/embedded.ts";
import { startPostgres } from "../../server/store/embedded.ts";
import { codeOf } from "../../server/store/errors.ts";
import { migrate } from "../../server/store/migrate.ts";

const QUIET = { info: () => undefined };
const TEMPLATE = "crossdesk_template";

/** Address of a database of one's own with the newest tables, all empty. It goes with the run. */
export async function freshDatabase(): Promise<string> {
  return await createFrom(TEMPLATE);
}

/** The same without any table. */
export async function emptyDatabase(): Promise<string> {
  return await createFrom("template0");
}

/** A server that a test may stop and start: `start` again on the same data; `remove` at the end. */
export async function ownServer(): Promise<{
  start(): Promise<RunningPostgres>;
  remove(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), "crossdesk-postgres-"));
  chmodSync(folder, 0o755);
  let server: RunningPostgres | undefined;
  return {
    start: async () => (server = await startPostgres({ dataDir: join(folder, "data"), log: QUIET })),
    remove: async () => {
      await server?.stop();
      if (server !== undefined) rmSync(server.dataFolder, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createFrom(template: string): Promise<string> {
  const address = new URL(await sharedServer());
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await withConnection(address.toString(), (client) =>
    client.query(`create database ${name} template ${template}`),
  );
  address.pathname = `/${name}`;
  return address.toString();
}

/** initdb, start and migrations by the worker process that comes first, under a lock. */
const START_WAIT_MS = 60_000;
const POLL_MS = 50;

/** Address of the maintenance database of the run's server. */
async function sharedServer(): Promise<string> {
  const folder = inject("postgresFolder");
  const address = join(folder, "address");
  const lock = join(folder, "lock");
  for (let waitedMs = 0; waitedMs < START_WAIT_MS; waitedMs += POLL_MS) {
    if (existsSync(address)) return readFileSync(address, "utf8");
    if (takeLock(lock)) {
      try {
        await startShared(folder, address);
      } finally {
        rmSync(lock, { recursive: true });
      }
    } else await sleep(POLL_MS);
  }
  throw new Error(`the PostgreSQL of this run did not start within ${START_WAIT_MS} ms`);
}

function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function startShared(folder: string, address: string): Promise<void> {
  if (existsSync(address)) return;
  const server = await startPostgres({ dataDir: join(folder, "postgres"), log: QUIET });
  await ensureDatabase(server.url(TEMPLATE));
  await migrate(server.url(TEMPLATE));
  // Whole or not at all: others read it without the lock.
  writeFileSync(`${address}.new`, server.url("postgres"));
  renameSync(`${address}.new`, address);
}
