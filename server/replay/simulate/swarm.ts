/** Many seeds, one after the other, and what they found and covered together. */
import { join } from "node:path";
import { runSeed, type SeedResult } from "./runSeed.ts";
import type { Violation } from "./violation.ts";

export interface SwarmOptions {
  readonly seeds: number;
  readonly from: number;
  /** Market records with faults, per seed. */
  readonly ticks: number;
  /** The journal of one seed; a directory per seed in it where there are several. */
  readonly journalDir?: string | undefined;
  readonly onSeed?: ((result: SeedResult, done: number) => void) | undefined;
}

export interface SwarmResult {
  readonly seeds: number;
  readonly from: number;
  readonly ticks: number;
  readonly events: number;
  readonly orders: number;
  readonly fills: number;
  readonly failed: readonly FailedSeed[];
  /** How often each fault struck, and each path was taken, over all seeds. */
  readonly faults: Readonly<Record<string, number>>;
  readonly marks: Readonly<Record<string, number>>;
  /** By seed: equal code gives equal hashes. */
  readonly stateHashes: Readonly<Record<number, string>>;
}

export interface FailedSeed {
  readonly seed: number;
  readonly what: readonly Violation[];
  readonly command: string;
}

export async function runSwarm(options: SwarmOptions): Promise<SwarmResult> {
  const { seeds, from, ticks, journalDir, onSeed } = options;
  const totals = { events: 0, orders: 0, fills: 0 };
  const faults = new Map<string, number>();
  const marks = new Map<string, number>();
  const failed: FailedSeed[] = [];
  const stateHashes: Record<number, string> = {};
  for (let seed = from; seed < from + seeds; seed++) {
    const result = await runSeed(seed, { ticks, journalDir: journalOf(journalDir, seed, seeds) });
    totals.events += result.events;
    totals.orders += result.orders;
    totals.fills += result.fills;
    for (const [fault, count] of Object.entries(result.faults)) add(faults, fault, count);
    for (const [mark, count] of result.marks) add(marks, mark, count);
    stateHashes[seed] = result.stateHash;
    if (result.violations.length > 0)
      failed.push({ seed, what: result.violations, command: commandFor(seed, ticks) });
    onSeed?.(result, seed - from + 1);
  }
  return { seeds, from, ticks, ...totals, failed, faults: sorted(faults), marks: sorted(marks), stateHashes };
}

export function commandFor(seed: number, ticks: number): string {
  return `npm run desk -- simulate --seeds 1 --from ${seed} --ticks ${ticks}`;
}

function journalOf(directory: string | undefined, seed: number, seeds: number): string | undefined {
  return directory === undefined || seeds === 1 ? directory : join(directory, `seed-${seed}`);
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
