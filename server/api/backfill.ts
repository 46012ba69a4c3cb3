/** Lines that the engine no longer keeps, from the store. */
import { setTimeout as delay } from "node:timers/promises";
import { compareCursors, type Cursor, type Line, type LogTopic } from "../contract/lines.ts";
import type { Store } from "../store/client.ts";
import { readLinesAfter } from "../store/read/lines.ts";
import { readRecorderPosition } from "../store/read/recorderPosition.ts";

const PAGE = 500;
/** A browser that was away for longer begins anew and reads the past from its pages. */
const PAGES_MAX = 20;

/** The recorder is behind the engine by its commit, and says where it is once a second. */
const RECORDER_WAIT_MS = 3_000;
const RECORDER_POLL_MS = 100;

/**
 * Every line after one cursor and before the other, oldest first; of an order only its newest. Undefined when
 * they cannot be had in full. Throws a StoreError.
 */
export async function readMissed(
  store: Store,
  topic: LogTopic,
  { after, before }: { readonly after: Cursor; readonly before: Cursor },
  signal: AbortSignal,
): Promise<readonly Line[] | undefined> {
  if (!(await isRecorded(store, before, signal))) return undefined;
  const missed: Line[] = [];
  for (let page = 0; page < PAGES_MAX && !signal.aborted; page++) {
    const found = await readLinesAfter(store, topic, missed.at(-1)?.cursor ?? after, PAGE);
    const wanted = found.filter(({ cursor }) => compareCursors(cursor, before) < 0);
    missed.push(...wanted);
    if (found.length < PAGE || wanted.length < found.length) return missed;
  }
  return undefined;
}

/** Whether the store has everything up to the event of the cursor; waits a little for a recorder that is about to. */
async function isRecorded(store: Store, { epoch, seq }: Cursor, signal: AbortSignal): Promise<boolean> {
  for (let waitedMs = 0; !signal.aborted; waitedMs += RECORDER_POLL_MS) {
    const at = await readRecorderPosition(store);
    if (at !== undefined && (at.epoch > epoch || (at.epoch === epoch && at.seq >= seq))) return true;
    if (waitedMs >= RECORDER_WAIT_MS) return false;
    await delay(RECORDER_POLL_MS);
  }
  return false;
}
