import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const MAIN = ["--import", "tsx", "server/cli/main.ts", "keys"];

let root: string;
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), "crossdesk-keys-"))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function keys(
  args: readonly string[],
  input = "",
): { readonly status: number | null; readonly text: string } {
  const env = { ...process.env, CROSSDESK_HOME: root, CROSSDESK_MASTER_KEY: "" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...MAIN, ...args], {
    env,
    input,
    encoding: "utf8",
  });
  return { status, text: stdout + stderr };
}

describe("desk keys", () => {
  it("stores what it reads, shows only its end, and forgets it", () => {
    const stored = keys(["set", "okx"], "public-7788\nhidden-secret\nhidden-phrase\n");
    expect(stored).toMatchObject({ status: 0 });
    const listed = keys(["list"]);
    expect(listed.text).toContain("okx  desk  …7788");
    for (const { text } of [stored, listed]) expect(text).not.toMatch(/public|hidden/);
    expect(readFileSync(join(root, "demo", "keys.json"), "utf8")).not.toMatch(/public|hidden/);
    expect(keys(["remove", "okx"]).status).toBe(0);
    expect(keys(["list"]).text).toContain("has no key: npm run desk -- keys set ACCOUNT --profile live");
  }, 60_000);

  it("stores nothing of a key without a secret, and says so in one line", () => {
    const refused = keys(["set", "okx"], "public\n");
    expect(refused.status).not.toBe(0);
    expect(refused.text.trim().split("\n")).toHaveLength(1);
    expect(keys(["list", "--json"]).text).toContain('"keys": []');
  }, 60_000);
});
