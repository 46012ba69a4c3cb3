/**
 * `npm run soak -- start`: what a newcomer sees. The demo desk is started from nothing, its pages built, watched at its
 * defaults, does without its database for a minute, is ended as by Ctrl-C and started again.
 */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineLink } from "../../contract/link.ts";
import type { DeskView } from "../../contract/views.ts";
import { ensureHome, readDeskFile, repositoryRoot } from "../../host/deskHome.ts";
import { readLabTruth } from "../../lab/service/truth.ts";
import { connectLink, untilConnected } from "../../link/client.ts";
import { freePort } from "../../store/postgres/freePort.ts";
import { DeskProcess } from "./deskProcess.ts";
import { endWithin } from "./endWithin.ts";
import { until } from "./until.ts";
import { readPast, settle } from "./wireRun.ts";
import { judgeDatabase } from "./wireSoak.ts";

/** Of the design, from the end of the install on. */
const READY_WITHIN_MS = 90_000;
const READY_AGAIN_WITHIN_MS = 15_000;
const FILLS_WITHIN_MS = 180_000;
/** Of every symbol that is quoted. */
const UPTIME_MIN = 0.9;

const DATABASE_AWAY_MS = 60_000;
const POLL_MS = 500;
const CONNECTED_WITHIN_MS = 30_000;
/** Both starts, at their limits. */
const AROUND_MS = 12 * 60_000;

export interface StartSoakOptions {
  /** Of this desk alone; the database's user has to get to its data in it. */
  readonly folder: string;
  readonly minutes: number;
  /** Where Next puts the pages; what is there goes, before and after. */
  readonly distDir: string;
  readonly say: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

export interface StartSoakReport {
  readonly minutes: number;
  /** From the command to the address of the pages, their build included. */
  readonly readyMs: number;
  /** From there to a fill in every symbol that is quoted at a venue; undefined: not within the minutes. */
  readonly fillsEverywhereMs: number | undefined;
  /** Of the time since the first decision, by venue and symbol. */
  readonly twoSidedFrac: Readonly<Record<string, number>>;
  /** Made while the database was away. */
  readonly fillsWithoutDatabase: number;
  readonly readyAgainMs: number;
}

/** Ends by itself: within its minutes and those of the starts, whatever fails. */
export async function soakStart(options: StartSoakOptions): Promise<StartSoakReport> {
  const { folder, minutes, distDir, say, onFinding } = options;
  const home = join(folder, "demo");
  ensureHome(home);
  const pages = join(repositoryRoot(), distDir);
  const port = await freePort(0);
  const create = (): DeskProcess =>
    new DeskProcess({ folder, home, port, distDir, isLabApart: false, note: say, onFinding });
  let desk = create();
  const abandon = (): void => desk.abandon();
  process.once("exit", abandon);
  rmSync(pages, { recursive: true, force: true });
  try {
    return await endWithin(minutes * 60_000 + AROUND_MS, async () => {
      const readyMs = await time(() => desk.comeBack());
      judge(onFinding, "ready", readyMs, READY_WITHIN_MS);
      const upAtMs = performance.now();
      let fillsEverywhereMs: number | undefined;
      const isFilled = async (): Promise<boolean> => (await lackingFills(home)).length === 0;
      if (await until(isFilled, minutes * 60_000, POLL_MS))
        fillsEverywhereMs = Math.round(performance.now() - upAtMs);
      else onFinding(`no fill of ${(await lackingFills(home)).join(", ")}`);
      judge(onFinding, "a fill everywhere", fillsEverywhereMs ?? 0, FILLS_WITHIN_MS);
      const fillsWithoutDatabase = await takeDatabaseAway(desk, folder, onFinding);
      await sleep(Math.max(0, minutes * 60_000 - (performance.now() - upAtMs)));
      const before = await viewOf(home);
      const twoSidedFrac = uptimesOf(before);
      for (const [where, frac] of Object.entries(twoSidedFrac))
        if (!(frac >= UPTIME_MIN)) onFinding(`${where} had both sides ${frac} of the time`);
      await compare(home, folder, onFinding);
      await desk.stop();
      desk = create();
      const readyAgainMs = await time(() => desk.comeBack());
      judge(onFinding, "ready again", readyAgainMs, READY_AGAIN_WITHIN_MS);
      const { paramVersion } = await viewOf(home);
      if (paramVersion !== before.paramVersion)
        onFinding(`parameters were v${before.paramVersion} and are v${paramVersion}`);
      return { minutes, readyMs, fillsEverywhereMs, twoSidedFrac, fillsWithoutDatabase, readyAgainMs };
    });
  } finally {
    await desk.stop();
    process.off("exit", abandon);
    rmSync(pages, { recursive: true, force: true });
  }
}

async function time(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return Math.round(performance.now() - startMs);
}

function judge(onFinding: (text: string) => void, what: string, tookMs: number, withinMs: number): void {
  if (tookMs > withinMs) onFinding(`${what} after ${tookMs} ms, not ${withinMs}`);
}

/** Kills it, and keeps it from coming back for a minute. How many fills were made meanwhile. */
async function takeDatabaseAway(
  desk: DeskProcess,
  folder: string,
  onFinding: (text: string) => void,
): Promise<number> {
  const home = join(folder, "demo");
  const settings = join(folder, "postgres", "postgresql.conf");
  const before = await countFills(home);
  renameSync(settings, `${settings}.away`);
  desk.strike(["database"]);
  await sleep(DATABASE_AWAY_MS);
  const fills = (await countFills(home)) - before;
  if (fills === 0) onFinding("nothing was traded while the database was away");
  renameSync(`${settings}.away`, settings);
  return fills;
}

/** Disarmed; what is stored is compared with the journal, the minute without database included. */
async function compare(home: string, folder: string, onFinding: (text: string) => void): Promise<void> {
  await withLink(home, async (link) => {
    let view: DeskView | undefined;
    link.watch("desk", (desk) => (view = desk));
    await settle(link, () => view, onFinding);
    await judgeDatabase(home, folder, await readPast(home, link, onFinding), onFinding);
  });
}

async function countFills(home: string): Promise<number> {
  return [...(await readLabTruth(home)).values()].reduce((sum, { fills }) => sum + fills.length, 0);
}

/** Of what the desk quotes: where the venue's own accounts have none of ours. */
async function lackingFills(home: string): Promise<string[]> {
  const { instruments } = readDeskFile(home).config;
  const truth = await readLabTruth(home);
  return instruments.flatMap(({ account, symbol, quoted }, index) =>
    quoted && truth.get(account)?.fills.some(({ instrument }) => instrument === index) !== true
      ? [`${account} ${symbol}`]
      : [],
  );
}

function uptimesOf({ markets }: DeskView): Record<string, number> {
  const quoted = markets.flatMap(({ instruments }) => instruments.filter((one) => one.quoted));
  return Object.fromEntries(
    quoted.map(({ account, symbol, uptimeShare }) => [
      `${account} ${symbol}`,
      Math.round(uptimeShare * 1_000) / 1_000,
    ]),
  );
}

function viewOf(home: string): Promise<DeskView> {
  return withLink(home, (link) => link.ask({ ask: "desk" }));
}

async function withLink<A>(home: string, ask: (link: EngineLink) => Promise<A>): Promise<A> {
  const link = connectLink({ home, client: "start soak" });
  try {
    if (!(await untilConnected(link, CONNECTED_WITHIN_MS))) throw new Error("the engine does not answer");
    return await ask(link);
  } finally {
    link.close();
  }
}
