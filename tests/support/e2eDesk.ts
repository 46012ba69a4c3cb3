/**
 * The desks that browser tests run against, one for each kind of screen: the real `start` in a process of its own, with
 * its home in a directory of the run. Whoever has that directory can stop it, start it again and take it away.
 */
import { execFile, spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writeDurably } from "../../server/host/durableFile.ts";
import { repositoryRoot } from "../../server/host/deskHome.ts";
import { isProcessAlive } from "../../server/host/isProcessAlive.ts";
import { issueStartToken } from "../../server/host/startTokens.ts";
import { startPostgres } from "../../server/store/embedded.ts";
import { freePort } from "../../server/store/postgres/freePort.ts";

/** Tells the workers of a run where its desks are. */
const DIRECTORY_VARIABLE = "CROSSDESK_E2E_DIR";

/** The pages of these tests are kept from run to run: they are built again only when a source has changed. */
export const DIST = ".next-e2e";

/** A first build on a busy machine included. */
const START_WITHIN_MS = 600_000;
/** The supervisor's own limits for its parts, one after the other, stay below. */
const STOP_WITHIN_MS = 60_000;
/** A stop's own limit is half of it. */
const COMMAND_WITHIN_MS = 60_000;
const POLL_MS = 100;

export interface TestDesk {
  readonly dir: string;
  readonly home: string;
  readonly port: number;
  readonly origin: string;
}

export interface CommandEnd {
  readonly exitCode: number | null;
  /** What it printed for whoever asked, and what it said beside it. */
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run desk -- …` of a person at the terminal, beside the desk that runs. */
export function runCommand({ dir }: TestDesk, ...args: readonly string[]): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--import", "tsx", "server/cli/main.ts", ...args],
      { cwd: repositoryRoot(), env: { ...process.env, CROSSDESK_HOME: dir }, timeout: COMMAND_WITHIN_MS },
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}

/** Makes the directory of a run; what is returned takes it away, and all desks in it. */
export function beginRun(): () => Promise<void> {
  const run = mkdtempSync(join(tmpdir(), "crossdesk-e2e-"));
  // As root the database runs as somebody else, who has to get in.
  chmodSync(run, 0o755);
  process.env[DIRECTORY_VARIABLE] = run;
  return async () => {
    const ends = await Promise.allSettled(readdirSync(run).map((name) => endDesk(deskIn(join(run, name)))));
    rmSync(run, { recursive: true, force: true });
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  };
}

/** This run's desk of a name: it is started when it is wanted first. */
export async function deskOf(name: string): Promise<TestDesk> {
  const run = process.env[DIRECTORY_VARIABLE];
  if (run === undefined)
    throw new Error("no desk runs for these tests: npx playwright test -c tests/e2e/playwright.config.ts");
  const dir = join(run, name);
  if (existsSync(dir)) return deskIn(dir);
  mkdirSync(dir);
  writeDurably(join(dir, "port"), String(await freePort(0)));
  const desk = deskIn(dir);
  await startDesk(desk);
  return desk;
}

function deskIn(dir: string): TestDesk {
  const port = Number(readFileSync(join(dir, "port"), "utf8"));
  return { dir, home: join(dir, "demo"), port, origin: `http://127.0.0.1:${port}` };
}

/** An address that signs one browser in. */
export function signInUrl({ home, origin }: TestDesk): string {
  return `${origin}/start?token=${issueStartToken(home)}`;
}

/** Resolves when the desk has printed its address; throws with its last words when it ends before. */
export async function startDesk({ dir, port, origin }: TestDesk): Promise<void> {
  const log = join(dir, "start.log");
  rmSync(log, { force: true });
  const output = openSync(log, "a");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "server/cli/main.ts", "start", "--port", String(port)],
    {
      cwd: repositoryRoot(),
      env: { ...process.env, CROSSDESK_HOME: dir, CROSSDESK_DIST: DIST, DATABASE_URL: "" },
      stdio: ["ignore", output, output],
      // It outlives a test worker that ends with a failed test.
      detached: true,
    },
  );
  child.unref();
  closeSync(output);
  writeDurably(join(dir, "pid"), String(child.pid));
  let hasEnded = false;
  child.once("exit", () => (hasEnded = true));
  for (let waitedMs = 0; waitedMs < START_WITHIN_MS; waitedMs += POLL_MS) {
    const said = readFileSync(log, "utf8");
    if (said.includes(`${origin}/start?token=`)) return;
    if (hasEnded) throw new Error(`the desk did not start:\n${said}`);
    await delay(POLL_MS);
  }
  throw new Error(`the desk did not start in time:\n${readFileSync(log, "utf8")}`);
}

/** As Ctrl-C does. Throws when it did not end, which is then ended the hard way. */
export async function stopDesk({ dir }: TestDesk): Promise<void> {
  const path = join(dir, "pid");
  if (!existsSync(path)) return;
  const pid = Number(readFileSync(path, "utf8"));
  rmSync(path);
  if (!isProcessAlive(pid)) return;
  process.kill(pid, "SIGTERM");
  for (let waitedMs = 0; waitedMs < STOP_WITHIN_MS; waitedMs += POLL_MS) {
    if (!isProcessAlive(pid)) return;
    await delay(POLL_MS);
  }
  // Its children end with their channel to it.
  process.kill(pid, "SIGKILL");
  throw new Error(`the desk did not stop:\n${readFileSync(join(dir, "start.log"), "utf8")}`);
}

/** Stops everything, whatever state it is in. */
async function endDesk(desk: TestDesk): Promise<void> {
  try {
    await stopDesk(desk);
  } finally {
    await endDatabase(desk);
  }
}

/** A database that outlived its supervisor is taken over, and stopped. */
async function endDatabase({ dir }: TestDesk): Promise<void> {
  if (!existsSync(join(databaseFolder(dir), "postmaster.pid"))) return;
  const log = { info: () => undefined };
  await (await startPostgres({ dataDir: databaseFolder(dir), log })).stop();
}

export function databaseFolder(dir: string): string {
  return join(dir, "postgres");
}
