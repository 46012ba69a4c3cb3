import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
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
  const names = [
    ...["node", "architecture", "memory", "data directory", "disk", "lmdb", "msgpackr", "clock"],
    ...["port 4100", "database"],
  ];
  expect(checks.map((check) => check.name)).toEqual(names);
  for (const check of checks)
    if (["node", "data directory", "msgpackr", "database"].includes(check.name))
      expect(check.status).toBe("ok");
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

it("finds a desk's home that others can look into", async () => {
  const home = join(directory, "data");
  mkdirSync(join(home, "demo"), { recursive: true });
  chmodSync(join(home, "demo"), 0o755);
  expect((await examine(home)).find((check) => check.name === "permissions")).toMatchObject({
    status: "attention",
    mend: `chmod 700 ${join(home, "demo")}`,
  });
  chmodSync(join(home, "demo"), 0o700);
  expect((await examine(home)).find((check) => check.name === "permissions")?.status).toBe("ok");
});

it("says when the port of the pages is taken by somebody else", async () => {
  const home = join(directory, "data");
  const stranger = createServer();
  const isMine = await new Promise((resolve) => {
    stranger.once("error", () => resolve(false));
    stranger.listen(4_100, "127.0.0.1", () => resolve(true));
  });
  try {
    // Whoever listens there, this test or another program: it is no desk of this home.
    expect((await examine(home)).find((check) => check.name === "port 4100")?.status).toBe("attention");
  } finally {
    if (isMine === true) stranger.close();
  }
});
