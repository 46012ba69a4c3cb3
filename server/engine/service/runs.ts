/** The journals of a desk, `journal/run-000001/` and so on, and the number that no run may use again. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../contract/errors.ts";
import { writeDurably } from "../../host/durableFile.ts";

/** Four digits of base 36 in an order's id. */
const EPOCH_MAX = 36 ** 4 - 1;

/** Runs that the recorder has finished and that are still kept: a few restarts to look into. */
export const RUNS_KEPT = 5;

export function runDirectory(home: string, epoch: number): string {
  return join(home, "journal", `run-${String(epoch).padStart(6, "0")}`);
}

/** Epochs of the runs that are there, ascending. */
export function listRuns(home: string): number[] {
  const folder = join(home, "journal");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => /^run-(\d{6,})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * The next epoch, on the disk before anyone uses it: an order id is never issued twice, even if the
 * journal is lost or an old copy of it is put back. `atLeast` is what the database or a venue has seen of this desk.
 */
export function takeNextEpoch(home: string, atLeast: number): number {
  if (!Number.isInteger(atLeast) || atLeast < 0)
    throw new UserError(`CROSSDESK_EPOCH_MIN is no run epoch: set it to a whole number, or not at all`);
  const epoch = Math.max(readEpoch(home), listRuns(home).at(-1) ?? 0, atLeast) + 1;
  if (epoch > EPOCH_MAX)
    throw new UserError(`this desk has used all ${EPOCH_MAX} run epochs: begin anew with another desk code`);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeDurably(join(home, "epoch"), `${epoch}\n`);
  return epoch;
}

/** 0 before the first run. Throws a UserError when the file says nothing: guessing could repeat an order id. */
export function readEpoch(home: string): number {
  const path = join(home, "epoch");
  if (!existsSync(path)) return 0;
  const epoch = Number(readFileSync(path, "utf8").trim() || Number.NaN);
  if (!Number.isInteger(epoch) || epoch < 0)
    throw new UserError(`${path} holds no run epoch: write the highest that was ever used into it`);
  return epoch;
}

const RecorderPosition = z.object({ epoch: z.int().min(0) });

/**
 * Removes old runs: never the one whose state is in use or a later one, never one that the recorder has
 * not finished. Gives what it removed.
 */
export function pruneRuns(home: string, inUse: number): number[] {
  const path = join(home, "recorder.json");
  if (!existsSync(path)) return [];
  const position = RecorderPosition.safeParse(parseJson(readFileSync(path, "utf8")));
  // The recorder writes it anew within a second; until then nothing is known to be finished.
  if (!position.success) return [];
  const finished = listRuns(home).filter((epoch) => epoch < Math.min(position.data.epoch, inUse));
  const removed = finished.slice(0, Math.max(0, finished.length - RUNS_KEPT));
  for (const epoch of removed) rmSync(runDirectory(home, epoch), { recursive: true, force: true });
  return removed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
