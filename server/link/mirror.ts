/**
 * A log topic as a client keeps it: the engine sends each line once to a process, however many readers
 * there are behind it, and each reader is served from here.
 */
import type { EngineLink } from "../contract/link.ts";
import { compareCursors, type Cursor, type Line } from "../contract/lines.ts";
import { BEFORE_ALL, LineRing } from "./lineRing.ts";

type LineListener = Parameters<EngineLink["follow"]>[2];

interface Follower {
  readonly listener: LineListener;
  /** Of the last line it was given; undefined: it takes whatever is kept. */
  last: Cursor | undefined;
}

export class Mirror {
  readonly #ring = new LineRing();
  readonly #followers = new Set<Follower>();

  /** Where the engine is to go on: it says so when it cannot. */
  get resumeAfter(): Cursor {
    return this.#ring.last ?? BEFORE_ALL;
  }

  /** Tells what is kept at once. Returns the end of it. */
  follow(after: Cursor | undefined, listener: LineListener): () => void {
    const follower: Follower = { listener, last: after };
    this.#followers.add(follower);
    if (after !== undefined && !this.#ring.reaches(after)) this.#resync(follower, this.#ring.floor);
    const position = follower.last === undefined ? this.#ring.start : this.#ring.positionAfter(follower.last);
    const lines = this.#ring.slice(position, this.#ring.end - position) ?? [];
    this.#give(follower, lines);
    return () => {
      this.#followers.delete(follower);
    };
  }

  lines(lines: readonly Line[]): void {
    this.#ring.append(lines);
    for (const follower of this.#followers) this.#give(follower, lines);
  }

  /** Lines have been lost between what is kept here and what comes now. */
  resync(floor: Cursor | undefined): void {
    this.#ring.restart(floor);
    for (const follower of this.#followers)
      if (follower.last !== undefined && !this.#ring.reaches(follower.last)) this.#resync(follower, floor);
  }

  /** The engine of another desk answers at the address: nothing here is part of its story. */
  startOver(): void {
    this.#ring.restart(undefined);
    for (const follower of this.#followers) {
      follower.last = undefined;
      follower.listener.resync(undefined);
    }
  }

  #resync(follower: Follower, floor: Cursor | undefined): void {
    // The next line it is given is the first from the floor on.
    follower.last = floor === undefined ? undefined : { ...floor, at: floor.at - 1 };
    follower.listener.resync(floor);
  }

  #give(follower: Follower, lines: readonly Line[]): void {
    const { last } = follower;
    const first = lines[0];
    if (first === undefined) return;
    // A listener that follows from within its own resync has been given them already.
    const fresh =
      last === undefined || compareCursors(first.cursor, last) > 0
        ? lines
        : lines.filter((line) => compareCursors(line.cursor, last) > 0);
    const newest = fresh.at(-1);
    if (newest === undefined) return;
    follower.last = newest.cursor;
    follower.listener.lines(fresh);
  }
}
