/** One reading of a source: how far it is, and what it found wrong. */
import type { Defect, SourceCheck } from "../recording/manifest.ts";
import { Lines } from "./lines.ts";
import type { SourceFile } from "./unpack.ts";

/** Called now and then with the bytes read so far over all passes. */
export type OnProgress = (doneBytes: number, totalBytes: number) => void;

/** Often enough for a bar, rare enough to cost nothing. */
const PROGRESS_EVERY_BYTES = 1 << 20;

export class ImportPass {
  readonly #defects = new Map<string, { code: string; text: string; count: number }>();
  readonly #checks = new Map<string, { name: string; checked: number; equal: number }>();
  readonly #onProgress: (bytes: number) => void;
  #bytes = 0;
  #reportedBytes = 0;

  constructor(onProgress: (bytes: number) => void = () => undefined) {
    this.#onProgress = onProgress;
  }

  /** The lines of some files, one file after the other as if they were one. */
  lines(files: readonly SourceFile[]): Lines {
    return new Lines(files, (bytes) => this.#advance(bytes));
  }

  /** Counts a defect; the text tells one from another under the same code. */
  defect(code: string, text: string, count = 1): void {
    const key = `${code} ${text}`;
    const known = this.#defects.get(key);
    if (known === undefined) this.#defects.set(key, { code, text, count });
    else known.count += count;
  }

  /** Counts a comparison that the source allows, such as a rebuilt book with a top that was sent. */
  check(name: string, equal: boolean): void {
    const known = this.#checks.get(name) ?? { name, checked: 0, equal: 0 };
    known.checked++;
    if (equal) known.equal++;
    this.#checks.set(name, known);
  }

  get defects(): Defect[] {
    return [...this.#defects.values()];
  }

  get checks(): SourceCheck[] {
    return [...this.#checks.values()];
  }

  #advance(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes - this.#reportedBytes < PROGRESS_EVERY_BYTES) return;
    this.#reportedBytes = this.#bytes;
    this.#onProgress(this.#bytes);
  }
}
