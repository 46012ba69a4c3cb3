/** Deltas since a snapshot was asked for, which it will be bridged with. */
import type { BookMessage } from "./messages.ts";

/** 10 s of the busiest books. Beyond it the oldest go, and the snapshot will not bridge. */
const DELTAS_MAX = 10_000;

export class DeltaBuffer {
  #deltas: BookMessage[] | undefined;

  /** Keeps what comes from here on, behind what is kept already. */
  begin(first: readonly BookMessage[] = []): void {
    this.#deltas ??= [...first];
  }

  keep(delta: BookMessage): void {
    if (this.#deltas === undefined) return;
    this.#deltas.push(delta);
    if (this.#deltas.length > DELTAS_MAX) this.#deltas.shift();
  }

  /** All of them; what comes now is kept no more. */
  end(): readonly BookMessage[] {
    const deltas = this.#deltas ?? [];
    this.#deltas = undefined;
    return deltas;
  }
}
