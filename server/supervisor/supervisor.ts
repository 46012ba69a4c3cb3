/**
 * The life of a desk's processes: database, lab, recorder, web with the engine in it. What dies is
 * started again, and what it takes to start comes up in the order in which the parts need each other; the
 * way down is the other way round, the engine first.
 */
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeskFile } from "../contract/deskFile.ts";
import { UserError } from "../contract/errors.ts";
import { readAddress, removeAddress, writeAddress } from "../host/addressFile.ts";
import { ensureHome } from "../host/deskHome.ts";
import type { Log } from "../host/log.ts";
import { issueStartToken } from "../host/startTokens.ts";
import { armWhenReady } from "./arm.ts";
import { ensureBuilt } from "./build.ts";
import { keepAlive, type Child } from "./child.ts";
import { ALLOCATOR, HEAP_FLAGS } from "./childMemory.ts";
import { openControl, requireNoSupervisor, type SupervisorStatus } from "./control.ts";
import { openDatabase, type Database } from "./database.ts";
import { takeLabKeys } from "./labKeys.ts";
import { prepareDesk, type DemoStart, type ReplayStart } from "./prepare.ts";
import { prepareReal, type RealStart } from "./prepareReal.ts";
import { untilUp } from "./untilUp.ts";

/** The engine cancels, waits out the requests on the wire and asks again: the largest expiry and some. */
const WEB_STOP_MS = 15_000;
const RECORDER_STOP_MS = 15_000;
const LAB_STOP_MS = 5_000;
/** After a second Ctrl-C: orders are still cancelled, nothing else is waited for. */
const HURRY_MS = 4_000;

export interface StartOptions {
  readonly root: string;
  readonly home: string;
  readonly start: DemoStart | ReplayStart | RealStart;
  readonly port: number;
  readonly distDir?: string | undefined;
  /** Of somebody else's PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** False: the simulated venues are a process of somebody else's, `desk lab`, which is waited for. */
  readonly runsLab: boolean;
  readonly log: Log;
  readonly nowMs: () => number;
  /** Progress, in sentences for the person at the terminal. */
  readonly say: (text: string) => void;
  /** Hears at once how to end a start that is still under way. */
  readonly onStarting?: (stop: () => void) => void;
}

export interface RunningDesk {
  readonly url: string;
  status(): SupervisorStatus;
  /** Resolves when everything has ended, whoever asked for it. */
  readonly ended: Promise<void>;
  /** The second call hurries. */
  stop(): void;
}

