/**
 * One seed: a desk of real processes trades, is killed piece by piece at random instants, and must come back
 * each time to what the venues know and to what it has promised.
 */
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../contract/errors.ts";
import { epochOfClientId } from "../../core/orders/clientId.ts";
import { ensureHome, writeDeskFile } from "../../host/deskHome.ts";
import { readLabTruth } from "../../lab/service/truth.ts";
import { readRecorderStatus } from "../../recorder/statusFile.ts";
import type { Database } from "./database.ts";
import { DESK_CODE, soakDeskFile } from "./deskFile.ts";
import { readPast, type Past } from "./journals.ts";
import { judgeBooks, judgeStore } from "./judge.ts";
import { Operator } from "./operator.ts";
import { planOf, type Blow, type Plan } from "./plan.ts";
import { Processes } from "./processes.ts";

/** Volatility is known after some 20 s of engine time; a desk that does not trade by then is struck all the same. */
const TRADING_WITHIN_MS = 20_000;

/** From the last blow to READY and sealed, on a machine that does much else. */
const SETTLED_WITHIN_MS = 40_000;
const POLL_MS = 20;

/** What is found after the first few is what follows from them. */
const FINDINGS_MAX = 20;

export interface SeedReport {
  readonly seed: number;
  readonly engine: Plan["engine"];
  readonly clockSpeed: number;
  readonly blows: readonly string[];
  readonly findings: readonly string[];
  readonly fills: number;
  readonly runs: number;
  readonly events: number;
  /** Acts of people that the engine has acknowledged. */
  readonly acts: number;
  /** Notices that tell what recovery met with, by code. */
  readonly notices: Readonly<Record<string, number>>;
  /** From the start of what was needed and missing until every account was READY, engine by engine. */
  readonly readyMs: readonly number[];
  readonly tookMs: number;
  /** Where it is kept. */
  readonly home: string | undefined;
}

export interface SeedOptions {
  readonly seed: number;
  /** Cuts the seed's plan short. */
  readonly blowsMax?: number | undefined;
  readonly database: Database;
  /** Of the bundled processes. */
  readonly bundles: string;
  /** Homes are made in it. */
  readonly folder: string;
  /** Also of a desk that passes. */
  readonly keepHome?: boolean | undefined;
}

