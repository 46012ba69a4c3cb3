/**
 * `latch.json` in a desk's home: the stops that are to outlive every process, written before the engine
 * is told. A file that cannot be read counts as a stop of the whole desk.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StateScope } from "../contract/commands.ts";
import { describeScope } from "../core/risk/tradingState.ts";
import { writeDurably } from "../host/durableFile.ts";
import { withFileLock } from "../host/fileLock.ts";

export const LatchEntry = z.strictObject({
  receiptId: z.string(),
  scope: StateScope,
  state: z.enum(["DISARMED", "KILLED"]),
  actor: z.string(),
  reason: z.string(),
  atMs: z.number(),
});
export type LatchEntry = z.infer<typeof LatchEntry>;

const LatchFile = z.strictObject({ format: z.literal(1), entries: z.array(LatchEntry) });

const LATCH_FILE = "latch.json";
const OWNER_ONLY = 0o600;

export interface Latch {
  readonly entries: readonly LatchEntry[];
  /** Why the file could not be read; the entries then are one stop of the desk. */
  readonly problem: string | undefined;
}

export function readLatch(home: string): Latch {
  const path = join(home, LATCH_FILE);
  try {
    return { entries: LatchFile.parse(JSON.parse(readFileSync(path, "utf8"))).entries, problem: undefined };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { entries: [], problem: undefined };
    const problem = `${path} cannot be read: the desk counts as stopped until it is armed as a whole`;
    const entry: LatchEntry = {
      receiptId: "unreadable",
      scope: { level: "desk" },
      state: "KILLED",
      actor: "crossdesk",
      reason: problem,
      atMs: 0,
    };
    return { entries: [entry], problem };
  }
}

/** On disk when it returns. Takes the place of an earlier entry of the same scope, but never turns KILLED into less. */
export function writeLatch(home: string, entry: LatchEntry): void {
  update(home, (entries) => {
    const key = scopeKey(entry.scope);
    const before = entries.find((other) => scopeKey(other.scope) === key);
    const state = before?.state === "KILLED" ? "KILLED" : entry.state;
    return [...entries.filter((other) => other !== before), { ...entry, state }];
  });
}

/** Takes the entry of a scope away; with a receipt only if it is still that one. */
export function clearLatch(home: string, key: string, receiptId?: string): void {
  update(home, (entries) =>
    entries.filter(
      (entry) => scopeKey(entry.scope) !== key || (receiptId !== undefined && entry.receiptId !== receiptId),
    ),
  );
}

/** The scope as text, the same for equal scopes alone. */
export function scopeKey(scope: StateScope): string {
  return scope.level === "desk" ? "desk" : `${scope.level} ${describeScope(scope)}`;
}

/** Command line and web may stop at once: neither loses the other's entry. */
function update(home: string, change: (entries: readonly LatchEntry[]) => readonly LatchEntry[]): void {
  const path = join(home, LATCH_FILE);
  withFileLock(`${path}.lock`, () => {
    const before = readLatch(home);
    const entries = change(before.entries);
    if (before.problem === undefined && entries.length === before.entries.length && entries.length === 0)
      return;
    writeDurably(path, `${JSON.stringify({ format: 1, entries }, undefined, 2)}\n`, OWNER_ONLY);
  });
}
