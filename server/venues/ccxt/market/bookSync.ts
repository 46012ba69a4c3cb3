/**
 * Whether a book message follows what we have. Three rules: Binance's ranges of update ids (developers.binance.com,
 * "How to manage a local order book correctly"), OKX's chain of sequence numbers, and none where a checksum decides.
 */
import type { BookLink } from "./messages.ts";

export type Fit = "next" | "old" | "hole";

export class BookSync {
  #last: number | undefined;

  /** Of the last message that was taken; undefined where nothing is counted, or nothing came. */
  get last(): number | undefined {
    return this.#last;
  }

  /** A whole book came: what follows is measured against it. */
  restart(link: BookLink): void {
    this.#last = link.rule === "checksum" ? undefined : link.last;
  }

  /** Takes a delta into the sequence when it is the next one. */
  follow(link: BookLink): Fit {
    const fit = this.#fit(link);
    if (fit === "next" && link.rule !== "checksum") this.#last = link.last;
    return fit;
  }

  #fit(link: BookLink): Fit {
    if (link.rule === "checksum") return "next";
    const last = this.#last;
    if (last === undefined) return "hole";
    switch (link.rule) {
      case "range":
        // Sizes are absolute: a range that reaches back over the end of a snapshot is applied whole.
        if (link.last <= last) return "old";
        return link.first <= last + 1 ? "next" : "hole";
      case "previous":
        // First of all the chain: after maintenance a venue's numbers begin again from below.
        if (link.previous === last) return "next";
        return link.last <= last ? "old" : "hole";
    }
  }
}
