/**
 * PostgreSQL as a child of the supervisor: real binaries from npm, on 127.0.0.1 only. It runs in a process group
 * of its own, so that Ctrl-C in the terminal ends the desk first and the database last, in our order.
 * A server that outlived a killed supervisor is taken over.
 */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../contract/errors.ts";
import type { Log } from "../host/log.ts";
import { openLogFile, watchLogFile } from "../host/logFile.ts";
import { canConnect, databaseUrl } from "./database.ts";
import type { PostgresBinaries } from "./postgres/binaries.ts";
import { findBinaries } from "./postgres/binaries.ts";
import {
  chooseDataFolder,
  ensureData,
  readPreferredPort,
  readPassword,
  writePort,
} from "./postgres/dataFolder.ts";
import { freePort, requirePort } from "./postgres/freePort.ts";
import { disown, isRunning, readPidFile } from "./postgres/pidFile.ts";
import type { PostgresUser } from "./postgres/user.ts";
import { findPostgresUser, serverEnvironment } from "./postgres/user.ts";

export interface RunningPostgres {
  readonly pid: number;
  readonly port: number;
  /** Where the data are; not always where they were wanted. */
  readonly dataFolder: string;
  url(database: string): string;
  /** Ends sessions, writes everything and stops; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Told once, when the server ends without `stop`. Returns the end of it. */
  onExit(listener: (text: string) => void): () => void;
}

export async function startPostgres(options: {
  readonly dataDir: string;
  /** Of the server before this one: there or not at all. Absent: any that is free, the last one first. */
  readonly port?: number | undefined;
  readonly log: Pick<Log, "info">;
}): Promise<RunningPostgres> {
  const { log, port } = options;
  const user = findPostgresUser();
  const binaries = findBinaries(user);
  const folder = chooseDataFolder(options.dataDir, user);
  await ensureData(folder, binaries, user);
  const password = readPassword(folder);
  const logTrouble = (error: unknown): void =>
    log.info(`${folder}.log is full and could not be put aside`, { error });
  const running =
    (await adopt(folder, password, log)) ??
    (await spawnUntilReady(folder, password, { binaries, user, port, logTrouble }));
  if (port !== undefined && running.port !== port)
    throw new UserError(
      `the database was started on port ${running.port} by somebody else, and this desk knows it on ${port}: stop the desk and start it again`,
    );
  log.info("PostgreSQL is ready", { pid: running.pid, port: running.port, dataFolder: folder });
  const endLogWatch = watchLogFile(`${folder}.log`, logTrouble);
  return control(running, { folder, password, onEnd: endLogWatch });
}

const POLL_MS = 25;
/** Replay of a large write-ahead log after a crash. */
const READY_WAIT_MS = 120_000;
/** What a killed server leaves (its lock file, children that still hold its memory) goes away within this. */
const RETRY_MS = 5_000;
const RETRY_PAUSE_MS = 250;

interface Running {
  readonly pid: number;
  readonly port: number;
  readonly child: ChildProcess | undefined;
}

/** A server of ours that is already there. One that does not answer yet gets the time of a retry. */
async function adopt(folder: string, password: string, log: Pick<Log, "info">): Promise<Running | undefined> {
  for (let waitedMs = 0; waitedMs < RETRY_MS; waitedMs += RETRY_PAUSE_MS) {
    const found = readPidFile(folder);
    if (found === undefined) return undefined;
    if (!isRunning(found.pid)) {
      disown(folder);
      return undefined;
    }
    if (await canConnect(databaseUrl({ port: found.port, password, database: "postgres" }))) {
      log.info("taking over the PostgreSQL that is running", { pid: found.pid });
      return { ...found, child: undefined };
    }
    await sleep(RETRY_PAUSE_MS);
  }
  throw new UserError(
    `A PostgreSQL runs on ${folder} (process ${readPidFile(folder)?.pid}) and does not answer: end that process and start again.`,
  );
}

interface SpawnOptions {
  readonly binaries: PostgresBinaries;
  readonly user: PostgresUser | undefined;
  readonly port: number | undefined;
  readonly logTrouble: (error: unknown) => void;
}