export async function runSeed(options: SeedOptions): Promise<SeedReport> {
  const { seed, database, bundles, folder } = options;
  const startedMs = performance.now();
  const plan = planOf(seed, options.blowsMax);
  const home = join(folder, `seed-${seed}`);
  const findings: string[] = [];
  ensureHome(home);
  const note = (text: string): void => {
    const line = { time: new Date().toISOString(), text };
    appendFileSync(join(home, "soak.log"), `${JSON.stringify(line)}\n`);
  };
  const onFinding = (text: string): void => {
    note(`FOUND ${text}`);
    if (findings.length < FINDINGS_MAX) findings.push(text);
  };
  writeDeskFile(home, soakDeskFile(seed, plan.clockSpeed, Date.now()));
  const databaseName = `soak_${seed}`;
  const databaseUrl = await database.create(databaseName);
  const processes = new Processes({ home, bundles, plan, database, databaseUrl, onFinding });
  const desk = new SoakedDesk({ home, plan, processes, note, onFinding });
  let past: Past | undefined;
  try {
    processes.startAll();
    await desk.suffer();
    const isSettled = await desk.settle();
    if (isSettled) {
      await processes.stop("engine");
      await desk.untilRecording();
      await processes.stop("recorder");
    } else await processes.kill("engine");
    // Of a desk that does not settle the journals may tell why.
    past = await readPast(home, onFinding);
    if (isSettled) {
      judgeBooks(await readLabTruth(home), past, onFinding);
      await judgeStore(databaseUrl, past, onFinding);
      await processes.stop("lab");
    }
  } catch (error) {
    onFinding(
      `the soak itself broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  } finally {
    await desk.leave();
    await processes.killAll();
  }
  const isKept = findings.length > 0 || options.keepHome === true;
  if (!isKept) {
    await database.drop(databaseName);
    rmSync(home, { recursive: true, force: true });
  }
  return {
    seed,
    engine: plan.engine,
    clockSpeed: plan.clockSpeed,
    blows: plan.blows.map(({ victims }) => victims.join("+")),
    findings,
    fills: past?.lines.filter(({ type }) => type === "fill").length ?? 0,
    runs: past?.runs ?? 0,
    events: past?.events ?? 0,
    acts: desk.operator.acknowledged,
    notices: countNotices(past),
    readyMs: desk.readyMs,
    tookMs: performance.now() - startedMs,
    home: isKept ? home : undefined,
  };
}

interface SoakedDeskOptions {
  readonly home: string;
  readonly plan: Plan;
  readonly processes: Processes;
  readonly note: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

class SoakedDesk {
  readonly operator: Operator;
  readonly readyMs: number[] = [];
  readonly #options: SoakedDeskOptions;
  /** The engine is missing, or not READY yet. */
  #away: { readonly sinceMs: number; readonly epoch: number } | undefined;
  #fills = 0;
  readonly #looks: Promise<void>[] = [];

  constructor(options: SoakedDeskOptions) {
    const { home, plan, processes, note, onFinding } = options;
    this.#options = options;
    this.operator = new Operator({
      home,
      plan,
      engineStartedAtMs: () => processes.startedAtMs("engine"),
      onReady: () => this.#noteReady(),
      note,
      onFinding,
    });
    this.operator.link.follow("fills", undefined, {
      lines: (lines) => (this.#fills += lines.length),
      resync: () => undefined,
    });
  }

  async suffer(): Promise<void> {
    this.operator.start();
    for (const blow of this.#options.plan.blows) {
      await this.#until(blow.onto);
      await sleep(blow.afterMs);
      await this.#strike(blow);
    }
    await this.#options.processes.allBack();
    await this.operator.rest();
  }

  /** Disarmed, READY, sealed, and nothing left at any venue; false when it does not come to that. */
  async settle(): Promise<boolean> {
    const isSettled = async (): Promise<boolean> => {
      if (!(await this.operator.disarm())) return false;
      return (this.operator.desk?.accounts ?? []).every(
        ({ status, sealedAtUs }) => status === "READY" && sealedAtUs !== undefined,
      );
    };
    if (!(await until(isSettled, SETTLED_WITHIN_MS))) {
      const accounts = this.operator.desk?.accounts.map(
        ({ account, status, brokenBy, sealedAtUs }) =>
          `${account} ${status}${sealedAtUs === undefined ? ", not sealed" : ""} ${brokenBy ?? ""}`,
      );
      this.#options.onFinding(`not READY and sealed in time: ${accounts?.join("; ") ?? "no engine answers"}`);
      return false;
    }
    for (const [account, { openOrders }] of await readLabTruth(this.#options.home))
      for (const { clientId } of openOrders) this.#options.onFinding(`${clientId} still rests at ${account}`);
    const known = await this.operator.link.ask({ ask: "openOrders" });
    for (const { clientId, status } of known)
      this.#options.onFinding(`the engine has ${clientId} as ${status}`);
    if (!(await this.operator.holdToIt())) this.#options.onFinding("the engine did not answer at the end");
    return true;
  }

  /** One that is still starting would have nothing to drain yet. */
  async untilRecording(): Promise<void> {
    const { home, processes, onFinding } = this.#options;
    const isRecording = (): boolean => {
      const status = readRecorderStatus(home);
      return status?.database === "up" && status.atMs > processes.startedAtMs("recorder");
    };
    if (!(await until(isRecording, SETTLED_WITHIN_MS))) onFinding("the recorder did not get to work");
  }

  async leave(): Promise<void> {
    await this.operator.rest();
    await Promise.all(this.#looks);
    this.operator.link.close();
  }

  async #strike(blow: Blow): Promise<void> {
    const { epoch } = this.operator.promises;
    this.#options.note(`kill -9 ${blow.victims.join(", ")} in run ${epoch}, ${this.#fills} fills since`);
    await this.#options.processes.strike(blow);
    this.#fills = 0;
    const { engine, lab } = blow.downMs;
    if (engine !== undefined) this.#away = { sinceMs: performance.now() + Math.max(engine, lab ?? 0), epoch };
    else if (lab !== undefined) this.#away = undefined;
  }

  #noteReady(): void {
    if (this.#away === undefined || this.operator.promises.epoch <= this.#away.epoch) return;
    this.readyMs.push(Math.round(performance.now() - this.#away.sinceMs));
    this.#options.note("every account is READY");
    this.#away = undefined;
    this.#looks.push(this.#lookForStrays());
  }

  /** READY says that nothing of an earlier run rests any more. */
  async #lookForStrays(): Promise<void> {
    const { home, onFinding } = this.#options;
    const { epoch } = this.operator.promises;
    let truth;
    try {
      truth = await readLabTruth(home);
    } catch (error) {
      // Struck meanwhile: its open orders are gone with it.
      if (error instanceof UserError) return;
      throw error;
    }
    for (const [account, { openOrders }] of truth)
      for (const { clientId } of openOrders)
        if ((epochOfClientId(clientId, DESK_CODE) ?? epoch) < epoch)
          onFinding(`run ${epoch} is READY, and ${clientId} of an earlier one rests at ${account}`);
  }

  async #until(target: Blow["onto"]): Promise<void> {
    const isThere = {
      trading: () => this.operator.desk?.state === "ACTIVE" && this.#fills > 0,
      recovering: () => this.operator.hasMet,
      anything: () => true,
    }[target];
    await until(isThere, TRADING_WITHIN_MS);
  }
}

async function until(isSo: () => boolean | Promise<boolean>, waitMs: number): Promise<boolean> {
  for (const endMs = performance.now() + waitMs; performance.now() < endMs; await sleep(POLL_MS))
    if (await isSo()) return true;
  return false;
}

function countNotices(past: Past | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of past?.lines ?? [])
    if (line.type === "notice" && line.severity !== "info") counts[line.code] = (counts[line.code] ?? 0) + 1;
  return counts;
}
