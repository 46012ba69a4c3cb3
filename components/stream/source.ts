/**
 * One subscription to the server for all topics that anybody here wants. It reopens with the cursors it
 * has reached, so that a cut connection costs neither a gap nor a repetition, and waits longer each time.
 */
import { formatCursor, type Cursor, type Line, type LogTopic } from "../../server/contract/lines.ts";
import { linesAfter, type Connection, type StreamMessage } from "./protocol.ts";

export interface StreamInput {
  readonly topics: string[];
  readonly cursors: Partial<Record<LogTopic, string>>;
  /** To the session. */
  readonly key: string | undefined;
}

export interface StreamHandlers {
  readonly opened: () => void;
  readonly message: (message: StreamMessage) => void;
  readonly ended: (why: "lost" | "denied", text: string) => void;
}

/** Opens the stream; returns its end. After `ended` nothing comes any more. */
export type OpenStream = (input: StreamInput, handlers: StreamHandlers) => () => void;

export interface SourceSink {
  /** From here on these topics are carried and no others: what is known of others grows old. */
  readonly carries: (topics: readonly string[]) => void;
  readonly state: (topic: string, value: unknown) => void;
  readonly lines: (topic: LogTopic, lines: readonly Line[]) => void;
  readonly resync: (topic: LogTopic) => void;
  readonly connection: (connection: Connection) => void;
}

/** Components of a page mount together: their topics are asked for at once. */
const GATHER_MS = 20;
const RETRY_FIRST_MS = 250;
/** An operator who looks at a dead page wants it back within seconds. */
const RETRY_MAX_MS = 4_000;

export interface Source {
  readonly want: (topics: readonly string[], key?: string) => void;
  readonly close: () => void;
}

export function createSource(open: OpenStream, sink: SourceSink, nowMs: () => number): Source {
  let wanted: readonly string[] = [];
  let key: string | undefined;
  let openedFor = "";
  let end: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = RETRY_FIRST_MS;
  let connection: Connection | undefined;
  const reached = new Map<LogTopic, Cursor>();

  function say(next: Connection): void {
    if (connection?.status === next.status) return;
    connection = next;
    sink.connection(next);
  }

  function reopen(): void {
    timer = undefined;
    end?.();
    end = undefined;
    openedFor = asked();
    for (const topic of reached.keys()) if (!wanted.includes(topic)) reached.delete(topic);
    sink.carries(wanted);
    if (wanted.length === 0) return;
    if (connection === undefined) say({ status: "connecting", sinceMs: nowMs() });
    const cursors: StreamInput["cursors"] = {};
    for (const [topic, cursor] of reached) cursors[topic] = formatCursor(cursor);
    // What a stream that was closed still delivers must not be mixed with its successor's.
    let current = true;
    const stop = open(
      { topics: [...wanted], cursors, key },
      {
        opened: () => {
          if (current) heard();
        },
        message: (message) => {
          if (!current) return;
          heard();
          receive(message);
        },
        ended: (why, text) => {
          if (!current) return;
          current = false;
          end = undefined;
          stop();
          if (why === "denied") forget();
          say(
            why === "denied"
              ? { status: why, sinceMs: nowMs() }
              : { status: why, sinceMs: nowMs(), why: text },
          );
          schedule(retryMs);
          retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
        },
      },
    );
    end = () => {
      current = false;
      stop();
    };
  }

  /** Who has no session sees nothing, and begins anew with the next one: another operator may have it. */
  function forget(): void {
    reached.clear();
    sink.carries([]);
  }

  function heard(): void {
    retryMs = RETRY_FIRST_MS;
    say({ status: "open", sinceMs: nowMs() });
  }

  function receive(message: StreamMessage): void {
    switch (message.kind) {
      case "state":
        sink.state(message.topic, message.value);
        return;
      case "lines": {
        const fresh = linesAfter(message.lines, reached.get(message.topic));
        const newest = fresh.at(-1);
        if (newest === undefined) return;
        reached.set(message.topic, newest.cursor);
        sink.lines(message.topic, fresh);
        return;
      }
      case "resync":
        reached.delete(message.topic);
        sink.resync(message.topic);
        return;
    }
  }

  function asked(): string {
    return [key ?? "", ...wanted].join("\n");
  }

  function schedule(delayMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(reopen, delayMs);
  }

  return {
    want: (topics, withKey) => {
      wanted = [...new Set(topics)].toSorted();
      key = withKey;
      if (asked() !== openedFor) schedule(GATHER_MS);
    },
    close: () => {
      clearTimeout(timer);
      end?.();
      end = undefined;
    },
  };
}