async function spawnUntilReady(folder: string, password: string, how: SpawnOptions): Promise<Running> {
  const log = `${folder}.log`;
  for (let retriedMs = 0; ; retriedMs += RETRY_PAUSE_MS) {
    const port = await (how.port === undefined ? freePort(readPreferredPort(folder)) : requirePort(how.port));
    const child = spawnServer({ ...how, folder, log, port });
    if (await becomesReady(child, databaseUrl({ port, password, database: "postgres" }))) {
      writePort(folder, port);
      return { pid: child.pid ?? 0, port, child };
    }
    if (retriedMs >= RETRY_MS)
      throw new UserError(`PostgreSQL does not start: ${lastLine(log)} (more in ${log})`);
    await sleep(RETRY_PAUSE_MS);
  }
}

/**
 * Small caches: the desk's working set is the last minutes of a few tables, and 1 GB holds all of the desk. A cache
 * that takes an hour to fill would also look like a leak; the system's own holds what is read again.
 */
const SETTINGS = ["shared_buffers=16MB", "max_connections=50", "jit=off", "max_wal_size=256MB"];

function spawnServer(
  at: SpawnOptions & { readonly folder: string; readonly log: string; readonly port: number },
): ChildProcess {
  const log = openLogFile(at.log, at.logTrouble);
  const address = ["-h", "127.0.0.1", "-k", "", "-p", String(at.port)];
  const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
  try {
    return spawn(at.binaries.postgres, ["-D", at.folder, ...address, ...settings], {
      ...at.user,
      cwd: "/",
      env: serverEnvironment(),
      detached: true,
      stdio: ["ignore", log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** False when the process ends first. */
async function becomesReady(child: ChildProcess, url: string): Promise<boolean> {
  let ended = false;
  child.once("exit", () => (ended = true));
  child.once("error", () => (ended = true));
  for (let waitedMs = 0; waitedMs < READY_WAIT_MS; waitedMs += POLL_MS) {
    if (ended) return false;
    if (await canConnect(url)) return true;
    await sleep(POLL_MS);
  }
  child.kill("SIGQUIT");
  return false;
}

function lastLine(log: string): string {
  return existsSync(log) ? (readFileSync(log, "utf8").trim().split("\n").at(-1) ?? "") : "it wrote no log";
}

/** A fast stop writes a checkpoint; after this the server is ended at once and recovers at its next start. */
const STOP_WAIT_MS = 10_000;
const WATCH_MS = 500;

function control(
  { pid, port, child }: Running,
  {
    folder,
    password,
    onEnd,
  }: { readonly folder: string; readonly password: string; readonly onEnd: () => void },
): RunningPostgres {
  const listeners = new Set<(text: string) => void>();
  let stopped = false;
  const ended = () => {
    clearInterval(watch);
    onEnd();
    if (stopped) return;
    stopped = true;
    const text = lastLine(`${folder}.log`);
    for (const listener of listeners) listener(text);
  };
  child?.once("exit", ended);
  // Whoever started the server may end without it: it is taken over by the next one.
  child?.unref();
  // A server that was taken over is nobody's child: its end is found by asking.
  const watch = child === undefined ? setInterval(() => isRunning(pid) || ended(), WATCH_MS) : undefined;

  const isGone = async (waitMs: number) => {
    const gone = () =>
      child === undefined ? !isRunning(pid) : child.exitCode !== null || child.signalCode !== null;
    for (let waitedMs = 0; waitedMs < waitMs && !gone(); waitedMs += POLL_MS) await sleep(POLL_MS);
    return gone();
  };

  return {
    pid,
    port,
    dataFolder: folder,
    url: (database) => databaseUrl({ port, password, database }),
    stop: async () => {
      stopped = true;
      clearInterval(watch);
      onEnd();
      if (await isGone(0)) return;
      process.kill(pid, "SIGINT");
      if (await isGone(STOP_WAIT_MS)) return;
      process.kill(pid, "SIGQUIT");
      if (!(await isGone(STOP_WAIT_MS))) throw new Error(`PostgreSQL (process ${pid}) does not end`);
    },
    onExit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
