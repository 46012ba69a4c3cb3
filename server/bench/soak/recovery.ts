/**
 * A real desk, with supervisor, database, venues, recorder and the web server that has the engine in it, trades,
 * is killed at random instants, and must come back each time to what the venues know and to what it has promised.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { epochOfClientId } from "../../core/orders/clientId.ts";
import { ensureHome, readDeskFile, writeDeskFile } from "../../host/deskHome.ts";
import { readLabTruth } from "../../lab/service/truth.ts";
import { LinkError } from "../../link/linkError.ts";
import { splitName } from "../../venues/ccxt/gateway/names.ts";
import { freePort } from "../../store/postgres/freePort.ts";
import { readAddress } from "../../host/addressFile.ts";
import { DESK_CODE, soakDeskFile, TUNING, wallMsOf, type SoakedMarket } from "./deskFile.ts";
import { DeskProcess } from "./deskProcess.ts";
import { Journals } from "./journals.ts";
import { judgeBooks, judgeStore } from "./judge.ts";
import { Operator } from "./operator.ts";
import { hitsEngine, type Plan } from "./plan.ts";
import type { SeedReport } from "./seedReport.ts";
import { hasStored, storeUrl } from "./stored.ts";
import { until } from "./until.ts";

/**
 * Volatility is known after some 20 s of engine time. A crowd then comes in within some 15 s, or as soon as the venues'
 * counters have come down from the cancels of a seed before.
 */
const TRADING_WITHIN_MS = 90_000;
/** An act is under way within 200 ms, where it is not one that waits for a seal. */
const SENT_WITHIN_MS = 3_000;
/** From everything being back to READY, and from there to sealed, on a machine that does much else. */
const READY_WITHIN_MS = 60_000;
const SETTLED_WITHIN_MS = 40_000;
/** A place that a fill has freed is taken again within a second or two, where the venues' entry limits have room. */
const CROWDED_WITHIN_MS = 30_000;
/** Of a venue's budget of requests, when another crash is planned. */
const USED_BEFORE_MAX = 0.3;
const VENUES_MINUTE_MS = 60_000;
/** The recorder writes down its position once a second. */
const STORED_WITHIN_MS = 60_000;
/** READY is timed by it. */
const POLL_MS = 20;

/** What is under way to the venue rests there or not yet; what is in doubt is counted as neither. */
const RESTING: ReadonlySet<string> = new Set(["OPEN", "PARTIALLY_FILLED", "PENDING_AMEND", "PENDING_CANCEL"]);

/** What is found after the first few is what follows from them. */
const FINDINGS_MAX = 20;

export interface SoakOptions {
  /** Of this desk alone; the database's user has to get to its data in it. */
  readonly folder: string;
  /** Of its market. */
  readonly seed: number;
  /** Engine seconds per second. */
  readonly clockSpeed: number;
  /** Where Next puts the pages. */
  readonly distDir: string;
  readonly market?: SoakedMarket;
  /** That have to rest when the blow falls on a desk that trades, which is left alone for it; absent: not judged. */
  readonly ordersMin?: number;
  /** Of `readyAfterExpiryMs`; absent: not judged. */
  readonly readyWithinMs?: number;
}

export class SoakedDesk {
  readonly #home: string;
  readonly #folder: string;
  readonly #process: DeskProcess;
  readonly #journals: Journals;
  readonly #operator: Operator;
  #findings: string[] = [];
  #epochStruck = 0;
  #fillsHeard = 0;
  #fillsBefore = 0;
  readonly #readyWithinMs: number;
  readonly #ordersMin: number;
  #ordersLive = 0;
  #readyAfterExpiryMs: number | undefined;
  readonly #abandon = (): void => this.#process.abandon();

  /** Throws when it does not start; nothing runs then. A process that ends before it was stopped gives it up. */
  static async start(options: SoakOptions): Promise<SoakedDesk> {
    const desk = new SoakedDesk(options, await freePort(0));
    process.once("exit", desk.#abandon);
    try {
      await desk.#process.comeBack();
    } catch (error) {
      await desk.stop();
      throw error;
    }
    return desk;
  }

  private constructor(
    {
      folder,
      seed,
      clockSpeed,
      distDir,
      market = "demo",
      ordersMin = 0,
      readyWithinMs = Infinity,
    }: SoakOptions,
    port: number,
  ) {
    const home = join(folder, "demo");
    ensureHome(home);
    const file = soakDeskFile(seed, clockSpeed, Date.now(), market);
    writeDeskFile(home, file);
    this.#readyWithinMs = readyWithinMs;
    this.#ordersMin = ordersMin;
    // Real venues do not die with a desk; in the lab's own sessions it is one of the desk's processes.
    const isLabApart = file.venues === "wire";
    const note = (text: string): void => this.#note(text);
    const onFinding = (text: string): void => this.#find(text);
    this.#home = home;
    this.#folder = folder;
    this.#process = new DeskProcess({ folder, home, port, distDir, isLabApart, note, onFinding });
    this.#journals = new Journals(home, onFinding);
    this.#operator = new Operator({ home, seed, tuning: TUNING[market], note, onFinding });
    this.#operator.link.follow("fills", undefined, {
      lines: (lines) => (this.#fillsHeard += lines.length),
      resync: () => undefined,
    });
  }

