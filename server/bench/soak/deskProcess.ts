/**
 * The desk as a person starts it, `desk start`, whose processes are killed: it starts again what died, and when
 * it has died itself it is started again, as a person would, until it comes up. Linux only, for its /proc.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readAddress } from "../../host/addressFile.ts";
import { repositoryRoot } from "../../host/deskHome.ts";
import { readTree } from "../memory/processTree.ts";
import { describeVictims, VICTIMS, type Victim } from "./plan.ts";

/** A first build on two busy cores, then initdb; later a web server that outlives its supervisor for 15 s. */
const START_WITHIN_MS = 300_000;
/** The supervisor's longest back-off, and a start, on a machine that does much else. */
const BACK_WITHIN_MS = 120_000;
/** The parts of a desk have 15 s each to end. */
const STOP_WITHIN_MS = 60_000;
const POLL_MS = 50;
/** From a start that was refused to the next. */
const RETRY_MS = 500;

interface DeskProcessOptions {
  /** Of the homes: CROSSDESK_HOME. */
  readonly folder: string;
  readonly home: string;
  readonly port: number;
  /** Where Next puts the pages. */
  readonly distDir: string;
  readonly note: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

export class DeskProcess {
  readonly #options: DeskProcessOptions;
  #child: ChildProcess | undefined;
  readonly #seen = new Map<Victim, number>();
  readonly #killed = new Set<number>();
  /** Whoever still waits for it to come back must not start it again. */
  #isOver = false;

  constructor(options: DeskProcessOptions) {
    this.#options = options;
  }

  /** Kills the victims that are there, all at once. */
  strike(victims: readonly Victim[]): void {
    const found = this.look();
    const hit = victims.filter((victim) => this.#kill(found.get(victim)));
    const missed = hit.length < victims.length ? `, of ${describeVictims(victims)}` : "";
    this.#options.note(`kill -9 ${describeVictims(hit)}${missed}`);
  }

  /** Resolves when everything runs that was killed. Throws when it does not come to that. */
  async comeBack(): Promise<void> {
    for (const endMs = performance.now() + BACK_WITHIN_MS; ; await sleep(POLL_MS)) {
      if (this.#hasEnded()) await this.#start();
      const found = this.look();
      const missing = VICTIMS.filter((part) => !this.#isBack(part, found.get(part)));
      if (missing.length === 0 && this.#isUp()) return;
      if (performance.now() > endMs) throw new Error(`not everything came back: no ${missing.join(", no ")}`);
    }
  }

  /** What runs; a process that has gone without having been struck is a finding. */
  look(): ReadonlyMap<Victim, number> {
    const found = this.#find();
    // Without their supervisor they end by themselves, some of them before its own end is heard of.
    if (!this.#hasEnded() && !this.#killed.has(this.#child?.pid ?? 0))
      for (const part of VICTIMS) {
        const [before, now] = [this.#seen.get(part), found.get(part)];
        if (before !== undefined && now !== before && !this.#killed.has(before))
          this.#options.onFinding(`${part} died by itself: its log is in ${this.#options.home}/log`);
        if (now === undefined) this.#seen.delete(part);
        else this.#seen.set(part, now);
      }
    return found;
  }

  /** By signal; it has to end with code 0. What is left then is killed: the database of a killed supervisor, too. */
  async stop(): Promise<void> {
    this.#isOver = true;
    const child = this.#child;
    if (child !== undefined && !this.#hasEnded()) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const code = await Promise.race([
        ended.then(([exitCode, signal]: unknown[]) => exitCode ?? signal),
        sleep(STOP_WITHIN_MS, "it goes on", { ref: false }),
      ]);
      if (code !== 0) this.#options.onFinding(`the desk was told to stop: ${String(code)}`);
    }
    for (const pid of this.#find().values()) this.#kill(pid);
  }

  /** For whoever has no time to wait. */
  abandon(): void {
    this.#isOver = true;
    if (!this.#hasEnded()) this.#child?.kill("SIGTERM");
    else for (const pid of this.#find().values()) this.#kill(pid);
  }

  async #start(): Promise<void> {
    for (const endMs = performance.now() + START_WITHIN_MS; ; await sleep(RETRY_MS)) {
      if (this.#isOver) throw new Error("the desk was stopped, and is not started again");
      const child = this.#spawn();
      const words = await this.#untilUp(child, endMs);
      if (words === undefined) return;
      this.#options.note(`the start ended: ${words}`);
      if (performance.now() > endMs) throw new Error(`the desk does not start: ${words}`);
    }
  }

  #spawn(): ChildProcess {
    const { folder, port, distDir, note } = this.#options;
    note("desk start");
    const output = openSync(this.#log(), "a");
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "server/cli/main.ts", "start", "--port", String(port)],
      {
        cwd: repositoryRoot(),
        // A database of somebody else's is none to kill.
        env: { ...process.env, CROSSDESK_HOME: folder, CROSSDESK_DIST: distDir, DATABASE_URL: "" },
        stdio: ["ignore", output, output],
        // Ctrl-C is for the soak, which stops its desk once.
        detached: true,
      },
    );
    closeSync(output);
    this.#child = child;
    // Those of the supervisor before end by themselves.
    this.#seen.clear();
    return child;
  }

  /** Undefined when it runs; its last words when it has ended before. */
  async #untilUp(child: ChildProcess, endMs: number): Promise<string | undefined> {
    for (; performance.now() < endMs; await sleep(POLL_MS)) {
      if (child.signalCode !== null) return child.signalCode;
      if (child.exitCode !== null) return readFileSync(this.#log(), "utf8").trim().split("\n").at(-1) ?? "";
      if (this.#isUp()) return undefined;
    }
    child.kill("SIGTERM");
    return "it was not up in time";
  }

  /** The venues are asked by the soak itself: they have to listen. */
  #isBack(part: Victim, pid: number | undefined): boolean {
    if (pid === undefined || this.#killed.has(pid)) return false;
    return part !== "lab" || readAddress(this.#options.home, "lab")?.pid === pid;
  }

  /** The supervisor says where the pages are once everything runs. */
  #isUp(): boolean {
    const pid = this.#child?.pid;
    return pid !== undefined && readAddress(this.#options.home, "web")?.pid === pid;
  }

  #find(): Map<Victim, number> {
    const found = new Map<Victim, number>();
    const supervisor = this.#child?.pid;
    if (supervisor !== undefined && !this.#hasEnded()) {
      found.set("supervisor", supervisor);
      for (const { pid, part } of readTree(supervisor)) {
        const victim = (["web", "recorder", "lab"] as const).find((name) => name === part);
        if (victim !== undefined && !found.has(victim)) found.set(victim, pid);
      }
    }
    // One that was taken over is nobody's child.
    const database = readPostmaster(join(this.#options.folder, "postgres"));
    if (database !== undefined) found.set("database", database);
    return found;
  }

  #kill(pid: number | undefined): boolean {
    if (pid === undefined || this.#killed.has(pid)) return false;
    process.kill(pid, "SIGKILL");
    this.#killed.add(pid);
    return true;
  }

  #hasEnded(): boolean {
    return this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #log(): string {
    return join(this.#options.folder, "start.log");
  }
}

/** Of the server that runs on a data folder. */
function readPostmaster(dataFolder: string): number | undefined {
  const path = join(dataFolder, "postmaster.pid");
  if (!existsSync(path)) return undefined;
  const pid = Number(readFileSync(path, "utf8").split("\n")[0]);
  return pid > 0 && existsSync(`/proc/${pid}`) ? pid : undefined;
}
