import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { canConnect, ensureDatabase, withConnection } from "../../../server/store/database.ts";
import { startPostgres, type RunningPostgres } from "../../../server/store/embedded.ts";
import { ownServer } from "../../support/postgres.ts";

/** One for all tests here: making it takes longer than all of them. */
const own = await ownServer();
let running: RunningPostgres | undefined;

async function start(): Promise<RunningPostgres> {
  running = await own.start();
  return running;
}

afterEach(async () => await running?.stop());
afterAll(own.remove);

function query<T extends object>(url: string, sql: string): Promise<T[]> {
  return withConnection(url, async (client) => (await client.query<T>(sql)).rows);
}

function ended(server: RunningPostgres): Promise<string> {
  return new Promise((resolve) => server.onExit(resolve));
}

describe("the embedded PostgreSQL", () => {
  it("keeps data, password and port over a stop and a start", async () => {
    const first = await start();
    const url = first.url("desk");
    await ensureDatabase(url);
    await query(url, "create table kept as select 7 as value");
    await first.stop();
    expect(await canConnect(url)).toBe(false);
    const second = await start();
    expect(second.url("desk")).toBe(url);
    expect(await query(url, "select value from kept")).toEqual([{ value: 7 }]);
  });

  it("lets nobody in without the password, nor from another address than this machine's own", async () => {
    const server = await start();
    const wrong = new URL(server.url("postgres"));
    wrong.password = randomBytes(24).toString("hex");
    await expect(query(wrong.toString(), "select 1")).rejects.toMatchObject({ code: "REFUSED" });
    const settings = await query<{ name: string; setting: string }>(
      server.url("postgres"),
      "select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories') order by name",
    );
    expect(settings.map(({ setting }) => setting)).toEqual(["127.0.0.1", ""]);
  });

  it("is taken over when it outlived the one who started it", async () => {
    const first = await start();
    const second = await start();
    expect(second.pid).toBe(first.pid);
    const told = ended(second);
    await first.stop();
    await told;
    expect((await start()).pid).not.toBe(first.pid);
  });

  it("is refused where it was started at another port than the one that others know", async () => {
    const { dataFolder, port } = await start();
    const log = { info: () => undefined };
    await expect(startPostgres({ dataDir: dataFolder, port: port + 1, log })).rejects.toThrow(
      `was started on port ${port} by somebody else, and this desk knows it on ${port + 1}`,
    );
  });

  it("tells of its end, and comes back with everything that was committed", async () => {
    const server = await start();
    await query(server.url("postgres"), "create table committed as select 7 as value");
    const told = ended(server);
    process.kill(server.pid, "SIGKILL");
    expect(await told).toBeTypeOf("string");
    const again = await start();
    expect(await query(again.url("postgres"), "select value from committed")).toEqual([{ value: 7 }]);
  });

  it("does not tell of an end that was asked for", async () => {
    const server = await start();
    let told = false;
    server.onExit(() => (told = true));
    await server.stop();
    await server.stop();
    expect(told).toBe(false);
  });

  it("starts over a lock file whose process number now belongs to another program", async () => {
    const server = await start();
    const lock = join(server.dataFolder, "postmaster.pid");
    const text = readFileSync(lock, "utf8");
    await server.stop();
    expect(existsSync(lock)).toBe(false);
    writeFileSync(lock, text.replace(String(server.pid), String(process.pid)));
    expect(await canConnect((await start()).url("postgres"))).toBe(true);
  });

  it("says in one line what PostgreSQL has against its data", async () => {
    const server = await start();
    await server.stop();
    const version = join(server.dataFolder, "PG_VERSION");
    const right = readFileSync(version, "utf8");
    writeFileSync(version, "9.1\n");
    try {
      await expect(start()).rejects.toThrow(/^PostgreSQL does not start: .*version 9\.1.*\(more in .*\)$/);
    } finally {
      writeFileSync(version, right);
    }
  });
});

describe("ensureDatabase", () => {
  it("makes what is missing, leaves what is there, and empties it when asked to", async () => {
    const server = await start();
    const url = server.url("desk of 'mine'");
    await Promise.all([ensureDatabase(url), ensureDatabase(url)]);
    await query(url, "create table kept as select 7 as value");
    await ensureDatabase(url);
    expect(await query(url, "select value from kept")).toEqual([{ value: 7 }]);
    await ensureDatabase(url, { fresh: true });
    await expect(query(url, "select value from kept")).rejects.toMatchObject({ code: "NOT_MIGRATED" });
  });
});
