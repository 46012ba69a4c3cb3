import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockTrial } from "../../../server/engine/trialLock.ts";

let home = "";
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "crossdesk-trial-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

it("lets one trial at a time have an account, and another account be tried meanwhile", () => {
  const unlock = lockTrial(home, "okx");
  expect(() => lockTrial(home, "okx")).toThrow(`okx is being certified by process ${process.pid}`);
  lockTrial(home, "desk/two")();
  unlock();
  lockTrial(home, "okx")();
});

it.each([
  { name: "of a process that died", text: () => `${spawnSync(process.execPath, ["-e", ""]).pid}\n` },
  { name: "that names nobody", text: () => "" },
])("takes a lock over $name", ({ text }) => {
  writeFileSync(join(home, "certify-okx.lock"), text());
  const unlock = lockTrial(home, "okx");
  expect(() => lockTrial(home, "okx")).toThrow(String(process.pid));
  unlock();
});
