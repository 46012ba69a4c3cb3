/** What a tab and the shared worker say to each other, and what the server's stream says to the worker. */
import { compareCursors, type Cursor, type Line, type LogTopic } from "../../server/contract/lines.ts";

/** The worker's script; the build bundles `worker.ts` there. */
export const WORKER_URL = "/stream-worker.js";
/** With the version of what is said here: a worker of an older desk lives as long as one of its tabs. */
export const WORKER_NAME = "crossdesk stream 2";

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
  | {
      readonly type: "want";
      readonly topics: readonly string[];
      /** To the session, as the tab finds it in its storage, which a worker has none of. */
      readonly key: string | undefined;
    }
  | { readonly type: "bye" };

/** A value of a state topic on its way to whoever shows it. */
export interface StateValue {
  readonly value: unknown;
  /** The engine's instant of the value, by the browser's clock: its age counts from there, however late it came. */
  readonly atMs: number;
  /** How late it came. */
  readonly lagMs: number;
}

export type TabMessage =
  | { readonly type: "connection"; readonly connection: Connection }
  | ({ readonly type: "state"; readonly topic: string } & StateValue)
  | { readonly type: "lines"; readonly topic: LogTopic; readonly lines: readonly Line[] }
  /** Lines are missing before the next ones: what is kept is thrown away. */
  | { readonly type: "resync"; readonly topic: LogTopic };

/** Lines that come after the cursor: what was there before is not shown twice. */
export function linesAfter(lines: readonly Line[], last: Cursor | undefined): readonly Line[] {
  return last === undefined ? lines : lines.filter((line) => compareCursors(line.cursor, last) > 0);
}
