/** The newest lines of a log topic, in the order of their cursors, and from where on none is missing. */
import {
  compareCursors,
  LOG_TOPICS,
  topicOf,
  type Cursor,
  type Line,
  type LogTopic,
} from "../contract/lines.ts";
import { Packr } from "msgpackr";
import { LOG_RING_MAX } from "../contract/link.ts";

/** Before the first line of any desk: run epochs begin at 1. */
export const BEFORE_ALL: Cursor = { epoch: 0, seq: 0, at: 0 };

/** Of lines as they are kept, on average: an order is some 130 bytes, a fill 185, a notice as long as its text. */
const RING_BYTES = LOG_RING_MAX * 192;

/** The field names of a kind of line are kept once. Never leaves the process, so nobody else has to know them. */
const packr = new Packr({ structures: [], useBigIntExtension: true });

/**
 * Keeps the newest `LOG_RING_MAX` lines, or fewer where their bytes exceed `RING_BYTES`. As bytes, in memory that is
 * taken at the start: as objects, and in the frames that their texts are cut from, they are eight times as large, and
 * a ring that takes an hour to fill makes a process grow for an hour.
 */
export class LineRing {
  readonly #bytes = Buffer.allocUnsafeSlow(RING_BYTES).fill(0);
  /** By position modulo the length: where a line's bytes are, and its cursor. */
  readonly #at = column();
  readonly #length = column();
  readonly #epoch = column();
  readonly #seq = column();
  readonly #place = column();
  /** Positions of the first line kept and of the next: they count on while lines are dropped. */
  #start = 0;
  #end = 0;
  /** Where the next line's bytes go. */
  #next = 0;
  #floor: Cursor | undefined;

  /** Every line from this cursor on is kept; undefined: every line there ever was. */
  get floor(): Cursor | undefined {
    return this.#floor;
  }

  get last(): Cursor | undefined {
    return this.#end === this.#start ? undefined : this.#cursor(this.#end - 1);
  }

  /** Position of the oldest line kept. */
  get start(): number {
    return this.#start;
  }

  /** Position of the line that comes next. */
  get end(): number {
    return this.#end;
  }

  /** Throws on lines that are not in the order of their cursors: a follower could not resume among them. */
  append(lines: readonly Line[]): void {
    for (const line of lines) {
      const { last } = this;
      if (last !== undefined && compareCursors(line.cursor, last) <= 0)
        throw new Error(`line ${JSON.stringify(line.cursor)} does not come after ${JSON.stringify(last)}`);
      this.#put(line);
    }
  }

  /** Empties it: what comes next is complete from `floor` on. */
  restart(floor: Cursor | undefined): void {
    this.#start = this.#end;
    this.#next = 0;
    this.#floor = floor;
  }

  /** Whether nothing after the cursor has been lost to it. */
  reaches(after: Cursor): boolean {
    return this.#floor === undefined || compareCursors(successor(after), this.#floor) >= 0;
  }

  /** Position of the first kept line after the cursor. */
  positionAfter(after: Cursor): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (compareCursors(this.#cursor(middle), after) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Undefined when the position has been dropped. */
  slice(position: number, countMax: number): readonly Line[] | undefined {
    if (position < this.#start) return undefined;
    const lines: Line[] = [];
    for (let at = position; at < Math.min(this.#end, position + countMax); at++) {
      const from = valueAt(this.#at, at);
      lines.push(packr.unpack(this.#bytes.subarray(from, from + valueAt(this.#length, at))) as Line);
    }
    return lines;
  }

  #put(line: Line): void {
    const { epoch, seq, at: place } = line.cursor;
    const bytes = packr.pack(line);
    if (bytes.length > RING_BYTES) {
      // Larger than all that is kept: whoever wants it asks the store.
      this.#end += 1;
      return this.restart(successor(line.cursor));
    }
    const from = this.#makeRoom(bytes.length);
    const slot = this.#end % LOG_RING_MAX;
    this.#at[slot] = from;
    this.#length[slot] = bytes.length;
    this.#epoch[slot] = epoch;
    this.#seq[slot] = seq;
    this.#place[slot] = place;
    this.#bytes.set(bytes, from);
    this.#end += 1;
    this.#next = from + bytes.length;
  }

  /** Where so many bytes are free, once the oldest lines that were there are dropped. */
  #makeRoom(length: number): number {
    if (this.#end - this.#start === LOG_RING_MAX) this.#drop();
    if (this.#next + length > RING_BYTES) {
      // Between here and the end of the memory are only lines that are older than those at its beginning.
      this.#dropWhile((from) => from >= this.#next);
      this.#next = 0;
    }
    const from = this.#next;
    this.#dropWhile((oldest) => oldest >= from && oldest < from + length);
    return from;
  }

  #dropWhile(isInTheWay: (from: number) => boolean): void {
    while (this.#start < this.#end && isInTheWay(valueAt(this.#at, this.#start))) this.#drop();
  }

  #drop(): void {
    this.#floor = successor(this.#cursor(this.#start));
    this.#start += 1;
  }

  #cursor(position: number): Cursor {
    const epoch = valueAt(this.#epoch, position);
    return { epoch, seq: valueAt(this.#seq, position), at: valueAt(this.#place, position) };
  }
}

function column(): Float64Array {
  return new Float64Array(LOG_RING_MAX).fill(0);
}

function valueAt(values: Float64Array, position: number): number {
  return values[position % LOG_RING_MAX] ?? 0;
}

/** One of each log topic. */
export type LineRings = ReadonlyMap<LogTopic, LineRing>;

/** For all lines after the cursor; undefined: since the desk began. */
export function createLineRings(after: Cursor | undefined): LineRings {
  const rings = new Map(LOG_TOPICS.map((topic) => [topic, new LineRing()]));
  if (after !== undefined) for (const ring of rings.values()) ring.restart(successor(after));
  return rings;
}

/** Lines of all topics mixed; those of none are left out. */
export function appendLines(rings: LineRings, lines: readonly Line[]): void {
  for (const line of lines) {
    const topic = topicOf(line);
    if (topic !== undefined) rings.get(topic)?.append([line]);
  }
}

/** The first cursor that can come after this one. */
export function successor({ epoch, seq, at }: Cursor): Cursor {
  return { epoch, seq, at: at + 1 };
}
