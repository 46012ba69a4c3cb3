import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { canConnect } from "../../../server/store/database.ts";
import { chooseDataFolder } from "../../../server/store/postgres/dataFolder.ts";
import { findPostgresUser } from "../../../server/store/postgres/user.ts";
import { openDatabase, type Database } from "../../../server/supervisor/database.ts";

/** A database is made, started, and started again. */
const STARTS_WITHIN_MS = 120_000;

let home = "";
let database: Database | undefined;
let stranger: Server | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "crossdesk-database-"));
  // As root the server runs as somebody else, who has to get in.
  chmodSync(home, 0o755);
  vi.stubEnv("CROSSDESK_HOME", home);
});

afterEach(async () => {
  stranger?.close();
  await database?.close();
  database = undefined;
  const data = chooseDataFolder(join(home, "postgres"), findPostgresUser());
  rmSync(data, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};

it(
  "comes back where it was when it has died, though its port was another's for a while",
  async () => {
    let tries = 0;
    const opened = await openDatabase({
      profile: "demo",
      externalUrl: undefined,
      log: { info: () => undefined, warn: () => void (tries += 1), error: () => undefined },
      // Before anybody else can have it.
      onTrouble: () => (stranger = createServer().listen(port, "127.0.0.1")),
    });
    database = opened;
    const port = Number(new URL(opened.url).port);
    process.kill(opened.status().pid ?? 0, "SIGKILL");
    await until(() => stranger !== undefined);
    await until(() => tries > 0 || opened.status().pid !== undefined);
    expect(opened.status()).toMatchObject({ pid: undefined, restarts: 0 });
    expect(opened.status().trouble).toContain(`another program has taken the database's port ${port}`);
    stranger?.close();
    await until(() => opened.status().restarts === 1);
    expect(await canConnect(opened.url)).toBe(true);
  },
  STARTS_WITHIN_MS,
);
