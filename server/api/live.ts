/**
 * One browser's stream: state topics are conflated while it is slow, lines never are. Nothing here waits for
 * a browser: what it has not read is kept per topic, within bounds.
 */
import { compareCursors, parseCursor, type Cursor, type Line, type LogTopic } from "../contract/lines.ts";
import { isLogTopic, STATE_PERIOD_MS, type StateTopic } from "../contract/link.ts";
import { readMissed } from "./backfill.ts";
import { ApiError } from "./errors.ts";
import { LogFeed, type LogMessage } from "./logFeed.ts";
import type { Services } from "./services.ts";
import type { StateMessage } from "./stateTopics.ts";

export const LIVE_TOPIC = /^(desk|system|market [\x20-\x7e]{1,40})$/;

export type LiveMessage = StateMessage | LogMessage;

/**
 * Lines go out with the next state, and after this time where none comes: a page that is told something between two
 * states draws itself anew between them, too.
 */
const LINES_WAIT_MS = 1.5 * STATE_PERIOD_MS;

export interface LiveInput {
  readonly topics: readonly string[];
  readonly cursors: { readonly [T in LogTopic]?: string | undefined };
}

interface StreamEnd {
  /** The browser has gone. */
  readonly signal: AbortSignal | undefined;
  /** It may see no more. */
  readonly isOver: () => boolean;
}

/**
 * Rounds of messages. A round begins as soon as the engine has published: its topics come together, so that
 * they leave together and at once.
 */
export async function* live(
  services: Services,
  { topics, cursors }: LiveInput,
  { signal, isOver }: StreamEnd,
): AsyncGenerator<readonly LiveMessage[], void, void> {
  const { states, link } = services;
  const ended = new AbortController();
  const fresh = new Map<StateTopic, StateMessage>();
  const feeds: LogFeed[] = [];
  const ends: (() => void)[] = [];
  let wake: () => void = () => undefined;
  let linesWait: NodeJS.Timeout | undefined;
  const wakeForLines = (): void => {
    linesWait ??= setTimeout(() => wake(), LINES_WAIT_MS);
  };
  const abort = (): void => wake();
  signal?.addEventListener("abort", abort);
  try {
    const newest = await newestPlace(services, cursors);
    for (const topic of new Set(topics))
      if (isLogTopic(topic)) {
        const after = placeOf(topic, cursors[topic]);
        const isElsewhere = after !== undefined && newest !== undefined && compareCursors(after, newest) > 0;
        if (isElsewhere) yield [{ kind: "resync", topic }];
        const feed = new LogFeed({
          topic,
          after: isElsewhere ? undefined : after,
          link,
          readMissed: (range) => missedOf(services, topic, range, ended.signal),
          wake: wakeForLines,
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
    while (signal?.aborted !== true && !isOver()) {
      clearTimeout(linesWait);
      linesWait = undefined;
      // The latest of this moment: while the browser read the round before, newer ones may have come.
      const round: LiveMessage[] = [...fresh.values()];
      fresh.clear();
      for (const feed of feeds) {
        const message = feed.take();
        if (message !== undefined) round.push(message);
      }
      if (round.length > 0) yield round;
      // Nothing can have come since the last look: there was no pause in between.
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    clearTimeout(linesWait);
    ended.abort();
    for (const end of ends) end();
  }
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
