import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { registerKeys } from "../../../../server/cli/commands/keys.ts";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";
import { createClock } from "../../../../server/host/clock.ts";
import { writeDeskFile } from "../../../../server/host/deskHome.ts";
import { loneDesk } from "../../../../server/lab/service/alone.ts";
import { keysPath, openKeys } from "../../../../server/lab/service/keys.ts";
import { startLab, type Lab } from "../../../../server/lab/service/lab.ts";
import { takeLabKeys } from "../../../../server/supervisor/labKeys.ts";
import { SILENT } from "../../../support/realLab.ts";

let root: string;
let lab: Lab | undefined;
let out = "";
let err = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "crossdesk-keys-check-"));
  out = "";
  err = "";
  vi.stubEnv("CROSSDESK_HOME", root);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((err += String(text)), true));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await lab?.stop();
  lab = undefined;
  rmSync(root, { recursive: true, force: true });
});

const check = (...argv: string[]) =>
  runProgram(buildProgram([registerKeys]), ["keys", "check", ...argv, "--profile", "demo"]);

/** A demo desk and its lab, whose key of OKX may withdraw. */
async function openDemo(): Promise<void> {
  const home = join(root, "demo");
  mkdirSync(home, { mode: 0o700 });
  writeDeskFile(home, { ...loneDesk(1), venues: "wire" });
  openKeys(home, ["binance", "okx", "kraken"]);
  const file = JSON.parse(readFileSync(keysPath(home), "utf8")) as { keys: { account: string }[] };
  const keys = file.keys.map((key) => (key.account === "okx" ? { ...key, mayWithdraw: true } : key));
  writeFileSync(keysPath(home), JSON.stringify({ keys }));
  lab = await startLab({ home, clock: createClock(), log: SILENT });
  takeLabKeys(home, 1);
}

it("says what a key may do, and refuses one that may withdraw", async () => {
  await openDemo();
  for (const account of ["binance", "kraken"]) {
    expect(await check(account)).toBe(0);
    expect(out).toContain(`the key of ${account} may trade, and not withdraw`);
  }
  out = "";
  // A program hears of it, too.
  expect(await check("okx", "--json")).toBe(1);
  expect(JSON.parse(out)).toEqual({ account: "okx", mayTrade: true, mayWithdraw: true });
  expect(err).toMatch(/^the key of okx may withdraw: take that right away from it at okx, .*\n$/);
}, 60_000);

it("names a key that is not there", async () => {
  expect(await check("okx")).toBe(1);
  expect(err).toBe("the demo desk has no key of okx: npm run desk -- keys set okx --profile demo\n");
  err = "";
  expect(await runProgram(buildProgram([registerKeys]), ["keys", "check", "okx"])).toBe(1);
  expect(err).toBe("the demo desk has no key of okx: npm run desk -- keys set okx --profile live\n");
});
