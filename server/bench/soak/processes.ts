/**
 * The processes of one desk. A death that was asked for is followed by a new start, as the supervisor would;
 * any other is a finding.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { repositoryRoot } from "../../host/deskHome.ts";
import type { Database } from "./database.ts";
import type { Blow, Plan, Victim } from "./plan.ts";

/** In the order of a stop: what cancels goes first. */
const CHILDREN = ["engine", "recorder", "lab"] as const;
type ChildName = (typeof CHILDREN)[number];

/** The engine seals its accounts first; the others answer at once. */
const STOP_WITHIN_MS = 20_000;

interface ProcessesOptions {
  readonly home: string;
  readonly bundles: string;
  readonly plan: Plan;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly onFinding: (text: string) => void;
}

export class Processes {
  readonly #options: ProcessesOptions;
  readonly #children = new Map<ChildName, ChildProcess>();
  readonly #startedAtMs = new Map<ChildName, number>();
  readonly #expected = new WeakSet<ChildProcess>();
  readonly #returns = new Set<Promise<void>>();

  constructor(options: ProcessesOptions) {
    this.#options = options;
    mkdirSync(join(options.home, "log"), { mode: 0o700 });
  }

  /** By the wall clock. */
  startedAtMs(name: ChildName): number {
    return this.#startedAtMs.get(name) ?? 0;
  }

  startAll(): void {
    for (const name of CHILDREN.toReversed()) this.#start(name);
  }

  /** All victims die before anything starts again; resolves at their death. */
  async strike({ victims, downMs }: Blow): Promise<void> {
    // One that is on its way back is not struck twice.
    await this.allBack();
    await Promise.all(victims.map((victim) => this.kill(victim)));
    for (const victim of victims) this.#return(victim, downMs[victim] ?? 0);
  }

  /** Every process that was killed has been started again. */
  async allBack(): Promise<void> {
    await Promise.all(this.#returns);
  }

  /** By signal; it has to end with code 0. */
  async stop(name: ChildName): Promise<void> {
    const child = this.#children.get(name);
    if (child === undefined || hasEnded(child)) return;
    this.#expected.add(child);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const code = await Promise.race([
      ended.then(([exitCode, signal]: unknown[]) => exitCode ?? signal),
      sleep(STOP_WITHIN_MS, "it goes on", { ref: false }),
    ]);
    if (code !== 0) this.#options.onFinding(`${name} was told to stop: ${String(code)}`);
  }

  async killAll(): Promise<void> {
    await this.allBack();
    for (const name of CHILDREN) await this.kill(name);
  }

  #start(name: ChildName): void {
    const { home, bundles, plan, databaseUrl, onFinding } = this.#options;
    const entry = name === "engine" && plan.engine === "thread" ? "engineHost" : name;
    const output = openSync(join(home, "log", `${name}.log`), "a", 0o600);
    const child = spawn(process.execPath, [join(bundles, `${entry}.mjs`), "--home", home], {
      cwd: repositoryRoot(),
      env: { ...process.env, DATABASE_URL: databaseUrl },
      stdio: ["ignore", output, output, "ipc"],
    });
    closeSync(output);
    this.#children.set(name, child);
    this.#startedAtMs.set(name, Date.now());
    child.once("exit", (code, signal) => {
      if (!this.#expected.has(child)) onFinding(`${name} died by itself: ${signal ?? `exit code ${code}`}`);
    });
  }

  /** Resolves at its death. */
  async kill(victim: Victim): Promise<void> {
    if (victim === "database") return this.#options.database.kill();
    const child = this.#children.get(victim);
    if (child === undefined || hasEnded(child)) return;
    this.#expected.add(child);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  #return(victim: Victim, downMs: number): void {
    const back = sleep(downMs).then(async () => {
      if (victim === "database") await this.#options.database.start();
      else this.#start(victim);
    });
    const settled = back
      .catch((error: unknown) => this.#options.onFinding(`${victim} does not start again: ${String(error)}`))
      .finally(() => this.#returns.delete(settled));
    this.#returns.add(settled);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
