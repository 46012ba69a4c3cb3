/** Starts an engine: takes up what the last run left, begins a journal of its own, and opens for business. */
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import type { DeskFile } from "../../contract/deskFile.ts";
import type { EngineConfig } from "../../contract/config.ts";
import { UserError } from "../../contract/errors.ts";
import { describeScope, readState, strictest } from "../../core/risk/tradingState.ts";
import { createToken, readAddress, removeAddress, writeAddress } from "../../host/addressFile.ts";
import { createClock, createStepWatch, type Clock, type TimeSource } from "../../host/clock.ts";
import { readDeskFile } from "../../host/deskHome.ts";
import type { Log } from "../../host/log.ts";
import { readLatch } from "../../link/latch.ts";
import { createLinkServer, type LinkServer } from "../../link/server.ts";
import { Projection } from "../../projection/projection.ts";
import type { Venue } from "../../venues/venue.ts";
import { EngineRun } from "../engineRun.ts";
import { certifiedAccounts, watchesOnly } from "../realVenue.ts";
import type { JournalOptions } from "../journal/commitQueue.ts";
import { freeBytes, JournalError } from "../journal/journalError.ts";
import { createJournal } from "../journal/writer.ts";
import { History } from "./history.ts";
import { Journaling } from "./journaling.ts";
import { cancelLeftOrders } from "./leftOrders.ts";
import { Meter } from "./meter.ts";
import { Publisher } from "./publisher.ts";
import { takeUp, type TakenUp } from "./recovery.ts";
import { startRetention } from "./retention.ts";
import { pruneRuns, runDirectory, takeNextEpoch } from "./runs.ts";
import { EngineService, type EngineEnd } from "./service.ts";
import { StorageWatch } from "./storageWatch.ts";
import { CODE_VERSION } from "../version.ts";

/** A process that listens answers at once; one that does not is gone. */
const PROBE_MS = 1_000;

/** Ten minutes of them, a hundred megabytes at most: a recorder that is further behind replays from a segment's start. */
const SNAPSHOTS_KEPT = 20;

/** An hour of the demo: what retention takes away at a time. */
const SEGMENT_BYTES_MAX = 128 * 1024 * 1024;

/** What the clock of a machine may have been set back by without anyone being asked. */
const CLOCK_BEHIND_MAX_MS = 10_000;

export interface EngineOptions {
  readonly home: string;
  readonly venue: Venue;
  /** Engine time. */
  readonly clock: Clock;
  readonly log: Log;
  /** From the decision loop itself, four times a second; before that from the reading of a long journal. */
  readonly onHeartbeat?: ((atMs: number) => void) | undefined;
  /** Instead of the machine's: a slow, failing or full disk, a clock that is set. For a test. */
  readonly disk?: Pick<JournalOptions, "freeBytes" | "sync"> | undefined;
  readonly time?: TimeSource | undefined;
}

export interface RunningEngine {
  readonly address: { readonly port: number; readonly token: string };
  readonly epoch: number;
  /** Disarms, seals as far as the venues answer in time, and closes everything. */
  stop(reason: string): Promise<EngineEnd>;
  /** For what its host finds broken around it: asks every venue once to cancel everything, says why, and ends. */
  fail(error: unknown): void;
  /** However it ends. */
  readonly ended: Promise<EngineEnd>;
}

/**
 * Throws a UserError when the desk's past or its home does not let an engine start; what the last one left at
 * the venues is canceled before, as far as they can be reached.
 */
export async function startEngine(options: EngineOptions): Promise<RunningEngine> {
  const { home, venue, log } = options;
  const desk = readDeskFile(home);
  await requireAlone(home);
  try {
    return await begin(options, desk);
  } catch (error) {
    // In use: the orders are those of an engine that has started at the same time. Where it only watches there are none.
    const isInUse = error instanceof JournalError && error.code === "IN_USE";
    if (!isInUse && !(desk.venues === "real" && watchesOnly(home, desk)))
      await cancelLeftOrders({
        venue,
        accounts: desk.config.accounts,
        clockSpeed: desk.clock?.speed ?? 1,
        log,
      });
    throw error;
  }
}

async function begin(options: EngineOptions, desk: DeskFile): Promise<RunningEngine> {
  const { home, clock, log, onHeartbeat } = options;
  const wallUs = wallClock();
  const taken = await takeUp(home, desk.config, () => onHeartbeat?.(Math.floor(wallUs() / 1e3)));
  for (const fault of taken?.faults ?? []) log.warn(fault);
  await waitForClock(clock, taken, desk.clock?.speed ?? 1);
  const epochStored = Number(process.env["CROSSDESK_EPOCH_MIN"] ?? 0);
  const epoch = takeNextEpoch(home, Math.max(epochStored, taken?.epochSeen ?? 0));
  const config = {
    ...desk.config,
    epoch,
    initialState: "DISARMED",
    ...(desk.config.venues === "live" ? { certified: certifiedAccounts(home, desk) } : {}),
  } as const;
  const removed = taken === undefined ? [] : pruneRuns(home, taken.epoch);
  if (removed.length > 0) log.info("old journals removed", { epochs: removed });
  const { run, journaling } = await beginRun(options, desk, config, taken);
  return open(options, desk, { run, journaling, taken });
}

interface BegunRun {
  readonly run: EngineRun;
  readonly journaling: Journaling;
}

