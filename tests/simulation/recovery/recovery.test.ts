/**
 * A slice of `npm run soak -- recovery`: real processes, killed at random instants. Engine as a process in one
 * seed and as a thread of its host in the other; the pages of the web server have no part in it.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProcesses, type Bundles } from "../../../server/bench/soak/bundles.ts";
import { Database } from "../../../server/bench/soak/database.ts";
import { runSeed } from "../../../server/bench/soak/recovery.ts";

describe("a desk whose processes are killed", { timeout: 120_000 }, () => {
  let folder: string;
  let bundles: Bundles;
  let database: Database;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "crossdesk-recovery-"));
    // The database's user has to get to its data in it.
    chmodSync(folder, 0o755);
    bundles = await bundleProcesses();
    // Not the one that tests share: it is killed too.
    database = await Database.open(join(folder, "database"));
  }, 120_000);
  afterAll(async () => {
    await database.remove();
    bundles.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    { seed: 11, engine: "process" },
    { seed: 48, engine: "thread" },
  ])("has every fill once and keeps its promises ($engine)", async ({ seed, engine }) => {
    const report = await runSeed({ seed, blowsMax: 3, database, bundles: bundles.directory, folder });
    expect(report.findings).toEqual([]);
    expect(report.engine).toBe(engine);
    // Else there was nothing to lose.
    expect(report.fills).toBeGreaterThan(0);
    expect(report.runs).toBeGreaterThan(1);
    expect(report.acts).toBeGreaterThan(0);
  });
});
