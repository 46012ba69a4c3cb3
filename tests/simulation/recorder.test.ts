/** The recorder as a process of its own: whenever it is killed, the store holds each line once in the end. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readRecorderStatus } from "../../server/recorder/statusFile.ts";
import { withConnection } from "../../server/store/database.ts";
import { freshDatabase } from "../support/postgres.ts";
import { storedPlaces, storyOf, Teller, toldPlaces } from "../unit/recorder/fixture.ts";

const KILLS = 6;
const PARTS = 40;

/** From its first word on, when it has the database: kills fall into its first reads and into later ones. */
const LIFE_STEP_MS = 250;

describe("a recorder that is killed", { timeout: 120_000 }, () => {
  let folder: string;
  let entry: string;

  beforeAll(async () => {
    // Beside node_modules, which the bundle still imports from.
    folder = mkdtempSync(join(process.cwd(), "node_modules", ".recorder-test-"));
    entry = join(folder, "recorder.mjs");
    const options = { bundle: true, platform: "node", format: "esm", packages: "external" } as const;
    await build({ ...options, entryPoints: ["server/recorder/main.ts"], outfile: entry });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("at any instant leaves no line out and none twice", async () => {
    const url = await freshDatabase();
    const teller = new Teller(await storyOf(6, 3_000));
    await teller.begin();
    const writing = (async () => {
      for (let part = 0; part < PARTS; part += 1) {
        await teller.tell(250);
        if (part % 10 === 5) teller.snapshot();
        if (part % 15 === 14) await teller.begin();
        await delay(100);
      }
      await teller.tell(Infinity);
      await teller.end();
    })();
    const positions: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = startChild(entry, teller.home, url);
      if (child.stderr !== null) await once(child.stderr, "data");
      await delay(kill * LIFE_STEP_MS);
      // However slow the machine: one of them has written something before it is killed.
      if (kill === KILLS - 1) while ((await storedSeq(url)) === positions[0]) await delay(20);
      child.kill("SIGKILL");
      await once(child, "exit");
      positions.push(await storedSeq(url));
    }
    await writing;
    const last = startChild(entry, teller.home, url);
    if (last.stderr !== null) await once(last.stderr, "data");
    while ((readRecorderStatus(teller.home)?.lagEvents ?? 1) > 0) await delay(20);
    last.kill("SIGTERM");
    expect(await once(last, "exit")).toEqual([0, null]);
    expect(await storedPlaces(url)).toEqual(toldPlaces(teller.lines));
    // Some of those that were killed had written something.
    expect(new Set(positions).size).toBeGreaterThan(1);
    teller.remove();
  });

  it("drains and ends when its parent is gone", async () => {
    const url = await freshDatabase();
    const teller = new Teller(await storyOf(6, 1_000));
    await teller.begin();
    await teller.tell(Infinity);
    await teller.end();
    const child = startChild(entry, teller.home, url);
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await storedPlaces(url)).toEqual(toldPlaces(teller.lines));
    teller.remove();
  });

  it("says in one line what it needs", async () => {
    const child = startChild(entry);
    const said: Buffer[] = [];
    child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
    expect(await once(child, "exit")).toEqual([1, null]);
    expect(Buffer.concat(said).toString()).toMatch(/^[^\n]*--home DIR[^\n]*\n$/);
  });
});

function startChild(entry: string, home?: string, url?: string): ChildProcess {
  const child = spawn(process.execPath, home === undefined ? [entry] : [entry, "--home", home], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, ...(url === undefined ? {} : { DATABASE_URL: url }) },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function storedSeq(url: string): Promise<number> {
  return await withConnection(url, async (client) => {
    const { rows } = await client.query<{ at: string }>(
      "select coalesce(max(epoch * 1000000 + seq), 0) as at from recorder_position",
    );
    return Number(rows[0]?.at);
  });
}
