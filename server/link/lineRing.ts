/** The newest lines of a log topic, in the order of their cursors, and from where on none is missing. */
import { compareCursors, type Cursor, type Line } from "../contract/lines.ts";
import { LOG_RING_MAX } from "../contract/link.ts";

/** Before the first line of any desk: run epochs begin at 1. */
export const BEFORE_ALL: Cursor = { epoch: 0, seq: 0, at: 0 };

const SLACK = LOG_RING_MAX / 10;

export class LineRing {
  /** Cut to its newest `LOG_RING_MAX` when it holds `SLACK` more: dropping costs one copy in a thousand lines. */
  #lines: Line[] = [];
  /** Position of the first line in `#lines`: positions count on while lines are dropped. */
  #offset = 0;
  #floor: Cursor | undefined;

  /** Every line from this cursor on is kept; undefined: every line there ever was. */
  get floor(): Cursor | undefined {
    return this.#floor;
  }

  get last(): Cursor | undefined {
    return this.#lines.at(-1)?.cursor;
  }

  /** Position of the oldest line kept. */
  get start(): number {
    return this.#offset;
  }

  /** Position of the line that comes next. */
  get end(): number {
    return this.#offset + this.#lines.length;
  }

  /** Throws on lines that are not in the order of their cursors: a follower could not resume among them. */
  append(lines: readonly Line[]): void {
    for (const line of lines) {
      const { last } = this;
      if (last !== undefined && compareCursors(line.cursor, last) <= 0)
        throw new Error(`line ${JSON.stringify(line.cursor)} does not come after ${JSON.stringify(last)}`);
      this.#lines.push(line);
    }
    if (this.#lines.length < LOG_RING_MAX + SLACK) return;
    const dropped = this.#lines.splice(0, this.#lines.length - LOG_RING_MAX);
    this.#offset += dropped.length;
    const lastDropped = dropped.at(-1);
    if (lastDropped !== undefined) this.#floor = successor(lastDropped.cursor);
  }

  /** Empties it: what comes next is complete from `floor` on. */
  restart(floor: Cursor | undefined): void {
    this.#offset = this.end;
    this.#lines = [];
    this.#floor = floor;
  }

  /** Whether nothing after the cursor has been lost to it. */
  reaches(after: Cursor): boolean {
    return this.#floor === undefined || compareCursors(successor(after), this.#floor) >= 0;
  }

  /** Position of the first kept line after the cursor. */
  positionAfter(after: Cursor): number {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const line = this.#lines[middle];
      if (line !== undefined && compareCursors(line.cursor, after) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.#offset + low;
  }

  /** Undefined when the position has been dropped. */
  slice(position: number, countMax: number): readonly Line[] | undefined {
    const start = position - this.#offset;
    return start < 0 ? undefined : this.#lines.slice(start, start + countMax);
  }
}

/** The first cursor that can come after this one. */
export function successor({ epoch, seq, at }: Cursor): Cursor {
  return { epoch, seq, at: at + 1 };
}
