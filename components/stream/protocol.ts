/** What a tab and the shared worker say to each other, and what the server's stream says to the worker. */
import { compareCursors, type Cursor, type Line, type LogTopic } from "../../server/contract/lines.ts";

/** The worker's script; the build bundles `worker.ts` there. */
export const WORKER_URL = "/stream-worker.js";

/** Lines that a tab and the worker keep per log topic: what fits a screen many times over; more is in the store. */
export const LINES_KEPT_MAX = 500;

/** A value that is older is no longer shown as true. The engine says something at least once a second. */
export const STALE_AFTER_MS = 2_500;

export type StreamMessage =
  | { readonly kind: "state"; readonly topic: string; readonly value: unknown }
  | { readonly kind: "lines"; readonly topic: LogTopic; readonly lines: readonly Line[] }
  | { readonly kind: "resync"; readonly topic: LogTopic };

/** Between browser and web server. How fresh the engine's values are is another question. */
export type Connection =
  | { readonly status: "connecting"; readonly sinceMs: number }
  | { readonly status: "open"; readonly sinceMs: number }
  | { readonly status: "lost"; readonly sinceMs: number; readonly why: string }
  /** No session: only a new start link helps. */
  | { readonly status: "denied"; readonly sinceMs: number };

/** Sent when a tab's topics change and every few seconds, so that the worker forgets tabs that died. */
export type TabRequest =
  { readonly type: "want"; readonly topics: readonly string[] } | { readonly type: "bye" };

export type TabMessage =
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "state"; readonly topic: string; readonly value: unknown; readonly atMs: number }
  | { readonly type: "lines"; readonly topic: LogTopic; readonly lines: readonly Line[] }
  /** Lines are missing before the next ones: what is kept is thrown away. */
  | { readonly type: "resync"; readonly topic: LogTopic };

/** Lines that come after the cursor: what was there before is not shown twice. */
export function linesAfter(lines: readonly Line[], last: Cursor | undefined): readonly Line[] {
  return last === undefined ? lines : lines.filter((line) => compareCursors(line.cursor, last) > 0);
}
