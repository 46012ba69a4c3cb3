/**
 * `npm run soak -- wire`: the whole demo desk over the wire, with a fault every few seconds, watched for its memory,
 * its thread's standstills and its logs, and compared with the lab and with PostgreSQL at the end.
 */
import { join } from "node:path";
import { ensureHome } from "../../host/deskHome.ts";
import { connectLink } from "../../link/client.ts";
import { freePort } from "../../store/postgres/freePort.ts";
import { DeskProcess } from "./deskProcess.ts";
import { endWithin } from "./endWithin.ts";
import { judgeStore } from "./judge.ts";
import { sampleMemory, type MemorySample } from "../memory/sample.ts";
import { withMemoryWatched, type MemoryUse } from "./memoryWatch.ts";
import { hasStored, storeUrl } from "./stored.ts";
import { until } from "./until.ts";
import { runOverFaultyWire, type WireReport, type WireRun } from "./wireRun.ts";

/** Less than an hour says nothing of an hour. */
const SLOPE_MINUTES_MIN = 60;
const SLOPE_MAX_MB_PER_H = 5;

const STORED_WITHIN_MS = 60_000;

/** Before and after the faults: a first start with its build, and every wait of the run, each at its limit. */
const AROUND_MS = 12 * 60_000;

const CALM_WITHIN_MS = 45_000;
const CALM_WHEN_BUSY_WITHIN_MS = 120_000;

export interface WireSoakOptions {
  /** Of this desk alone; the database's user has to get to its data in it. */
  readonly folder: string;
  readonly seed: number;
  readonly minutes: number;
  readonly everyS: number;
  /** The machine has other work: threads that stand still and memory that grows are not judged. */
  readonly isBusy: boolean;
  readonly distDir: string;
  readonly say: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

export interface WireSoakReport extends WireReport {
  readonly minutes: number;
  readonly memory: MemoryUse;
}

/** Ends by itself: within its minutes and those of the start and the end, whatever fails. */
export async function soakWire(options: WireSoakOptions): Promise<WireSoakReport> {
  const { folder, seed, minutes, everyS, isBusy, distDir, say, onFinding } = options;
  const home = join(folder, "demo");
  ensureHome(home);
  const note = say;
  const port = await freePort(0);
  const desk = new DeskProcess({ folder, home, port, distDir, isLabApart: false, note, onFinding });
  const link = connectLink({ home, client: "wire soak" });
  const abandon = (): void => desk.abandon();
  process.once("exit", abandon);
  const sample = (): MemorySample | undefined => {
    const root = desk.look().get("supervisor");
    return root === undefined ? undefined : sampleMemory(root);
  };
  const forMs = minutes * 60_000;
  const calmWithinMs = isBusy ? CALM_WHEN_BUSY_WITHIN_MS : CALM_WITHIN_MS;
  const terms = { seed, everyS, forMs, calmWithinMs, standstills: isBusy ? "ignore" : "judge" } as const;
  try {
    return await endWithin(forMs + AROUND_MS, async () => {
      await desk.comeBack();
      const { result: run, memory } = await withMemoryWatched({ sample, onFinding }, () =>
        runOverFaultyWire({ home, link, ...terms, say, onFinding }),
      );
      const { total } = memory;
      if (!isBusy && minutes >= SLOPE_MINUTES_MIN && !((total?.mbPerHour ?? Infinity) <= SLOPE_MAX_MB_PER_H))
        onFinding(`memory grows by ${total?.mbPerHour} MB/h`);
      await judgeDatabase(home, folder, run, onFinding);
      desk.look();
      return { ...run.report, minutes, memory };
    });
  } finally {
    link.close();
    await desk.stop();
    process.off("exit", abandon);
  }
}

/** What PostgreSQL has of a desk that does nothing any more, beside its journals. */
export async function judgeDatabase(
  home: string,
  folder: string,
  { journals, at }: Pick<WireRun, "journals" | "at">,
  onFinding: (text: string) => void,
): Promise<void> {
  if (!(await until(() => hasStored(home, at), STORED_WITHIN_MS)))
    return onFinding("the recorder did not come after the engine in time");
  await judgeStore(storeUrl(folder), journals, at, onFinding);
}
