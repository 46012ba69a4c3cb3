/**
 * One browser's stream: state topics are conflated while it is slow, lines never are. Nothing here waits for
 * a browser: what it has not read is kept per topic, within bounds.
 */
import { tracked } from "@trpc/server";
import { compareCursors, parseCursor, type Cursor, type Line, type LogTopic } from "../contract/lines.ts";
import { isLogTopic, type StateTopic } from "../contract/link.ts";
import { readMissed } from "./backfill.ts";
import { ApiError } from "./errors.ts";
import { LogFeed, type LogMessage } from "./logFeed.ts";
import type { Services } from "./services.ts";
import type { StateMessage } from "./stateTopics.ts";

export const LIVE_TOPIC = /^(desk|system|market [\x20-\x7e]{1,40})$/;

export type LiveMessage = StateMessage | LogMessage;

/** What comes within this time goes out together: every message costs both ends more than what is in it. */
const ROUND_MS = 30;

export interface LiveInput {
  readonly topics: readonly string[];
  readonly cursors: { readonly [T in LogTopic]?: string | undefined };
}

/** Every message is tracked by a number of its own; what resumes are the cursors of the input. */
export async function* live(
  services: Services,
  { topics, cursors }: LiveInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReturnType<typeof tracked<LiveMessage>>, void, void> {
  const { states, link } = services;
  const ended = new AbortController();
  const fresh = new Map<StateTopic, StateMessage>();
  const feeds: LogFeed[] = [];
  const ends: (() => void)[] = [];
  let wake: () => void = () => undefined;
  const abort = (): void => wake();
  signal?.addEventListener("abort", abort);
  try {
    const newest = await newestPlace(services, cursors);
    for (const topic of new Set(topics))
      if (isLogTopic(topic)) {
        const after = placeOf(topic, cursors[topic]);
        const isElsewhere = after !== undefined && newest !== undefined && compareCursors(after, newest) > 0;
        if (isElsewhere) yield tracked("0", { kind: "resync", topic });
        const feed = new LogFeed({
          topic,
          after: isElsewhere ? undefined : after,
          link,
          readMissed: (range) => missedOf(services, topic, range, ended.signal),
          wake: () => wake(),
        });
        feeds.push(feed);
        ends.push(() => feed.close());
      } else {
        const watched = topic as StateTopic;
        ends.push(
          states.watch(watched, (message) => {
            fresh.set(watched, message);
            wake();
          }),
        );
      }
    for (let id = 1; signal?.aborted !== true;) {
      let isIdle = true;
      for (const topic of [...fresh.keys()]) {
        // The latest of this moment: while the browser read the one before, a newer one may have come.
        const message = fresh.get(topic);
        if (message === undefined) continue;
        fresh.delete(topic);
        isIdle = false;
        yield tracked(String(id++), message);
      }
      for (const feed of feeds) {
        const message = feed.take();
        if (message === undefined) continue;
        isIdle = false;
        yield tracked(String(id++), message);
      }
      if (signal?.aborted) return;
      // Nothing can have come since the last look: there was no pause in between.
      if (isIdle) await new Promise<void>((resolve) => (wake = resolve));
      else await pause(signal);
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    ended.abort();
    for (const end of ends) end();
  }
}

/** Until the next round, or the end of the stream. */
function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ROUND_MS);
    signal?.addEventListener("abort", finish);
  });
}

function placeOf(topic: LogTopic, text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const place = parseCursor(text);
  if (place === undefined) throw new ApiError("BAD_INPUT", `"${text}" is no cursor of ${topic}`);
  return place;
}

/**
 * How far this desk has come: a cursor beyond it is of another desk that had the same address, and would
 * keep a browser waiting for lines of long ago. Undefined while the engine does not say.
 */
async function newestPlace({ link }: Services, cursors: LiveInput["cursors"]): Promise<Cursor | undefined> {
  if (Object.values(cursors).every((text) => text === undefined)) return undefined;
  try {
    const { epoch, seq } = await link.ask({ ask: "system" });
    return { epoch, seq, at: Infinity };
  } catch {
    return undefined; // An engine that is away says nothing of its own: the cursors are believed.
  }
}

async function missedOf(
  { store, log }: Services,
  topic: LogTopic,
  range: { readonly after: Cursor; readonly before: Cursor },
  signal: AbortSignal,
): Promise<readonly Line[] | undefined> {
  try {
    return await readMissed(store, topic, range, signal);
  } catch (error) {
    log.warn("a stream could not be filled up from the store", { topic, error });
    return undefined;
  }
}
