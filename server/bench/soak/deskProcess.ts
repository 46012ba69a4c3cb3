/**
 * The desk as a person starts it, `desk start`, whose processes are killed: it starts again what died, and when
 * it has died itself it is started again, as a person would, until it comes up. So are venues that it does not run
 * itself. Linux only, for its /proc.
 */
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readAddress } from "../../host/addressFile.ts";
import { readTree } from "../memory/processTree.ts";
import { endCommand, isRunning, spawnCommand } from "./commandProcess.ts";
import { describeVictims, VICTIMS, type Victim } from "./plan.ts";

/** A first build on two busy cores, then initdb; later a web server that outlives its supervisor for 15 s. */
const START_WITHIN_MS = 300_000;
/** The supervisor's longest back-off, and a start, on a machine that does much else. */
const BACK_WITHIN_MS = 120_000;
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
  /** The venues are a process of their own, `desk lab`, which lives on when the desk dies, as real ones do. */
  readonly isLabApart: boolean;
  readonly note: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

export class DeskProcess {
  readonly #options: DeskProcessOptions;
  #child: ChildProcess | undefined;
  /** Where the venues are apart. */
  #lab: ChildProcess | undefined;
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
      this.#keepLab();
      if (!isRunning(this.#child)) await this.#start();
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
    if (isRunning(this.#child) && !this.#killed.has(this.#child.pid))
      for (const part of VICTIMS) {
        const [before, now] = [this.#seen.get(part), found.get(part)];
        if (before !== undefined && now !== before && !this.#killed.has(before))
          this.#options.onFinding(`${part} died by itself: its log is in ${this.#options.home}/log`);
        if (now === undefined) this.#seen.delete(part);
        else this.#seen.set(part, now);
      }
    return found;
  }

  /**
   * By signal, the desk first, so that it still finds its venues. What is left then is killed: the database of a
   * killed supervisor, too.
   */
  async stop(): Promise<void> {
    this.#isOver = true;
    for (const [what, child] of [
      ["desk", this.#child],
      ["lab", this.#lab],
    ] as const) {
      const failure = await endCommand(child);
      if (failure !== undefined) this.#options.onFinding(`the ${what} was told to stop: ${failure}`);
    }
    for (const pid of this.#find().values()) this.#kill(pid);
  }

  /** For whoever has no time to wait. */
  abandon(): void {
    this.#isOver = true;
    this.#lab?.kill("SIGTERM");
    if (isRunning(this.#child)) this.#child.kill("SIGTERM");
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
    const { folder, port, distDir, isLabApart, note } = this.#options;
    note("desk start");
    const child = spawnCommand({
      words: ["start", "--port", String(port), ...(isLabApart ? ["--no-lab"] : [])],
      // A database of somebody else's is none to kill.
      env: { CROSSDESK_HOME: folder, CROSSDESK_DIST: distDir, DATABASE_URL: "" },
      log: this.#log(),
    });
    this.#child = child;
    // Those of the supervisor before end by themselves.
    this.#seen.clear();
    return child;
  }

  #keepLab(): void {
    const { folder, isLabApart, note } = this.#options;
    if (!isLabApart || isRunning(this.#lab) || this.#isOver) return;
    note("desk lab");
    const log = join(folder, "lab.log");
    this.#lab = spawnCommand({ words: ["lab"], env: { CROSSDESK_HOME: folder }, log });
  }

  /** Undefined when it runs; its last words when it has ended before. */
  async #untilUp(child: ChildProcess, endMs: number): Promise<string | undefined> {
    for (; performance.now() < endMs; await sleep(POLL_MS)) {
      if (child.signalCode !== null) return child.signalCode;
      if (child.exitCode !== null) return readFileSync(this.#log(), "utf8").trim().split("\n").at(-1) ?? "";
      if (this.#isUp()) return undefined;
      this.#keepLab();
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
    if (isRunning(this.#lab)) found.set("lab", this.#lab.pid);
    if (isRunning(this.#child)) {
      found.set("supervisor", this.#child.pid);
      for (const { pid, part } of readTree(this.#child.pid)) {
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