  /** One crash, or two of which one befalls the way back, and everything that is to be true afterwards. */
  async crash(plan: Plan): Promise<SeedReport> {
    const startedMs = performance.now();
    this.#findings = [];
    const { acknowledged } = this.#operator;
    const { runs, events } = this.#journals;
    let readyMs: number | undefined;
    this.#readyAfterExpiryMs = undefined;
    try {
      await until(() => this.#mayAskAgain(), VENUES_MINUTE_MS, POLL_MS);
      await this.#trade(plan);
      readyMs = await this.#comeToReady(plan, await this.#strike(plan));
      await this.#operator.rest();
      if (await this.#settle()) await this.#judgeAll();
      this.#process.look();
    } catch (error) {
      this.#find(
        `the soak broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    } finally {
      await this.#operator.rest();
    }
    const fills = this.#journals.lines.filter(({ type }) => type === "fill").length;
    const fillsNew = fills - this.#fillsBefore;
    this.#fillsBefore = fills;
    return {
      plan,
      findings: this.#findings,
      readyMs,
      readyAfterExpiryMs: this.#readyAfterExpiryMs,
      ordersLive: this.#ordersLive,
      fills,
      fillsNew,
      runs: this.#journals.runs - runs,
      events: this.#journals.events - events,
      acts: this.#operator.acknowledged - acknowledged,
      tookMs: performance.now() - startedMs,
    };
  }

  /** As Ctrl-C does. What it finds then is returned. */
  async stop(): Promise<readonly string[]> {
    this.#findings = [];
    this.#operator.link.close();
    await this.#process.stop();
    process.off("exit", this.#abandon);
    return this.#findings;
  }

  /** Returns at the instant of the blow. */
  async #trade({ during, fillsMin, afterMs, stops }: Plan): Promise<void> {
    this.#fillsHeard = 0;
    // Whoever interferes takes orders away.
    const isLeftAlone = this.#ordersMin > 0;
    const tune = !isLeftAlone;
    this.#operator.licence = { arm: true, restrict: false, stop: false, tune };
    this.#operator.start();
    await until(
      async () =>
        this.#operator.desk?.state === "ACTIVE" &&
        this.#fillsHeard >= fillsMin &&
        (await this.#countOrders()) >= this.#ordersMin,
      TRADING_WITHIN_MS,
      POLL_MS,
    );
    this.#operator.licence = { arm: true, restrict: !isLeftAlone, stop: stops && !isLeftAlone, tune };
    if (during !== "trading") await this.#operator.send(during, SENT_WITHIN_MS);
    await sleep(afterMs);
    // Each fill takes one away for a moment; a stop takes all.
    const isCrowded = async (): Promise<boolean> =>
      (this.#ordersLive = await this.#countOrders()) >= this.#ordersMin || during !== "trading";
    await until(isCrowded, CROWDED_WITHIN_MS, POLL_MS);
    // Nobody trades again before the books have been compared.
    this.#operator.licence = { arm: false, restrict: !isLeftAlone, stop: false, tune };
  }

  /** Resolves when everything is back, with the instant of the last blow. */
  async #strike({ during, fillsMin, victims, again }: Plan): Promise<number> {
    const { promises } = this.#operator;
    // A crash of a desk that has nothing to lose proves nothing.
    if (this.#fillsHeard < fillsMin) this.#find(`${this.#fillsHeard} fills at the blow, not ${fillsMin}`);
    if (during === "trading" && this.#ordersLive < this.#ordersMin)
      this.#find(`${this.#ordersLive} orders rest at the blow, not ${this.#ordersMin}`);
    this.#epochStruck = promises.epoch;
    this.#note(`run ${promises.epoch}, ${this.#fillsHeard} fills since`);
    let struckAtMs = performance.now();
    this.#process.strike(victims);
    if (again !== undefined)
      await Promise.all([
        this.#process.comeBack(),
        sleep(again.afterMs).then(() => {
          if (hitsEngine(again.victims)) this.#epochStruck = promises.epoch;
          struckAtMs = performance.now();
          this.#process.strike(again.victims);
        }),
      ]);
    await this.#process.comeBack();
    return struckAtMs;
  }

  /** With how long it took, unless the last blow was one that the engine has not felt. */
  async #comeToReady({ victims, again }: Plan, struckAtMs: number): Promise<number | undefined> {
    if (!hitsEngine([...victims, ...(again?.victims ?? [])])) return undefined;
    const isReady = await this.#isReady();
    const readyMs = Math.round(performance.now() - struckAtMs);
    if (!isReady) this.#find(this.#describe("not READY"));
    else await this.#judgeTime(Date.now());
    await this.#judgeReady();
    return isReady && hitsEngine(again?.victims ?? victims) ? readyMs : undefined;
  }

  /** In a run after the one that was struck. */
  async #isReady(): Promise<boolean> {
    return until(
      () => {
        const { hasMet, desk, promises } = this.#operator;
        const isAnother = hasMet && promises.epoch > this.#epochStruck;
        return isAnother && desk?.accounts.every(({ status }) => status === "READY") === true;
      },
      READY_WITHIN_MS,
      POLL_MS,
    );
  }

  /** Before its requests have expired no engine can know that none of an earlier run is still to come. */
  async #judgeTime(readyAtMs: number): Promise<void> {
    const file = readDeskFile(this.#home);
    const { startedAtUs } = await this.#operator.link.ask({ ask: "system" });
    const venuesAtMs = readAddress(this.#home, "lab")?.startedAtMs ?? 0;
    const expiryMs = Math.max(...file.config.accounts.map(({ requestExpiryMs }) => requestExpiryMs));
    const expiredAtMs =
      Math.max(wallMsOf(file, startedAtUs), venuesAtMs) + expiryMs / (file.clock?.speed ?? 1);
    this.#readyAfterExpiryMs = Math.round(readyAtMs - expiredAtMs);
    if (this.#readyAfterExpiryMs > this.#readyWithinMs)
      this.#find(`READY ${this.#readyAfterExpiryMs} ms after the last request had expired`);
  }

  /** Real desks are not killed five times a minute, and venues count by the minute what a way back costs. */
  #mayAskAgain(): boolean {
    const { desk } = this.#operator;
    return desk?.accounts.every(({ requests }) => (requests?.usedFrac ?? 0) < USED_BEFORE_MAX) === true;
  }

  /** That rest, as the engine has them. Nobody answers: none. */
  async #countOrders(): Promise<number> {
    try {
      const orders = await this.#operator.link.ask({ ask: "openOrders" });
      return orders.filter(({ status }) => RESTING.has(status)).length;
    } catch (error) {
      if (error instanceof LinkError) return 0;
      throw error;
    }
  }

  /** READY says that nothing of an earlier run rests any more and that every fill is in the books. */
  async #judgeReady(): Promise<void> {
    const { epoch } = this.#operator.promises;
    const truth = await readLabTruth(this.#home);
    for (const [account, { openOrders }] of truth)
      for (const { clientId } of openOrders)
        if ((epochOfClientId(splitName(clientId, DESK_CODE)?.clientId ?? "", DESK_CODE) ?? 0) < epoch)
          this.#find(`at READY: ${clientId} of a run before ${epoch} rests at ${account}`);
    await this.#readOn();
    judgeBooks(truth, this.#journals, (text) => this.#find(`at READY: ${text}`));
  }

  /** Disarmed, READY, sealed, and nothing left at any venue; false when it does not come to that. */
  async #settle(): Promise<boolean> {
    const isSettled = async (): Promise<boolean> =>
      (await this.#operator.disarm()) &&
      (this.#operator.desk?.accounts ?? []).every(
        ({ status, sealedAtUs }) => status === "READY" && sealedAtUs !== undefined,
      );
    if (!(await until(isSettled, SETTLED_WITHIN_MS, POLL_MS))) {
      this.#find(this.#describe("not READY and sealed"));
      return false;
    }
    for (const [account, { openOrders }] of await readLabTruth(this.#home))
      for (const { clientId } of openOrders) this.#find(`${clientId} still rests at ${account}`);
    for (const { clientId, status } of await this.#operator.link.ask({ ask: "openOrders" }))
      this.#find(`the engine has ${clientId} as ${status}`);
    if (!(await this.#operator.holdToIt())) this.#find("the engine did not answer at the end");
    return true;
  }

  async #judgeAll(): Promise<void> {
    const at = await this.#readOn();
    judgeBooks(await readLabTruth(this.#home), this.#journals, (text) => this.#find(text));
    if (await until(() => hasStored(this.#home, at), STORED_WITHIN_MS))
      await judgeStore(storeUrl(this.#folder), this.#journals, at, (text) => this.#find(text));
    else this.#find("the recorder did not come after the engine in time");
  }

  /** Takes the journal in up to the engine's newest event, and says which it was. */
  async #readOn(): Promise<{ readonly epoch: number; readonly seq: number }> {
    const { epoch, seq } = await this.#operator.link.ask({ ask: "system" });
    const isThere = (): boolean => {
      this.#journals.readOn();
      return this.#journals.has(epoch, seq);
    };
    if (await until(isThere, SETTLED_WITHIN_MS)) return { epoch, seq };
    throw new Error(`event ${seq} of run ${epoch} does not get into the journal`);
  }

  #describe(what: string): string {
    const accounts = this.#operator.desk?.accounts.map(
      ({ account, status, brokenBy, sealedAtUs }) =>
        `${account} ${status}${sealedAtUs === undefined ? ", not sealed" : ""} ${brokenBy ?? ""}`,
    );
    return `${what} in time: ${accounts?.join("; ") ?? "no engine answers"}`;
  }

  #note(text: string): void {
    const line = { time: new Date().toISOString(), text };
    appendFileSync(join(this.#folder, "soak.log"), `${JSON.stringify(line)}\n`);
  }

  #find(text: string): void {
    this.#note(`FOUND ${text}`);
    if (this.#findings.length < FINDINGS_MAX) this.#findings.push(text);
  }
}
