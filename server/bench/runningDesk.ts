/**
 * A whole desk of a benchmark's own: `npm start` as a person runs it, in a process of its own, with a home that
 * is gone afterwards. The pages are built apart from those of a desk that may be running.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeskFile } from "../contract/deskFile.ts";
import { UserError } from "../contract/errors.ts";
import type { EngineLink } from "../contract/link.ts";
import { ensureHome, repositoryRoot, writeDeskFile } from "../host/deskHome.ts";
import { issueStartToken } from "../host/startTokens.ts";
import { connectLink } from "../link/client.ts";
import { freePort } from "../store/postgres/freePort.ts";
import { DESK_COMMAND } from "./deskCommand.ts";
import { readTree } from "./memory/processTree.ts";

const DIST_DIR = ".next-bench";

/** A first build on two busy cores, then initdb. */
const START_WITHIN_MS = 300_000;
/** The parts of a desk have 15 s each to end. */
const STOP_WITHIN_MS = 60_000;
/** Volatility is known after some 20 s, uptime counts from then. */
const QUOTING_WITHIN_MS = 120_000;
const POLL_MS = 250;

/** The last words of a desk that does not start say why. */
const WORDS_KEPT = 5;

export interface RunningDesk {
  /** The supervisor, of whom all other processes descend. */
  readonly pid: number;
  readonly origin: string;
  readonly link: EngineLink;
  /** Lets one browser in, once. */
  signInUrl(): string;
}

/** Without a desk file the demo of `npm start`. The desk is stopped and its home removed, whatever happens in `use`. */
export async function withDesk<T>(
  desk: DeskFile | undefined,
  say: (text: string) => void,
  use: (running: RunningDesk) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "crossdesk-bench-"));
  // As root the database runs as somebody else, who has to get to its data in it.
  chmodSync(folder, 0o755);
  const home = join(folder, "demo");
  ensureHome(home);
  if (desk !== undefined) writeDeskFile(home, desk);
  const port = await freePort(0);
  const child = spawn(process.execPath, [...DESK_COMMAND, "start", "--port", String(port)], {
    cwd: repositoryRoot(),
    // A database of somebody else's is none to measure with.
    env: { ...process.env, CROSSDESK_HOME: folder, CROSSDESK_DIST: DIST_DIR, DATABASE_URL: "" },
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C is for the benchmark, which stops its desk once: the second time would hurry it.
    detached: true,
  });
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => (ending ??= endDesk(child, folder));
  const interrupt = (): void => void end().finally(() => process.exit(130));
  const lastResort = (): void => void child.kill("SIGTERM");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  process.on("exit", lastResort);
  let link: EngineLink | undefined;
  try {
    await untilReady(child, say);
    link = connectLink({ home, client: "bench" });
    const origin = `http://127.0.0.1:${port}`;
    const signInUrl = (): string => `${origin}/start?token=${issueStartToken(home)}`;
    return await use({ pid: child.pid ?? 0, origin, link, signInUrl });
  } finally {
    link?.close();
    await end();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
    process.off("exit", lastResort);
  }
}

/** Resolves when nine in ten sides are quoted: a desk that does not quote costs nothing, and measures nothing. */
export async function untilQuoting(link: EngineLink): Promise<void> {
  let share = 0;
  const unwatch = link.watch("desk", ({ markets }) => {
    const sides = markets.flatMap(({ instruments }) =>
      instruments.filter(({ quoted }) => quoted).flatMap((instrument) => instrument.sides),
    );
    share = sides.filter(({ order }) => order !== undefined).length / Math.max(1, sides.length);
  });
  try {
    for (let waitedMs = 0; share < 0.9; waitedMs += POLL_MS) {
      if (waitedMs > QUOTING_WITHIN_MS)
        throw new UserError(
          `the desk quotes ${Math.round(share * 100)} % of its sides after ${QUOTING_WITHIN_MS / 1e3} s, too few to measure: try again when the machine is idle`,
        );
      await sleep(POLL_MS);
    }
  } finally {
    unwatch();
  }
}

async function untilReady(child: ChildProcess, say: (text: string) => void): Promise<void> {
  const words: string[] = [];
  const hear = (line: string): void => {
    words.push(line);
    words.splice(0, words.length - WORDS_KEPT);
  };
  if (child.stdout === null || child.stderr === null)
    throw new Error("invariant: the desk's output is piped");
  createInterface(child.stderr).on("line", hear);
  const output = createInterface(child.stdout);
  const hasUrl = new Promise<"up">((resolve) => {
    output.on("line", (line) => {
      if (line.startsWith("http://")) resolve("up");
      else say(line);
      hear(line);
    });
  });
  const outcome = await Promise.race([
    hasUrl,
    once(child, "exit").then(() => "it ended" as const),
    sleep(START_WITHIN_MS, `it was not up after ${START_WITHIN_MS / 1e3} s`, { ref: false }),
  ]);
  if (outcome !== "up")
    throw new UserError(`the desk to measure did not start (${outcome}): ${words.join(" | ")}`);
}

/** By its own way down; what is left of it after that is killed, the database's processes with it. */
async function endDesk(child: ChildProcess, folder: string): Promise<void> {
  const family = child.pid === undefined ? [] : readTree(child.pid).map(({ pid }) => pid);
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const timedOut = await Promise.race([
      ended.then(() => false),
      sleep(STOP_WITHIN_MS, true, { ref: false }),
    ]);
    if (timedOut) for (const pid of family) kill(pid);
  }
  // A process that was killed may still be at it.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // Ended in the meantime.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
