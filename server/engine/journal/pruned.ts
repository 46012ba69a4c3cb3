/**
 * `pruned.json`: where a journal begins whose oldest segments retention has removed. It is on the disk before the
 * first of them goes, and carries the hash that the chain of blocks is taken up from: a journal that lost segments
 * any other way is still found out.
 */
import { existsSync, readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { JournalError } from "./journalError.ts";
import { listSegments, readSegmentMeta, segmentPath } from "./segment.ts";

const PRUNED_FILE = "pruned.json";

const PrunedStart = z.strictObject({
  /** The first segment that is kept, and the first event that can stand in it. */
  segment: z.int().min(2),
  firstSeq: z.int().min(1),
  /** Hash of the last block that was removed, as hex. */
  prevHash: z.string(),
});
export type PrunedStart = z.infer<typeof PrunedStart>;

/** Undefined for a journal that is there from its first event. Throws a JournalError with code UNREADABLE. */
export function readPrunedStart(directory: string): PrunedStart | undefined {
  const path = join(directory, PRUNED_FILE);
  if (!existsSync(path)) return undefined;
  try {
    return PrunedStart.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const text = `${path}, which says where this pruned journal begins, cannot be read: restore it from a copy`;
    throw new JournalError("UNREADABLE", text, {}, error);
  }
}

/** Removes all segments before one that stays. What a crash leaves of them is removed the next time. */
export async function pruneSegments(directory: string, firstKept: number): Promise<void> {
  const begun = readPrunedStart(directory)?.segment ?? 1;
  if (firstKept > begun) {
    const { firstSeq, prevHash } = readSegmentMeta(directory, firstKept);
    await writePrunedStart(directory, { segment: firstKept, firstSeq, prevHash });
  }
  for (const segment of listSegments(directory))
    if (segment < firstKept) await rm(segmentPath(directory, segment), { recursive: true, force: true });
}

/** As `writeDurably` does, but the desk's decisions share this thread: they do not wait for the disk. */
async function writePrunedStart(directory: string, start: PrunedStart): Promise<void> {
  const path = join(directory, PRUNED_FILE);
  const file = await open(`${path}.new`, "w");
  try {
    await file.writeFile(`${JSON.stringify(start)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const folder = await open(directory, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
