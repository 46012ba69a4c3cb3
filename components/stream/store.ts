/**
 * The live values of one tab. Messages arrive whenever they like; what React sees changes at most once a
 * frame, for all topics together.
 */
import type { Line, LogTopic, LogTopicLines } from "../../server/contract/lines.ts";
import type { StateTopic, StateTopics, Topic } from "../../server/contract/link.ts";
import { LINES_KEPT_MAX, linesAfter, type Connection, type TabMessage } from "./protocol.ts";

export interface LiveEntry<T> {
  readonly value: T;
  /** The engine's instant of it, by the browser's clock. */
  readonly atMs: number;
  /** How late it came. */
  readonly lagMs: number;
}

export interface LiveStore {
  /** Wants the topic for as long as it listens. */
  readonly subscribe: (topic: Topic, listener: () => void) => () => void;
  readonly state: <T extends StateTopic>(topic: T) => LiveEntry<StateTopics[T]> | undefined;
  /** Oldest first; undefined until the topic has said anything. */
  readonly lines: <T extends LogTopic>(topic: T) => readonly LogTopicLines[T][] | undefined;
  readonly connection: () => Connection;
  readonly onConnection: (listener: () => void) => () => void;
}

export interface StoreEnd {
  readonly store: LiveStore;
  readonly receive: (message: TabMessage) => void;
}

interface Ports {
  /** Runs the flush with the next frame. */
  readonly nextFrame: (flush: () => void) => void;
  readonly want: (topics: readonly string[]) => void;
  readonly nowMs: () => number;
}

export function createLiveStore({ nextFrame, want, nowMs }: Ports): StoreEnd {
  const listeners = new Map<string, Set<() => void>>();
  const connectionListeners = new Set<() => void>();
  const shownStates = new Map<string, LiveEntry<unknown>>();
  const shownLines = new Map<string, readonly Line[]>();
  const changed = new Map<string, TabMessage[]>();
  let connection: Connection = { status: "connecting", sinceMs: nowMs() };
  let isScheduled = false;

  function flush(): void {
    isScheduled = false;
    const topics = [...changed];
    changed.clear();
    for (const [topic, messages] of topics) for (const message of messages) show(topic, message);
    for (const [topic] of topics) for (const listener of listeners.get(topic) ?? []) listener();
  }

  function show(topic: string, message: TabMessage): void {
    if (message.type === "state") {
      const { value, atMs, lagMs } = message;
      shownStates.set(topic, { value, atMs, lagMs });
    } else if (message.type === "lines") {
      const shown = shownLines.get(topic) ?? [];
      const fresh = linesAfter(message.lines, shown.at(-1)?.cursor);
      if (fresh.length > 0) shownLines.set(topic, [...shown, ...fresh].slice(-LINES_KEPT_MAX));
    }
    if (message.type === "resync") shownLines.set(topic, []);
  }

  /** Without a session nothing that came before stays on the screen. */
  function forget(): void {
    changed.clear();
    shownStates.clear();
    shownLines.clear();
    for (const known of listeners.values()) for (const listener of known) listener();
  }

  return {
    receive: (message) => {
      if (message.type === "connection") {
        connection = message.connection;
        if (connection.status === "denied") forget();
        for (const listener of connectionListeners) listener();
        return;
      }
      // A hidden tab has no frames: only the newest state of a topic waits for the next one.
      const waiting = message.type === "state" ? [] : (changed.get(message.topic) ?? []);
      changed.set(message.topic, [...waiting, message].slice(-LINES_KEPT_MAX));
      if (isScheduled) return;
      isScheduled = true;
      nextFrame(flush);
    },
    store: {
      subscribe: (topic, listener) => {
        const known = listeners.get(topic) ?? new Set();
        listeners.set(topic, known.add(listener));
        if (known.size === 1) want([...listeners.keys()]);
        return () => {
          known.delete(listener);
          if (known.size > 0) return;
          listeners.delete(topic);
          shownStates.delete(topic);
          shownLines.delete(topic);
          changed.delete(topic);
          want([...listeners.keys()]);
        };
      },
      // Topics are typed by name; that the server keeps to it is its contract.
      state: (topic) => shownStates.get(topic) as never,
      lines: (topic) => shownLines.get(topic) as never,
      connection: () => connection,
      onConnection: (listener) => {
        connectionListeners.add(listener);
        return () => connectionListeners.delete(listener);
      },
    },
  };
}
