import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ensureDatabase } from "../../../server/store/database.ts";
import { openStore, type Store } from "../../../server/store/client.ts";
import { StoreError } from "../../../server/store/errors.ts";
import { migrate } from "../../../server/store/migrate.ts";
import { readBalances } from "../../../server/store/read/balances.ts";
import { readFills } from "../../../server/store/read/fills.ts";
import { emptyDatabase, freshDatabase, ownServer } from "../../support/postgres.ts";

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function open(url: string): Store {
  const store = openStore(url);
  ends.push(() => store.$disconnect());
  return store;
}

async function refusal(work: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StoreError)) throw new Error("no StoreError", { cause: error });
  return error;
}

/** Typed and raw queries take different ways through Prisma. */
const READS = [
  { name: "a typed query", read: (store: Store) => readFills(store, {}, { limit: 1 }) },
  { name: "a raw query", read: (store: Store) => readBalances(store) },
];

describe.each(READS)("$name", ({ read }) => {
  it("is refused as NOT_MIGRATED where tables are missing", async () => {
    expect(await refusal(read(open(await emptyDatabase())))).toMatchObject({ code: "NOT_MIGRATED" });
  });

  it("is refused as REFUSED with a wrong password or a database that is not there", async () => {
    const url = new URL(await freshDatabase());
    const wrong = new URL(url);
    wrong.password = "wrong";
    expect(await refusal(read(open(wrong.toString())))).toMatchObject({ code: "REFUSED" });
    url.pathname = "/nowhere";
    expect(await refusal(read(open(url.toString())))).toMatchObject({ code: "REFUSED" });
  });

  it("is refused as DATABASE_DOWN where nobody listens", async () => {
    const url = "postgresql://crossdesk:x@127.0.0.1:1/desk";
    expect(await refusal(read(open(url)))).toMatchObject({
      code: "DATABASE_DOWN",
      message: "the database does not answer",
    });
  });
});

/** Both at once: each waits out a time-out. */
async function codesOfReads(store: Store): Promise<string[]> {
  return await Promise.all(READS.map(async ({ read }) => (await refusal(read(store))).code));
}

describe("the store", () => {
  it("gives up on a server that takes connections and says nothing", async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    const port = address instanceof Object ? address.port : 0;
    const store = open(`postgresql://crossdesk:x@127.0.0.1:${port}/desk`);
    expect(await codesOfReads(store)).toEqual(["DATABASE_DOWN", "DATABASE_DOWN"]);
  });

  it("says DATABASE_DOWN while the database is away, and answers when it is back", async () => {
    const own = await ownServer();
    ends.push(own.remove);
    const server = await own.start();
    await ensureDatabase(server.url("desk"));
    await migrate(server.url("desk"));
    const store = open(server.url("desk"));
    for (const { read } of READS) await read(store);
    await server.stop();
    for (let times = 0; times < 3; times += 1)
      expect(await codesOfReads(store)).toEqual(["DATABASE_DOWN", "DATABASE_DOWN"]);
    await own.start();
    for (const { read } of READS) await read(store);
  });

  it("ends a statement that runs too long, and says TOO_SLOW", async () => {
    const store = open(await freshDatabase());
    expect(await store.$queryRaw`show statement_timeout`).toEqual([{ statement_timeout: "5s" }]);
    // Nothing else runs, so the same connection answers again.
    await store.$queryRaw`select set_config('statement_timeout', '50ms', false)`;
    expect(await refusal(store.$queryRaw`select pg_sleep(20)`)).toMatchObject({ code: "TOO_SLOW" });
  });
});
