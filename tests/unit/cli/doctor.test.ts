import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { examine } from "../../../server/cli/doctor.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "crossdesk-doctor-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

it("makes every check and leaves only the empty data directory", async () => {
  const home = join(directory, "data");
  const checks = await examine(home);
  const names = ["node", "architecture", "memory", "data directory", "disk", "lmdb", "msgpackr", "clock"];
  expect(checks.map((check) => check.name)).toEqual(names);
  for (const check of checks)
    if (["node", "data directory", "msgpackr"].includes(check.name)) expect(check.status).toBe("ok");
  expect(checks.find((check) => check.name === "lmdb")?.status).not.toBe("fatal");
  expect(readdirSync(home)).toEqual([]);
});

it("calls a data directory that cannot be written fatal, and leaves out what needs it", async () => {
  const home = join(directory, "file");
  writeFileSync(home, "in the way");
  const checks = await examine(home);
  expect(checks.find((check) => check.name === "data directory")).toMatchObject({ status: "fatal" });
  expect(checks.map((check) => check.name)).not.toContain("lmdb");
});