async function beginRun(
  { home, clock, disk }: EngineOptions,
  desk: DeskFile,
  config: EngineConfig,
  taken: TakenUp | undefined,
): Promise<BegunRun> {
  const start = {
    runId: randomUUID(),
    parentRun: taken?.parentRun,
    what: desk.profile === "replay" || desk.profile === "paper" ? desk.profile : "live",
    codeVersion: CODE_VERSION,
    config,
    startedAtUs: clock.nowUs(),
  } as const;
  const writer = createJournal(runDirectory(home, config.epoch), start, {
    ...disk,
    snapshotsKept: SNAPSHOTS_KEPT,
    segmentBytesMax: SEGMENT_BYTES_MAX,
  });
  try {
    const run = new EngineRun(config, { journal: writer, snapshot: taken?.snapshot });
    if (taken !== undefined) writer.putSnapshot(0, taken.snapshot);
    const journaling = new Journaling({ run, writer, wallUs: wallClock() });
    await journaling.durable();
    return { run, journaling };
  } catch (error) {
    await writer.close().catch(() => undefined);
    throw error;
  }
}

async function open(
  { home, venue, clock, log, onHeartbeat, disk, time }: EngineOptions,
  desk: DeskFile,
  { run, journaling, taken }: BegunRun & { readonly taken: TakenUp | undefined },
): Promise<RunningEngine> {
  const { engine } = run;
  const { epoch } = engine.config;
  const wallUs = wallClock();
  const clockSpeed = desk.clock?.speed ?? 1;
  const common = {
    run,
    journaling,
    history: new History(engine),
    meter: new Meter(wallUs()),
    wallUs,
    clockSpeed,
  };
  const projection = new Projection(engine, epoch);
  const service = new EngineService({
    ...common,
    venue,
    projection,
    log,
    nowUs: () => clock.nowUs(),
    clockStepMs: createStepWatch(time),
    onHeartbeat,
  });
  const measureFree = (): number | undefined => (disk?.freeBytes ?? freeBytes)(home);
  const storage = new StorageWatch({
    wallUs,
    committingSinceUs: () => journaling.committingSinceUs,
    freeBytes: measureFree,
    onChange: (status, text) => service.mailbox.postHost({ type: "storage", status, text }),
  });
  journaling.onFailure = (error) => service.fail(error);
  const publisher = new Publisher({
    ...common,
    service,
    profile: desk.profile,
    startedAtUs: clock.nowUs(),
    leftOut: taken?.leftOut,
  });
  const token = createToken();
  const link = createLinkServer({
    token,
    welcome: { epoch, profile: desk.profile },
    onCommand: (command) => service.command(command),
    onQuestion: (question) => publisher.answer(question),
    current: (topic) => publisher.current(topic),
    log,
  });
  if (taken !== undefined) link.seedLines(taken.lines);
  service.onEnding.publish = () => publisher.publishSystem(link);
  const wallMs = (): number => wallUs() / 1e3;
  const endRetention = startRetention({ home, epoch, wallMs, freeBytes: measureFree, log });
  service.onEnding.close = async () => {
    storage.stop();
    await Promise.all([
      close(publisher, link, () => removeAddress(home, "engine", token), venue),
      endRetention(),
    ]);
  };
  try {
    service.open(link, taken && { type: "restart", reason: describe(taken), leftOut: taken.leftOut });
    storage.start();
    reapplyLatch(home, service, run, log);
    publisher.start(link);
    const port = await link.listen();
    writeAddress(home, "engine", { port, token });
    log.info("engine started", { epoch, port, state: taken === undefined ? "new" : describe(taken) });
    return {
      address: { port, token },
      epoch,
      stop: (reason) => service.stop(reason),
      fail: (error) => service.fail(error),
      ended: service.ended,
    };
  } catch (error) {
    service.fail(error);
    await service.ended;
    throw error;
  }
}

async function close(
  publisher: Publisher,
  link: LinkServer,
  forget: () => void,
  venue: Venue,
): Promise<void> {
  publisher.stop();
  forget();
  await Promise.allSettled([venue.close(), link.close()]);
}

/** The latch outlives the journal: what a stop wrote down holds, whatever the engine had heard of it. */
function reapplyLatch(home: string, service: EngineService, { engine }: EngineRun, log: Log): void {
  const { entries, problem } = readLatch(home);
  if (problem !== undefined) log.warn(problem);
  for (const { scope, state, actor, reason } of entries) {
    const now = readState(engine, scope);
    if (now === undefined) {
      log.warn(`the latch names ${describeScope(scope)}, which this desk does not have`);
      continue;
    }
    if (strictest(now, state) === now) continue;
    const command = { type: "setTradingState", scope, state } as const;
    void service.command({ commandId: randomUUID(), actor, reason: `latched: ${reason}`, command });
  }
}

function describe({ epoch, seq, faults }: TakenUp): string {
  return [`goes on from run ${epoch} after event ${seq}`, ...faults].join("; ");
}

/** Two engines on one home would issue each other's orders. */
async function requireAlone(home: string): Promise<void> {
  const address = readAddress(home, "engine");
  if (address === undefined || !(await answers(address.port))) return;
  throw new UserError(`an engine runs for ${home} already (process ${address.pid}): stop it first`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: PROBE_MS });
    const finish = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
    socket.once("timeout", () => finish(false));
  });
}

/** Engine time never goes back, and the earlier run's is the latest there was. */
async function waitForClock(clock: Clock, taken: TakenUp | undefined, speed: number): Promise<void> {
  const behindMs = taken === undefined ? 0 : (taken.atUs - clock.nowUs()) / 1e3 / speed;
  if (behindMs > CLOCK_BEHIND_MAX_MS)
    throw new UserError(
      `the clock is ${Math.round(behindMs / 1e3)} s behind the last event of this desk: set it right, then start again`,
    );
  if (behindMs > 0) await new Promise((resolve) => setTimeout(resolve, behindMs));
}

function wallClock(): () => number {
  const clock = createClock();
  return () => clock.nowUs();
}