/** Throws a UserError that says what to do when the desk cannot start; what had started is stopped then. */
export async function startDesk(options: StartOptions): Promise<RunningDesk> {
  await requireNoSupervisor(options.home);
  await requireFreePort(options.port);
  const supervisor = new Supervisor(options);
  options.onStarting?.(() => void supervisor.stop());
  try {
    await supervisor.open();
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return supervisor.running();
}

class Supervisor {
  readonly #options: StartOptions;
  readonly #startedAtMs: number;
  /** In the order of their start. */
  readonly #undo: (() => Promise<void>)[] = [];
  readonly #children: Child[] = [];
  #database: Database | undefined;
  #phase = "starting";
  #url: string | undefined;
  #stopping: Promise<void> | undefined;
  #hurry = false;
  readonly #ended: Promise<void>;
  #markEnded = (): void => undefined;

  constructor(options: StartOptions) {
    this.#options = options;
    this.#ended = new Promise((resolve) => (this.#markEnded = resolve));
    this.#startedAtMs = options.nowMs();
  }

  async open(): Promise<void> {
    const { root, home, start, port, log, say, distDir, nowMs } = this.#options;
    ensureHome(home);
    const control = await openControl(home, { status: () => this.status(), stop: () => void this.stop() });
    await this.#onStop(() => control.close());
    const nowUs = (): number => nowMs() * 1_000;
    const desk = await prepare(home, start, nowUs);

    const opening = openDatabase({
      profile: start.profile,
      externalUrl: this.#options.databaseUrl,
      log,
      onTrouble: say,
    });
    const building = ensureBuilt({ root, distDir, onProgress: say });
    // Both have to have ended, well or badly, before anything is taken down again.
    const [opened, built] = await Promise.allSettled([opening, building]);
    if (opened.status === "fulfilled") await this.#onStop(() => opened.value.close());
    if (built.status === "rejected") throw built.reason;
    const database = await opening;
    this.#database = database;
    this.#requireGoingOn();

    const { runsLab } = this.#options;
    const lab = runsLab ? labOf(desk) : undefined;
    say(`starting ${lab === undefined ? "" : "the simulated venues, "}the recorder and the pages`);
    if (lab !== undefined) {
      this.#child("lab", [...HEAP_FLAGS, lab, "--home", home], {}, LAB_STOP_MS);
      await this.#until("the simulated venues", () => this.#isUp("lab"));
    } else if (!runsLab)
      await this.#until("the simulated venues", () => readAddress(home, "lab") !== undefined);
    if (desk.venues === "wire") takeLabKeys(home, nowMs());
    this.#child(
      "recorder",
      [...HEAP_FLAGS, "dist/recorder.mjs", "--home", home],
      { DATABASE_URL: database.url },
      RECORDER_STOP_MS,
    );
    this.#child(
      "web",
      [...HEAP_FLAGS, "node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", String(port)],
      {
        NODE_ENV: "production",
        NEXT_MANUAL_SIG_HANDLE: "1",
        NEXT_TELEMETRY_DISABLED: "1",
        CROSSDESK_DESK_HOME: home,
        CROSSDESK_EPOCH_MIN: String(database.lastEpoch),
        DATABASE_URL: database.url,
        ...(distDir === undefined ? {} : { CROSSDESK_DIST: distDir }),
      },
      WEB_STOP_MS,
    );
    await this.#until("the pages", () => answers(port));
    await this.#until("the engine", () => this.#isUp("engine"));
    const address = writeAddress(home, "web", { port, token: "none" });
    await this.#onStop(async () => removeAddress(home, "web", address.token));
    this.#url = `http://127.0.0.1:${port}`;
    this.#phase = "running";
    if (desk.armAtStart) {
      const end = armWhenReady({ home, profile: start.profile, log, say });
      await this.#onStop(async () => end());
    }
  }

  running(): RunningDesk {
    const url = `${this.#url ?? ""}/start?token=${issueStartToken(this.#options.home)}`;
    return { url, status: () => this.status(), ended: this.#ended, stop: () => void this.stop() };
  }

  status(): SupervisorStatus {
    return {
      pid: process.pid,
      home: this.#options.home,
      url: this.#url,
      startedAtMs: this.#startedAtMs,
      phase: this.#phase,
      processes: [
        ...(this.#database === undefined ? [] : [this.#database.status()]),
        ...this.#children.map(({ name, pid, restarts, startedAtMs, trouble }) => ({
          name,
          pid,
          restarts,
          startedAtMs,
          trouble,
        })),
      ],
    };
  }

  async stop(): Promise<void> {
    if (this.#stopping !== undefined) {
      this.#hurry = true;
      return this.#stopping;
    }
    this.#phase = "stopping";
    this.#stopping = this.#takeDown();
    return this.#stopping;
  }

  async #takeDown(): Promise<void> {
    const { say, log } = this.#options;
    say("stopping: orders are cancelled first");
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop())
      try {
        await (this.#hurry ? Promise.race([undo(), sleep(HURRY_MS)]) : undo());
      } catch (error) {
        log.error("a part of the desk did not stop as it should", { error });
      }
    this.#phase = "ended";
    this.#markEnded();
  }

  #child(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    stopWithinMs: number,
  ): void {
    const { root, home, log, nowMs, say } = this.#options;
    const child = keepAlive(
      { name, args, env: { ...ALLOCATOR, ...env }, cwd: root, logDir: join(home, "log"), stopWithinMs },
      { log, nowMs, onDeath: (text) => say(`${name}: ${text}`) },
    );
    this.#children.push(child);
    this.#undo.push(() => child.stop());
  }

  /** What has come up after the taking down had begun is taken down at once. */
  async #onStop(undo: () => Promise<void>): Promise<void> {
    if (this.#stopping === undefined) this.#undo.push(undo);
    else await undo();
  }

  /** An address of before this start belongs to somebody who is gone, whatever process has its number now. */
  #isUp(name: "lab" | "engine"): boolean {
    const address = readAddress(this.#options.home, name);
    return address !== undefined && address.startedAtMs >= this.#startedAtMs;
  }

  async #until(what: string, isUp: () => boolean | Promise<boolean>): Promise<void> {
    const { home, nowMs, say } = this.#options;
    await untilUp({
      what,
      isUp,
      hasDied: () => this.#children.some(({ restarts }) => restarts > 0),
      requireGoingOn: () => this.#requireGoingOn(),
      logFolder: join(home, "log"),
      nowMs,
      say,
    });
  }

  #requireGoingOn(): void {
    if (this.#stopping !== undefined) throw new UserError("stopped before the desk was up");
  }
}

async function prepare(home: string, start: StartOptions["start"], nowUs: () => number): Promise<DeskFile> {
  switch (start.profile) {
    case "demo":
    case "replay":
      return prepareDesk(home, start, nowUs());
    case "paper":
    case "live":
      return prepareReal(home, start, nowUs);
  }
}

/** Undefined: its venues are real. */
function labOf({ profile }: DeskFile): string | undefined {
  switch (profile) {
    case "demo":
    case "replay":
      return "dist/lab.mjs";
    case "paper":
      return "dist/paper.mjs";
    case "live":
      return undefined;
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/start`, { redirect: "manual" });
    return response.status < 500;
  } catch {
    return false;
  }
}

async function requireFreePort(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () =>
      reject(new UserError(`port ${port} is taken: choose another with --port, or end what listens there`)),
    );
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}
