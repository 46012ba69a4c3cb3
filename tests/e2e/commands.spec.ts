/** What a person does beside the pages: the commands at the terminal, and a signal to the web server. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isProcessAlive } from "../../server/host/isProcessAlive.ts";
import { readLatch } from "../../server/link/latch.ts";
import { askSupervisor } from "../../server/supervisor/control.ts";
import { runCommand, type TestDesk } from "../support/e2eDesk.ts";
import { countOpenOrders, readDeskState } from "../support/e2eTruth.ts";
import { deskState } from "./bar.ts";
import { expect, test } from "./fixtures.ts";

const ACCOUNTS = ["binance", "kraken", "okx"];

/** Of `status --json`, what a program would look at first. */
const Status = z.object({
  home: z.string(),
  supervisor: z.object({
    pid: z.int(),
    url: z.string(),
    phase: z.string(),
    processes: z.array(z.object({ name: z.string(), pid: z.int() })),
  }),
  desk: z.object({ state: z.string(), accounts: z.array(z.object({ account: z.string() })) }),
  latch: z.array(z.unknown()),
});

const Receipt = z.object({
  receiptId: z.uuid(),
  state: z.string(),
  reason: z.string(),
  acknowledgedAtMs: z.number(),
  failure: z.never().optional(),
  accounts: z.array(z.object({ account: z.string(), clearedAtUs: z.number(), sealedAtUs: z.number() })),
});

/** Asked until it is told: a command gives a busy supervisor and engine little time, and goes without them. */
async function statusOf(desk: TestDesk): Promise<z.infer<typeof Status>> {
  let said = "";
  await expect(async () => {
    const { exitCode, stdout, stderr } = await runCommand(desk, "status", "--json");
    expect(exitCode, stderr).toBe(0);
    Status.parse(JSON.parse(stdout));
    said = stdout;
  }).toPass();
  return Status.parse(JSON.parse(said));
}

async function addressOf(desk: TestDesk): Promise<string> {
  let said = "";
  await expect(async () => {
    const { exitCode, stdout, stderr } = await runCommand(desk, "status", "--url");
    expect(exitCode, stderr).toBe(0);
    said = stdout;
  }).toPass();
  return said.trim();
}

/** The process of the web server, once there is one; a busy supervisor is asked again. */
async function webOf({ home }: TestDesk): Promise<number> {
  let pid = 0;
  await expect(async () => {
    const status = await askSupervisor(home, "status");
    pid = status?.processes.find(({ name }) => name === "web")?.pid ?? 0;
    expect(pid).toBeGreaterThan(0);
  }).toPass();
  return pid;
}

test("status says what runs, and its address lets one browser in once @desktop", async ({
  browser,
  desk,
}) => {
  const [{ home, supervisor, desk: engine, latch }, url] = await Promise.all([
    statusOf(desk),
    addressOf(desk),
  ]);
  expect(home).toBe(desk.home);
  expect(supervisor).toMatchObject({ phase: "running", url: desk.origin });
  expect(supervisor.pid).toBe(Number(readFileSync(join(desk.dir, "pid"), "utf8")));
  expect(supervisor.processes.map(({ name }) => name).toSorted()).toEqual([
    "database",
    "lab",
    "recorder",
    "web",
  ]);
  for (const { name, pid } of supervisor.processes) expect(isProcessAlive(pid), name).toBe(true);
  expect(engine.state).toBe("ACTIVE");
  expect(engine.accounts.map(({ account }) => account).toSorted()).toEqual(ACCOUNTS);
  expect(latch).toEqual([]);

  expect(url.startsWith(`${desk.origin}/start?token=`)).toBe(true);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await expect(deskState(page)).toContainText("ACTIVE");
  const other = await browser.newContext();
  expect((await other.request.get(url)).status()).toBe(401);
  await Promise.all([context.close(), other.close()]);
});

test("kill leaves no order at any venue, proves it, and stays on disk @desktop", async ({ desk }) => {
  await expect.poll(() => countOpenOrders(desk.home)).toBeGreaterThan(0);
  const { exitCode, stdout, stderr } = await runCommand(desk, "kill", "--json", "--reason", "a drill");
  expect(await countOpenOrders(desk.home), stderr).toBe(0);
  expect(exitCode, stderr).toBe(0);
  const receipt = Receipt.parse(JSON.parse(stdout));
  expect(receipt).toMatchObject({ state: "KILLED", reason: "a drill" });
  expect(receipt.accounts.map(({ account }) => account).toSorted()).toEqual(ACCOUNTS);
  for (const account of ACCOUNTS) expect(stderr).toContain(`${account}: sealed`);
  expect(await readDeskState(desk.home)).toBe("KILLED");
  expect(readLatch(desk.home).entries).toMatchObject([{ receiptId: receipt.receiptId, state: "KILLED" }]);
});

test("the web server that is told to end cancels first, and comes back disarmed @desktop", async ({
  desk,
}) => {
  const web = await webOf(desk);
  await expect.poll(() => countOpenOrders(desk.home)).toBeGreaterThan(0);

  process.kill(web, "SIGTERM");
  // The venues themselves are asked, which go on: what counts is what rested while the process was still there.
  let leftAlive: number | undefined;
  while (isProcessAlive(web)) {
    const left = await countOpenOrders(desk.home);
    if (isProcessAlive(web)) leftAlive = left;
  }
  expect(leftAlive, "orders that rested when it ended").toBe(0);
  expect(await countOpenOrders(desk.home)).toBe(0);

  expect(await webOf(desk)).not.toBe(web);
  expect(await readDeskState(desk.home)).toBe("DISARMED");
  expect(readLatch(desk.home).entries).toEqual([]);
  expect(await countOpenOrders(desk.home)).toBe(0);
});
