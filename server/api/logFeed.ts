/**
 * One log topic on its way to one browser: in order, without gap or repetition. A browser that does not read
 * stops following and is served from what the process keeps once it reads again; what is no longer kept
 * comes from the store. Lines that neither has are said to be missing.
 */
import type { EngineLink } from "../contract/link.ts";
import type { Cursor, Line, LogTopic } from "../contract/lines.ts";

/** Lines in one message: a page keeps no more than these, and encoding them takes some milliseconds. */
export const MESSAGE_LINES_MAX = 500;

/** Lines that wait for a browser while more are added; what it is given at once may be a whole ring. */
const WAITING_MAX = 2_000;

export type LogMessage =
  | { readonly kind: "lines"; readonly topic: LogTopic; readonly lines: readonly Line[] }
  /** Lines are missing that neither engine nor store could give: what is shown begins anew. */
  | { readonly kind: "resync"; readonly topic: LogTopic };

export interface LogFeedOptions {
  readonly topic: LogTopic;
  /** Undefined: the newest lines that are kept. */
  readonly after: Cursor | undefined;
  readonly link: Pick<EngineLink, "follow">;
  /** Lines between two cursors from the store, undefined when not all of them can be had. */
  readonly readMissed: (range: {
    readonly after: Cursor;
    readonly before: Cursor;
  }) => Promise<readonly Line[] | undefined>;
  /** Something can be taken. */
  readonly wake: () => void;
}

interface Following {
  isOver: boolean;
  end: (() => void) | undefined;
}

export class LogFeed {
  readonly #options: LogFeedOptions;
  #waiting: Line[] = [];
  /** Of the newest line that waits or was taken, or before which nothing is missing. */
  #reached: Cursor | undefined;
  /** Asked for no particular place, and nothing was taken yet: only the newest lines are of interest. */
  #wantsNewest: boolean;
  #isReset = false;
  #following: Following | undefined;
  #isFilling = false;
  #isClosed = false;

  constructor(options: LogFeedOptions) {
    this.#options = options;
    this.#reached = options.after;
    this.#wantsNewest = options.after === undefined;
    this.#follow();
  }

  /** The next message; undefined while there is none. */
  take(): LogMessage | undefined {
    const { topic } = this.#options;
    if (this.#isReset) {
      this.#isReset = false;
      return { kind: "resync", topic };
    }
    if (this.#waiting.length === 0 && this.#following === undefined && !this.#isFilling) this.#follow();
    const lines = this.#waiting.splice(0, MESSAGE_LINES_MAX);
    if (lines.length === 0) return undefined;
    this.#wantsNewest = false;
    return { kind: "lines", topic, lines };
  }

  close(): void {
    this.#isClosed = true;
    this.#unfollow();
  }

  #follow(): void {
    if (this.#isClosed) return;
    const own: Following = { isOver: false, end: undefined };
    this.#following = own;
    const end = this.#options.link.follow(this.#options.topic, this.#reached, {
      lines: (lines) => {
        if (!own.isOver) this.#add(lines);
      },
      resync: (oldest) => {
        if (own.isOver) return;
        if (oldest === undefined || this.#reached === undefined) this.#reset(undefined);
        else void this.#fill(this.#reached, oldest);
      },
    });
    // The listener may have ended it before there was an end to call.
    if (own.isOver) end();
    else own.end = end;
  }

  #unfollow(): void {
    const own = this.#following;
    this.#following = undefined;
    if (own === undefined) return;
    own.isOver = true;
    own.end?.();
  }

  #add(lines: readonly Line[]): void {
    this.#waiting.push(...lines);
    this.#reached = lines.at(-1)?.cursor ?? this.#reached;
    if (this.#wantsNewest) this.#waiting = this.#waiting.slice(-MESSAGE_LINES_MAX);
    else if (this.#waiting.length > WAITING_MAX) this.#unfollow();
    this.#options.wake();
  }

  /** What is missing from the store, then on from the oldest line that the engine keeps. Never rejects. */
  async #fill(after: Cursor, oldest: Cursor): Promise<void> {
    this.#unfollow();
    this.#isFilling = true;
    const missed = await this.#options.readMissed({ after, before: oldest });
    this.#isFilling = false;
    if (this.#isClosed) return;
    const before = { ...oldest, at: oldest.at - 1 };
    if (missed === undefined) this.#reset(before);
    else {
      this.#add(missed);
      this.#reached = before;
    }
    if (this.#waiting.length === 0) this.#follow();
  }

  /** What waits would be thrown away with what was there before. */
  #reset(reached: Cursor | undefined): void {
    this.#waiting = [];
    this.#isReset = true;
    this.#reached = reached;
    this.#options.wake();
  }
}
