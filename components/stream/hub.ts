/** Fans one source out to the tabs of a browser: the heart of the shared worker, without the worker. */
import type { Line, LogTopic } from "../../server/contract/lines.ts";
import { createLagMeter } from "./lag.ts";
import {
  LINES_KEPT_MAX,
  type Connection,
  type StateValue,
  type TabMessage,
  type TabRequest,
} from "./protocol.ts";
import { createSource, type OpenStream } from "./source.ts";

/** Timers of hidden tabs fire once a minute: a tab that is silent for longer than two of them is gone. */
export const TAB_SILENCE_MAX_MS = 150_000;

export type Post = (message: TabMessage) => void;

interface Tab {
  topics: ReadonlySet<string>;
  heardAtMs: number;
}

export interface Hub {
  readonly receive: (post: Post, request: TabRequest) => void;
  /** Drops the tabs that died without a word. */
  readonly sweep: () => void;
  readonly close: () => void;
}

export interface HubClocks {
  /** The wall's, which tabs share. */
  readonly nowMs: () => number;
  /** One that nobody sets. */
  readonly monotonicMs: () => number;
}

export function createHub(open: OpenStream, { nowMs, monotonicMs }: HubClocks): Hub {
  const tabs = new Map<Post, Tab>();
  const lag = createLagMeter();
  let key: string | undefined;
  const states = new Map<string, StateValue>();
  const kept = new Map<LogTopic, readonly Line[]>();
  let connection: Connection | undefined;

  const source = createSource(
    open,
    {
      carries: (topics) => {
        for (const topic of states.keys()) if (!topics.includes(topic)) states.delete(topic);
        for (const topic of kept.keys()) if (!topics.includes(topic)) kept.delete(topic);
      },
      state: (topic, value) => {
        const lagMs = lag.lagMs(topic, value, monotonicMs());
        const state = { value, atMs: nowMs() - lagMs, lagMs };
        states.set(topic, state);
        publish(topic, { type: "state", topic, ...state });
      },
      lines: (topic, lines) => {
        kept.set(topic, [...(kept.get(topic) ?? []), ...lines].slice(-LINES_KEPT_MAX));
        publish(topic, { type: "lines", topic, lines });
      },
      resync: (topic) => {
        kept.delete(topic);
        publish(topic, { type: "resync", topic });
      },
      connection: (next) => {
        connection = next;
        if (next.status === "lost") lag.restart();
        for (const post of tabs.keys()) post({ type: "connection", connection: next });
      },
    },
    nowMs,
  );

  function publish(topic: string, message: TabMessage): void {
    for (const [post, tab] of tabs) if (tab.topics.has(topic)) post(message);
  }

  function rewant(): void {
    source.want(
      [...tabs.values()].flatMap((tab) => [...tab.topics]),
      key,
    );
  }

  function greet(post: Post, added: readonly string[]): void {
    for (const topic of added) {
      const state = states.get(topic);
      if (state !== undefined) post({ type: "state", topic, ...state });
      const lines = kept.get(topic as LogTopic);
      if (lines !== undefined) post({ type: "lines", topic: topic as LogTopic, lines });
    }
  }

  return {
    receive: (post, request) => {
      if (request.type === "bye") {
        if (tabs.delete(post)) rewant();
        return;
      }
      const before = tabs.get(post);
      const topics = new Set(request.topics);
      tabs.set(post, { topics, heardAtMs: nowMs() });
      if (before === undefined && connection !== undefined) post({ type: "connection", connection });
      const added = request.topics.filter((topic) => before?.topics.has(topic) !== true);
      const isSame = added.length === 0 && topics.size === before?.topics.size;
      // Every tab reads the same storage: the latest word is the truth for all.
      if (isSame && key === request.key) return;
      key = request.key;
      greet(post, added);
      rewant();
    },
    sweep: () => {
      const limit = nowMs() - TAB_SILENCE_MAX_MS;
      const dead = [...tabs].filter(([, tab]) => tab.heardAtMs < limit);
      for (const [post] of dead) tabs.delete(post);
      if (dead.length > 0) rewant();
    },
    close: () => source.close(),
  };
}
