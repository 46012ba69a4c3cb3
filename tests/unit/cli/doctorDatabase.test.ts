import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { examineDatabase } from "../../../server/cli/doctorDatabase.ts";
import { splitUrl, withConnection } from "../../../server/store/database.ts";
import { startPostgres } from "../../../server/store/embedded.ts";
import { emptyDatabase } from "../../support/postgres.ts";

/** Databases are made, started and ended. */
const WITHIN_MS = 120_000;

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), "crossdesk-doctor-"));
  // As root the server runs as somebody else, who has to get in.
  chmodSync(home, 0o755);
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

describe("the desk's own database", () => {
  it(
    "is asked where it runs, else tried beside its data, which have to be of its version",
    async () => {
      const home = temporaryHome();
      const dataDir = join(home, "postgres");
      const server = await startPostgres({ dataDir, log: { info: () => undefined } });
      onTestFinished(async () => {
        await server.stop();
        rmSync(server.dataFolder, { recursive: true, force: true });
      });
      expect(await examineDatabase(home, undefined)).toMatchObject({
        status: "ok",
        found: expect.stringMatching(new RegExp(`runs \\(process ${server.pid}\\) and answers$`)),
      });

      // Answers as no PostgreSQL does.
      const lock = join(server.dataFolder, "postmaster.pid");
      const right = readFileSync(lock, "utf8");
      const stranger = createServer((socket) => socket.destroy());
      await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
      const address = stranger.address();
      const lines = right.split("\n");
      lines[3] = String(address instanceof Object ? address.port : 0);
      writeFileSync(lock, lines.join("\n"));
      expect(await examineDatabase(home, undefined)).toMatchObject({
        status: "fatal",
        found: expect.stringContaining("does not answer"),
        mend: `end process ${server.pid} and start the desk again`,
      });
      stranger.close();
      writeFileSync(lock, right);

      await server.stop();
      const names = readdirSync(home);
      writeFileSync(join(server.dataFolder, "PG_VERSION"), "9\n");
      expect(await examineDatabase(home, undefined)).toMatchObject({
        status: "fatal",
        found: expect.stringContaining("are of PostgreSQL 9, and"),
        mend: expect.stringContaining(`move ${server.dataFolder} away`),
      });
      expect(readdirSync(home)).toEqual(names);
    },
    WITHIN_MS,
  );

  it(
    "starts and answers where there are no data yet, and leaves nothing behind",
    async () => {
      const home = temporaryHome();
      chmodSync(home, 0o700);
      expect(await examineDatabase(home, "")).toMatchObject({
        status: "ok",
        found: expect.stringMatching(/^PostgreSQL \d+\.\d+ of the package starts and answers$/),
      });
      expect(readdirSync(home)).toEqual([]);
    },
    WITHIN_MS,
  );
});

describe("the database of DATABASE_URL", () => {
  /** An address for a role that may do nothing but what it is given. */
  async function asPoorRole(url: string): Promise<{ url: string; role: string }> {
    const role = `poor_${randomUUID().slice(0, 8)}`;
    const { maintenanceUrl } = splitUrl(url);
    const ask = (text: string) => withConnection(maintenanceUrl, (client) => client.query(text));
    await ask(`create role ${role} login password 'x'`);
    const poor = new URL(url);
    [poor.username, poor.password] = [role, "x"];
    return { url: poor.toString(), role };
  }

  const grant = (url: string, text: string) => withConnection(url, (client) => client.query(text));

  it("is well where its role may make tables and databases, also when it is not there yet", async () => {
    const url = await emptyDatabase();
    const well = { status: "ok", found: expect.stringMatching(/^PostgreSQL \d+\.\d+ of DATABASE_URL$/) };
    expect(await examineDatabase("/nowhere", url)).toMatchObject(well);
    const missing = new URL(url);
    missing.pathname = "/not_there";
    expect(await examineDatabase("/nowhere", missing.toString())).toMatchObject(well);
  });

  it("needs a role that may make tables there, and databases for the other profiles", async () => {
    const url = await emptyDatabase();
    const { url: poor, role } = await asPoorRole(url);
    expect(await examineDatabase("/nowhere", poor)).toMatchObject({
      status: "fatal",
      mend: expect.stringContaining(`grant create on schema public to ${role}`),
    });
    await grant(url, `grant create on schema public to ${role}`);
    expect(await examineDatabase("/nowhere", poor)).toMatchObject({
      status: "attention",
      mend: `alter role ${role} createdb`,
    });
    const missing = new URL(poor);
    missing.pathname = "/not_there";
    expect(await examineDatabase("/nowhere", missing.toString())).toMatchObject({
      status: "fatal",
      found: `there is no database not_there, and ${role} may not make it`,
    });
    await grant(url, `alter role ${role} createdb`);
    expect(await examineDatabase("/nowhere", poor)).toMatchObject({ status: "ok" });
  });

  it("is fatal where nobody answers or the password is wrong", async () => {
    const nobody = await examineDatabase("/nowhere", "postgresql://crossdesk:x@127.0.0.1:1/desk");
    expect(nobody).toMatchObject({ status: "fatal", found: "the database does not answer" });
    const wrong = new URL(await emptyDatabase());
    wrong.password = "wrong";
    expect(await examineDatabase("/nowhere", wrong.toString())).toMatchObject({
      status: "fatal",
      found: expect.stringContaining("refuses us"),
    });
  });
});
