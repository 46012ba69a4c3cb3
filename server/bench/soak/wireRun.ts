/**
 * A desk over the wire while its venues do something wrong every few seconds. Afterwards it is left in peace, must
 * quote again, is disarmed, and then has to agree with the lab in every fill, balance and open order.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabCommand, LabDescription } from "../../contract/labControl.ts";
import type { EngineLink } from "../../contract/link.ts";
import type { DeskView } from "../../contract/views.ts";
import { WIRE_FAULT_KINDS } from "../../contract/wireFaults.ts";
import { untilConnected } from "../../link/client.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import { openLabClient, type LabClient } from "../../lab/service/labClient.ts";
import { splitName } from "../../venues/ccxt/gateway/names.ts";
import { Journals } from "./journals.ts";
import { judgeBooks } from "./judge.ts";
import { judgeLogs } from "./logs.ts";
import { watchStandstills, type Standstills } from "./standstills.ts";
import { until } from "./until.ts";

/** Volatility is known after some 20 s. */
const QUOTING_WITHIN_MS = 90_000;
const SETTLED_WITHIN_MS = 45_000;
const CONNECTED_WITHIN_MS = 30_000;
/** An order that rests as long as this without the engine's knowing is not one that is on its way. */
const STRAY_AFTER_MS = 3_000;

export interface WireRunOptions {
  readonly home: string;
  readonly link: EngineLink;
  readonly seed: number;
  /** From one fault to the next. */
  readonly everyS: number;
  readonly forMs: number;
  /** After the last fault: reconnected, reconciled and quoting. */
  readonly calmWithinMs: number;
  /** Beside work of others they say nothing of the engine. */
  readonly standstills: "judge" | "ignore";
  readonly say: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

export interface WireReport {
  /** How many of each kind took effect, over all venues. */
  readonly faults: Readonly<Record<string, number>>;
  /** Each was compared at the venue and in the engine's books. */
  readonly fills: number;
  readonly events: number;
  readonly standstills: Standstills;
  /** From the disarming to the last seal. */
  readonly sealedMs: number;
}

export interface WireRun {
  readonly report: WireReport;
  readonly journals: Journals;
  /** Up to which event the books were compared. */
  readonly at: { readonly epoch: number; readonly seq: number };
}

/** The desk has to run, and to be armed or be allowed to be. */
export async function runOverFaultyWire(options: WireRunOptions): Promise<WireRun> {
  const { home, link, say, onFinding } = options;
  const { deskCode } = readDeskFile(home).config;
  let desk: DeskView | undefined;
  link.watch("desk", (view) => (desk = view));
  const isReady = (): boolean => desk?.accounts.every(({ status }) => status === "READY") === true;
  await untilConnected(link, CONNECTED_WITHIN_MS);
  const { epoch } = await link.ask({ ask: "system" });
  if (!(await until(isReady, QUOTING_WITHIN_MS))) throw new Error(describe("the desk is not READY", desk));
  if (desk?.state !== "ACTIVE") await arm(link);
  const isQuoting = async (): Promise<boolean> =>
    isReady() && desk?.state === "ACTIVE" && (await quotesEverywhere(link, desk));
  if (!(await until(isQuoting, QUOTING_WITHIN_MS)))
    throw new Error(describe("the desk does not quote", desk));

  const lab = await openLabClient(home);
  try {
    say("quoting: faults begin");
    const endWatch = watchStandstills(link);
    await schedule(lab, options);
    await sleep(options.forMs);
    await order(lab, { do: "schedule" });
    const standstills = endWatch();
    say("faults end");
    if (!(await until(isQuoting, options.calmWithinMs))) onFinding(describe("it does not quote again", desk));
    await findStrays(lab, link, deskCode, desk, onFinding);
    const sealedMs = await settle(link, () => desk, onFinding);
    const { journals, at, fills } = await audit(lab, options);
    if (at.epoch !== epoch) onFinding(`run ${epoch} has ended: run ${at.epoch} goes on`);
    if (options.standstills === "judge" && standstills.ofEngine > 0)
      onFinding(
        `the engine's thread stood still ${standstills.ofEngine} times, ${standstills.longestMs} ms at most`,
      );
    judgeLogs(home, onFinding);
    const { events } = journals;
    return { report: { faults: await countFaults(lab), fills, events, standstills, sealedMs }, journals, at };
  } finally {
    lab.close();
  }
}

async function schedule(lab: LabClient, { seed, everyS }: WireRunOptions): Promise<void> {
  await order(lab, { do: "schedule", plan: { seed, everyS, kinds: [...WIRE_FAULT_KINDS] } });
}

async function order(lab: LabClient, command: LabCommand): Promise<LabDescription | undefined> {
  const outcome = await lab.control(command);
  if (!outcome.ok) throw new Error(outcome.text);
  return outcome.description;
}

async function countFaults(lab: LabClient): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { faults } of (await order(lab, { do: "describe" }))?.venues ?? [])
    for (const [kind, count] of Object.entries(faults)) counts[kind] = (counts[kind] ?? 0) + count;
  return counts;
}

