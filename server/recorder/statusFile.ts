/** `recorder.json` in a desk's home: how far the store is, for pruning old runs and for whoever asks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../host/durableFile.ts";

export const RecorderStatus = z.object({
  /** Everything up to this event of this run is in the store; 0 and 0 before the first. */
  epoch: z.int().min(0),
  seq: z.int().min(0),
  /** When this was written, by the wall clock. */
  atMs: z.number(),
  /** Durable events of this run and later ones that are not in the store yet. */
  lagEvents: z.int().min(0),
  database: z.enum(["up", "down"]),
  /** Since when it has been up or down. */
  sinceMs: z.number(),
  /** What is wrong, for people. */
  failure: z.string().optional(),
});
export type RecorderStatus = z.infer<typeof RecorderStatus>;

export function writeRecorderStatus(home: string, status: RecorderStatus): void {
  writeDurably(pathIn(home), `${JSON.stringify(status)}\n`);
}

/** Undefined where no recorder has written any. */
export function readRecorderStatus(home: string): RecorderStatus | undefined {
  try {
    return RecorderStatus.parse(JSON.parse(readFileSync(pathIn(home), "utf8")));
  } catch {
    return undefined; // Missing, or of another version: the recorder writes it anew within a second.
  }
}

function pathIn(home: string): string {
  return join(home, "recorder.json");
}
