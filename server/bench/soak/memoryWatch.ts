/** The memory of a desk's parts while something is done with it, and how it grows. */
import type { MemorySample } from "../memory/sample.ts";
import { slopePerHour, type Point } from "../memory/slope.ts";

const SAMPLE_EVERY_MS = 5_000;
/** Caches and heaps find their size. */
const WARM_UP_MINUTES = 10;

/** By part of the desk, and of all; MB and, over all but the first ten minutes, MB/h. */
export type MemoryUse = Readonly<
  Record<string, { readonly mb: number; readonly mbPerHour: number | undefined }>
>;

interface MemoryWatch {
  /** Undefined while nothing runs. */
  readonly sample: () => MemorySample | undefined;
  readonly onFinding: (text: string) => void;
}

/** Samples for as long as the work takes, however that ends. A sample that fails is a finding, and the last one. */
export async function withMemoryWatched<T>(
  { sample, onFinding }: MemoryWatch,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly memory: MemoryUse }> {
  const points = new Map<string, Point[]>();
  const startedMs = performance.now();
  const note = (part: string, bytes: number): void => {
    const known = points.get(part) ?? [];
    points.set(part, known);
    known.push({ atMs: performance.now() - startedMs, value: bytes / 1e6 });
  };
  let isReadable = true;
  const look = (): void => {
    if (!isReadable) return;
    try {
      const seen = sample();
      if (seen === undefined) return;
      for (const [part, bytes] of seen.byPart) note(part, bytes);
      note("total", seen.bytes);
    } catch (error) {
      isReadable = false;
      onFinding(`memory cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const timer = setInterval(look, SAMPLE_EVERY_MS);
  try {
    const result = await work();
    look();
    return { result, memory: useOf(points) };
  } finally {
    clearInterval(timer);
  }
}

function useOf(points: ReadonlyMap<string, readonly Point[]>): MemoryUse {
  return Object.fromEntries(
    [...points].map(([part, all]) => {
      const settled = all.filter(({ atMs }) => atMs >= WARM_UP_MINUTES * 60_000);
      const mbPerHour = settled.length < 2 ? undefined : Math.round(slopePerHour(settled) * 10) / 10;
      return [part, { mb: Math.round(all.at(-1)?.value ?? 0), mbPerHour }];
    }),
  );
}
