/** Lines of one event under construction: each takes the next place of it. */
import type { Cursor, Line } from "../contract/lines.ts";

export class LineList {
  readonly lines: Line[] = [];
  readonly atUs: number;
  readonly #epoch: number;
  readonly #seq: number;

  constructor(epoch: number, seq: number, atUs: number) {
    this.#epoch = epoch;
    this.#seq = seq;
    this.atUs = atUs;
  }

  /** Place of the line that is pushed next. */
  next(): Cursor {
    return { epoch: this.#epoch, seq: this.#seq, at: this.lines.length };
  }

  push(line: Line): void {
    this.lines.push(line);
  }
}
