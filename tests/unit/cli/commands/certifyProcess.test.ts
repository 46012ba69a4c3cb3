/** `certify` as its user meets it, ended while two of its orders rest: whatever ends it, nothing is left open. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureHome } from "../../../../server/host/deskHome.ts";
import { storeKey } from "../../../../server/host/keyVault.ts";
import { CHECK_NAMES } from "../../../../server/venues/ccxt/certify/checkNames.ts";
import { openRealLab, type RealLab } from "../../../support/realLab.ts";

let real: RealLab;
let root = "";
beforeAll(async () => {
  real = await openRealLab();
  root = mkdtempSync(join(tmpdir(), "crossdesk-certify-process-"));
  const home = join(root, "live");
  ensureHome(home);
  for (const { keys } of real.lab.venues)
    for (const { account, holder, apiKey, secret, passphrase } of keys)
      storeKey(home, { account, holder }, { apiKey, secret, passphrase }, 1);
}, 120_000);
afterAll(async () => {
  await real.close();
  rmSync(root, { recursive: true, force: true });
});

/** Ends it so once the orders of a check rest; its exit code, and what it said last. */
function endBy(end: (child: ChildProcess) => void): Promise<{ exitCode: number | null; stderr: string }> {
  const origin = real.lab.venues.find(({ venue }) => venue === "okx")?.origin ?? "";
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "server/cli/main.ts", "certify", "--venue", "okx", "--origin", origin],
    { env: { ...process.env, CROSSDESK_HOME: root }, stdio: ["ignore", "pipe", "pipe"] },
  );
  child.stdout.resume();
  let stderr = "";
  let isEnding = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (isEnding || !stderr.includes(CHECK_NAMES.cancelAll)) return;
    isEnding = true;
    void whileTwoRest(child, () => end(child));
  });
  return new Promise((resolve) => child.once("close", (exitCode) => resolve({ exitCode, stderr })));
}

/** They rest until they are seen in the list of open orders, whose answer takes its time meanwhile. */
async function whileTwoRest(child: ChildProcess, act: () => void): Promise<void> {
  await slowList({ delayMs: 3_000, forMs: 600_000 });
  while (child.exitCode === null) {
    if ((await real.client.truth("okx")).openOrders.length === 2) {
      act();
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await slowList({ delayMs: 1, forMs: 1 });
}

async function slowList(slow: { delayMs: number; forMs: number }): Promise<void> {
  const fault = { kind: "slowSnapshot", match: "orders-pending", ...slow } as const;
  await real.client.control({ do: "fault", venue: "okx", fault });
}

describe("desk certify", () => {
  it.each([
    {
      name: "a Ctrl-C that npm passes on again",
      end: (child: ChildProcess) => {
        child.kill("SIGINT");
        setTimeout(() => child.kill("SIGINT"), 30);
      },
    },
    { name: "the reader of its output", end: (child: ChildProcess) => child.stdout?.destroy() },
    { name: "its terminal", end: (child: ChildProcess) => child.kill("SIGHUP") },
  ])(
    "leaves nothing open, and exits 1, when it is ended by $name",
    async ({ end }) => {
      const { exitCode, stderr } = await endBy(end);
      expect(stderr).toContain(CHECK_NAMES.nothingOpen);
      expect(stderr).toMatch(/okx is not certified: it was ended before its end\n$/);
      expect(exitCode).toBe(1);
      expect((await real.client.truth("okx")).openOrders).toEqual([]);
    },
    120_000,
  );
});

it("npm starts the command line as one process, which alone hears a signal", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { desk: string } };
  expect(scripts.desk).toMatch(/^node --import tsx /);
});
