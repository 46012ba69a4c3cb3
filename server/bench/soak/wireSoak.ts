/**
 * `npm run soak -- wire`: the whole demo desk over the wire, with a fault every few seconds, watched for its memory,
 * its thread's standstills and its logs, and compared with the lab and with PostgreSQL at the end.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { ensureHome } from "../../host/deskHome.ts";
import { connectLink } from "../../link/client.ts";
import { freePort } from "../../store/postgres/freePort.ts";
import { readPss, readTree } from "../memory/processTree.ts";
import { slopePerHour, type Point } from "../memory/slope.ts";
import { DeskProcess } from "./deskProcess.ts";
import { judgeStore } from "./judge.ts";
import { hasStored, storeUrl } from "./stored.ts";
import { runOverFaultyWire, type WireReport } from "./wireRun.ts";

const SAMPLE_EVERY_MS = 5_000;
/** Caches and heaps find their size; less than an hour says nothing of an hour. */
const WARM_UP_MINUTES = 10;
const SLOPE_MINUTES_MIN = 60;
const SLOPE_MAX_MB_PER_H = 5;

const STORED_WITHIN_MS = 60_000;
const POLL_MS = 100;

export interface WireSoakOptions {
  /** Of this desk alone; the database's user has to get to its data in it. */
  readonly folder: string;
  readonly seed: number;
  readonly minutes: number;
  readonly everyS: number;
  readonly distDir: string;
  readonly say: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

export interface WireSoakReport extends WireReport {
  readonly minutes: number;
  /** By part of the desk, and of all; MB and, over all but the first ten minutes, MB/h. */
  readonly memory: Readonly<Record<string, { readonly mb: number; readonly mbPerHour: number | undefined }>>;
}

export async function soakWire(options: WireSoakOptions): Promise<WireSoakReport> {
  const { folder, seed, minutes, everyS, distDir, say, onFinding } = options;
  const home = join(folder, "demo");
  ensureHome(home);
  const note = say;
  const desk = new DeskProcess({ folder, home, port: await freePort(0), distDir, note, onFinding });
  const link = connectLink({ home, client: "wire soak" });
  const abandon = (): void => desk.abandon();
  process.once("exit", abandon);
  try {
    await desk.comeBack();
    const memory = watchMemory(desk);
    const forMs = minutes * 60_000;
    const run = await runOverFaultyWire({
      home,
      link,
      seed,
      everyS,
      forMs,
      standstills: "judge",
      say,
      onFinding,
    });
    const used = memory.end();
    const { total } = used;
    if (minutes >= SLOPE_MINUTES_MIN && !((total?.mbPerHour ?? Infinity) <= SLOPE_MAX_MB_PER_H))
      onFinding(`memory grows by ${total?.mbPerHour} MB/h`);
    await judgeDatabase(home, folder, run, onFinding);
    desk.look();
    return { ...run.report, minutes, memory: used };
  } finally {
    link.close();
    await desk.stop();
    process.off("exit", abandon);
  }
}

async function judgeDatabase(
  home: string,
  folder: string,
  { journals, at }: Awaited<ReturnType<typeof runOverFaultyWire>>,
  onFinding: (text: string) => void,
): Promise<void> {
  for (const endMs = performance.now() + STORED_WITHIN_MS; !hasStored(home, at); await sleep(POLL_MS))
    if (performance.now() > endMs) return onFinding("the recorder did not come after the engine in time");
  await judgeStore(storeUrl(folder), journals, at, onFinding);
}

function watchMemory(desk: DeskProcess): { end(): WireSoakReport["memory"] } {
  const points = new Map<string, Point[]>();
  const startedMs = performance.now();
  const note = (part: string, value: number): void =>
    void points.set(part, [...(points.get(part) ?? []), { atMs: performance.now() - startedMs, value }]);
  const sample = (): void => {
    let bytes = 0;
    const byPart = new Map<string, number>();
    const root = desk.look().get("supervisor");
    for (const { pid, part } of root === undefined ? [] : readTree(root)) {
      const pss = readPss(pid) ?? 0;
      byPart.set(part, (byPart.get(part) ?? 0) + pss);
      bytes += pss;
    }
    for (const [part, of] of byPart) note(part, of / 1e6);
    note("total", bytes / 1e6);
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      sample();
      return Object.fromEntries(
        [...points].map(([part, all]) => {
          const settled = all.filter(({ atMs }) => atMs >= WARM_UP_MINUTES * 60_000);
          return [
            part,
            {
              mb: Math.round(all.at(-1)?.value ?? 0),
              mbPerHour: settled.length < 2 ? undefined : Math.round(slopePerHour(settled) * 10) / 10,
            },
          ];
        }),
      );
    },
  };
}
