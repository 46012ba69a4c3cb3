/** The lines of some files in order, with the place for messages. Text is ASCII, line ends are LF or CRLF. */
import { UserError } from "../../contract/errors.ts";
import type { SourceFile } from "./unpack.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export class Lines {
  /** Of the line that `next` gave last, as is `number`. */
  file = "";
  number = 0;
  readonly #files: readonly SourceFile[];
  readonly #onBytes: (bytes: number) => void;
  #next = 0;
  #text: Buffer | undefined;
  #at = 0;
  #lastAtUs = 0;

  constructor(files: readonly SourceFile[], onBytes: (bytes: number) => void) {
    this.#files = files;
    this.#onBytes = onBytes;
  }

  /** Blank lines are skipped, but counted. */
  next(): string | undefined {
    for (;;) {
      if (this.#text === undefined || this.#at >= this.#text.length) {
        const file = this.#files[this.#next++];
        if (file === undefined) return undefined;
        this.file = file.name;
        this.number = 0;
        this.#text = file.text;
        this.#at = 0;
        continue;
      }
      const found = this.#text.indexOf(LINE_FEED, this.#at);
      const end = found === -1 ? this.#text.length : found;
      const start = this.#at;
      this.#at = end + 1;
      this.number++;
      this.#onBytes(this.#at - start);
      const last = end > start && this.#text[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
      if (last > start) return this.#text.toString("latin1", start, last);
    }
  }

  /** The receive time of this line, which must not lie before that of the last one. */
  inOrder(receivedAtUs: number): number {
    if (receivedAtUs < this.#lastAtUs)
      this.refuse("its time lies before that of the line above: sort the source by time");
    this.#lastAtUs = receivedAtUs;
    return receivedAtUs;
  }

  refuse(text: string): never {
    throw new UserError(`${this.file}:${this.number}: ${text}`);
  }
}