async function arm(link: EngineLink): Promise<void> {
  const command = { type: "arm", scope: { level: "desk" } } as const;
  await link.command({ commandId: randomUUID(), actor: "soak", reason: "to be watched", command });
}

/** Every account has an order that rests. */
async function quotesEverywhere(link: EngineLink, { accounts }: DeskView): Promise<boolean> {
  const open = await link.ask({ ask: "openOrders" });
  return accounts.every(({ account }) => open.some((one) => one.account === account));
}

/** What rests at a venue for some seconds, bears our code, and is none that the engine knows. */
async function findStrays(
  lab: LabClient,
  link: EngineLink,
  deskCode: string,
  desk: DeskView | undefined,
  onFinding: (text: string) => void,
): Promise<void> {
  const look = async (): Promise<Set<string>> => {
    const known = new Set((await link.ask({ ask: "openOrders" })).map(({ clientId }) => clientId));
    const resting: string[] = [];
    for (const { account } of desk?.accounts ?? [])
      for (const { clientId } of (await lab.truth(account)).openOrders) {
        const name = splitName(clientId, deskCode);
        if (name !== undefined && !known.has(name.clientId)) resting.push(`${clientId} at ${account}`);
      }
    return new Set(resting);
  };
  const before = await look();
  await sleep(STRAY_AFTER_MS);
  for (const stray of await look()) if (before.has(stray)) onFinding(`nobody knows of ${stray}`);
}

/** Disarmed, READY and sealed, with nothing left anywhere; how long that took. `desk`: the newest view of it. */
export async function settle(
  link: EngineLink,
  desk: () => DeskView | undefined,
  onFinding: (text: string) => void,
): Promise<number> {
  const startedMs = performance.now();
  const command = { type: "setTradingState", scope: { level: "desk" }, state: "DISARMED" } as const;
  await link.command({ commandId: randomUUID(), actor: "soak", reason: "to be compared", command });
  const isSealed = (): boolean =>
    desk()?.state === "DISARMED" &&
    desk()?.accounts.every(({ status, sealedAtUs }) => status === "READY" && sealedAtUs !== undefined) ===
      true;
  if (!(await until(isSealed, SETTLED_WITHIN_MS))) onFinding(describe("not READY and sealed", desk()));
  const sealedMs = Math.round(performance.now() - startedMs);
  for (const { clientId, status } of await link.ask({ ask: "openOrders" }))
    onFinding(`the engine has ${clientId} as ${status}`);
  return sealedMs;
}

async function audit(
  lab: LabClient,
  { home, link, onFinding }: WireRunOptions,
): Promise<Pick<WireRun, "journals" | "at"> & { readonly fills: number }> {
  const truth = new Map<string, Awaited<ReturnType<LabClient["truth"]>>>();
  for (const { account } of readDeskFile(home).config.accounts) truth.set(account, await lab.truth(account));
  for (const [account, { openOrders }] of truth)
    for (const { clientId } of openOrders) onFinding(`${clientId} still rests at ${account}`);
  const past = await readPast(home, link, onFinding);
  judgeBooks(truth, past.journals, onFinding);
  const fills = [...truth.values()].reduce((sum, account) => sum + account.fills.length, 0);
  return { ...past, fills };
}

/** The journals of a desk up to now, and which event that is. */
export async function readPast(
  home: string,
  link: EngineLink,
  onFinding: (text: string) => void,
): Promise<Pick<WireRun, "journals" | "at">> {
  const { epoch, seq } = await link.ask({ ask: "system" });
  const journals = new Journals(home, onFinding);
  const isThere = (): boolean => {
    journals.readOn();
    return journals.has(epoch, seq);
  };
  if (!(await until(isThere, SETTLED_WITHIN_MS))) onFinding(`event ${seq} does not get into the journal`);
  return { journals, at: { epoch, seq } };
}

function describe(what: string, desk: DeskView | undefined): string {
  const accounts = desk?.accounts.map(
    ({ account, status, state, brokenBy, sealedAtUs }) =>
      `${account} ${status} ${state}${sealedAtUs === undefined ? "" : " sealed"} ${brokenBy ?? ""}`,
  );
  const idle = (desk?.markets ?? []).flatMap(({ instruments }) =>
    instruments.flatMap(({ account, symbol, sides }) =>
      sides.flatMap(({ side, order, reason }) =>
        order === undefined ? [`${account} ${symbol} ${side}: ${reason?.code ?? "no reason"}`] : [],
      ),
    ),
  );
  const parts = [desk?.state ?? "no engine", ...(accounts ?? []), ...idle];
  return `${what} in time: ${parts.join("; ")}`;
}
