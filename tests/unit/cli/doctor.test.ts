import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { examine } from "../../../server/cli/doctor.ts";

/** A database is made, started and ended. */
const WITHIN_MS = 120_000;

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "crossdesk-doctor-"));
  vi.stubEnv("DATABASE_URL", "");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

it(
  "makes every check and leaves only the empty data directory",
  async () => {
    const home = join(directory, "data");
    const checks = await examine(home);
    const names = [
      ...["node", "architecture", "memory", "data directory", "disk", "journal", "lmdb", "msgpackr", "clock"],
      ...["port 4100", "database"],
    ];
    expect(checks.map((check) => check.name)).toEqual(names);
    for (const check of checks)
      if (["node", "data directory", "lmdb", "msgpackr", "database"].includes(check.name))
        expect(check).toMatchObject({ status: "ok" });
    expect(checks.find((check) => check.name === "journal")).toMatchObject({
      status: expect.not.stringMatching("fatal"),
      found: expect.stringMatching(/^durable commit in [\d.]+ ms \(median\), [\d.]+ ms at most$/),
    });
    expect(readdirSync(home)).toEqual([]);
  },
  WITHIN_MS,
);

it("calls a data directory that cannot be written fatal, and leaves out what needs it", async () => {
  const home = join(directory, "file");
  writeFileSync(home, "in the way");
  const checks = await examine(home);
  const names = checks.map((check) => check.name);
  for (const name of ["data directory", "database"])
    expect(checks.find((check) => check.name === name)).toMatchObject({ status: "fatal" });
  for (const name of ["disk", "journal", "lmdb"]) expect(names).not.toContain(name);
});
