/**
 * Suite `memory`: what the demo desk takes of the machine with one page open, and whether it grows. PSS counts a
 * page that several processes share once. The page is a protocol client: a browser's own memory is not the desk's.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../contract/errors.ts";
import { sampleMemory, type MemorySample } from "./memory/sample.ts";
import { slopePerHour } from "./memory/slope.ts";
import type { Figure, Suite } from "./measure.ts";
import { untilQuoting, withDesk, type RunningDesk } from "./runningDesk.ts";
import { allTopics, openProtocolClient, signIn } from "./web/protocolClient.ts";

export const MEMORY_MINUTES = 10;

/** The growth of an hour is not seen in less: heaps fill up before they are cleaned. */
const SLOPE_MINUTES_MIN = 60;
/** Ten of sixty minutes: caches and heaps find their size. */
const WARM_UP_SHARE = 1 / 6;
const SAMPLE_EVERY_MS = 5_000;

interface Sample extends MemorySample {
  readonly atMs: number;
}

export async function benchMemory(onProgress: (done: string) => void, minutes: number): Promise<Suite> {
  if (process.platform !== "linux")
    throw new UserError("memory is measured by /proc/*/smaps_rollup, which only Linux has");
  return withDesk(undefined, onProgress, async (desk) => {
    await untilQuoting(desk.link);
    const { origin, link } = desk;
    const session = await signIn(desk.signInUrl());
    const topics = allTopics(await link.ask({ ask: "shape" }));
    const client = await openProtocolClient({ origin, session, topics });
    try {
      return await measure(desk, onProgress, minutes);
    } finally {
      client.close();
    }
  });
}

async function measure(
  { link, pid }: RunningDesk,
  onProgress: (done: string) => void,
  minutes: number,
): Promise<Suite> {
  const durationMs = minutes * 60_000;
  const { atUs: startedAtUs } = await link.ask({ ask: "system" });
  const startedMs = performance.now();
  let orderLines = 0;
  link.follow("orders", undefined, {
    // The first are of the past.
    lines: (lines) => (orderLines += lines.filter(({ atUs }) => atUs > startedAtUs).length),
    resync: () => undefined,
  });
  const samples: Sample[] = [];
  let nextProgressMs = 0;
  for (let atMs = 0; atMs < durationMs; atMs = performance.now() - startedMs) {
    samples.push(sample(pid, atMs));
    if (atMs >= nextProgressMs) {
      onProgress(
        `memory, minute ${Math.floor(atMs / 60_000)} of ${minutes}: ${megabytes(samples.at(-1)?.bytes)} MB`,
      );
      nextProgressMs += 60_000;
    }
    await sleep(Math.min(SAMPLE_EVERY_MS, durationMs - atMs));
  }
  const last = sample(pid, durationMs);
  samples.push(last);
  const settled = samples.filter(({ atMs }) => atMs >= durationMs * WARM_UP_SHARE);
  const slope = slopePerHour(settled.map(({ atMs, bytes }) => ({ atMs, value: bytes / 1e6 })));
  return {
    results: [
      { name: "demo", unit: "MB", value: megabytes(Math.max(...samples.map(({ bytes }) => bytes))) },
      { name: "demo-slope", unit: "MB/h", value: Math.round(slope * 10) / 10 },
      { name: "demo-order-lines", unit: "lines/s", value: Math.round(orderLines / (durationMs / 1e3)) },
      ...[...last.byPart].map(([part, bytes]): Figure => ({
        name: `demo-${part}`,
        unit: "MB",
        value: megabytes(bytes),
      })),
    ],
    budgets: [
      { name: "demo", field: "value", atMost: 1_000 },
      ...(minutes >= SLOPE_MINUTES_MIN ? [{ name: "demo-slope", field: "value", atMost: 5 } as const] : []),
    ],
  };
}

/** Throws when the desk has ended. */
function sample(pid: number, atMs: number): Sample {
  const { bytes, byPart } = sampleMemory(pid);
  if (bytes === 0) throw new Error("the desk has ended while its memory was measured");
  return { atMs, bytes, byPart };
}

function megabytes(bytes = 0): number {
  return Math.round(bytes / 1e5) / 10;
}
