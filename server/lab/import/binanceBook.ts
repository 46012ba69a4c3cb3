/**
 * Binance's rules for a local book (developers.binance.com, "How to manage a local order book
 * correctly"): buffer depth, take a snapshot, drop what it contains, then follow the sequence: spot
 * U = u′ + 1, futures pu = u′. A hole makes the book void until the next snapshot.
 */
import type { DepthMessage, Market, SnapshotMessage, TickerMessage } from "./binanceMessages.ts";
import type { ImportPass } from "./pass.ts";
import { TopProof } from "./topProof.ts";

/** A snapshot comes within seconds of its request; at 100 messages a second this covers ten. */
const BUFFER_MAX = 1_000;

/** What the book does with a message. The snapshot is shown as a depth message whose updates end at its id. */
export type BookStep = "gap" | { readonly kind: "snapshot" | "delta"; readonly message: DepthMessage };

type Sync =
  | { readonly status: "waiting" }
  /** A snapshot lies below; the next message must reach over its end. */
  | { readonly status: "joining"; readonly snapshotId: number }
  | { readonly status: "live"; readonly lastId: number };

interface Buffered {
  readonly message: DepthMessage;
  readonly file: string;
}

export class BinanceBook {
  readonly #market: Market;
  readonly #symbol: string;
  readonly #pass: ImportPass;
  readonly #proof: TopProof;
  #sync: Sync = { status: "waiting" };
  #buffer: Buffered[] = [];

  constructor(market: Market, symbol: string, pass: ImportPass) {
    this.#market = market;
    this.#symbol = symbol;
    this.#pass = pass;
    this.#proof = new TopProof(pass);
  }

  onSnapshot(snapshot: SnapshotMessage): BookStep[] {
    if (this.#sync.status === "live" && snapshot.lastId <= this.#sync.lastId) {
      this.#count("OLD_SNAPSHOT", "snapshots older than the book; not applied");
      return [];
    }
    const { lastId, venueAtUs, bids, asks } = snapshot;
    const symbol = this.#symbol;
    const message: DepthMessage = {
      type: "depth",
      symbol,
      venueAtUs,
      firstId: lastId,
      lastId,
      previousId: undefined,
      bids,
      asks,
    };
    this.#sync = { status: "joining", snapshotId: lastId };
    this.#proof.restart(bids, asks);
    const waiting = this.#buffer;
    this.#buffer = [];
    const rest = waiting.flatMap((buffered) => this.onDepth(buffered.message, buffered.file));
    return [{ kind: "snapshot", message }, ...rest];
  }

  onDepth(message: DepthMessage, file: string): BookStep[] {
    switch (this.#fit(message)) {
      case "wait":
        this.#keep({ message, file });
        return [];
      case "old":
        this.#count("BEFORE_SNAPSHOT", "depth messages that a snapshot already contains; not applied");
        return [];
      case "next":
        this.#sync = { status: "live", lastId: message.lastId };
        this.#proof.apply(message, file);
        return [{ kind: "delta", message }];
      case "hole":
        this.#count("SEQUENCE_GAP", "holes in the depth sequence; the book is void until the next snapshot");
        this.#sync = { status: "waiting" };
        this.#proof.stop();
        this.#keep({ message, file });
        return ["gap"];
    }
  }

  onTicker(ticker: TickerMessage): void {
    this.#proof.onTicker(ticker);
  }

  /** The source ends: what still waits for a snapshot was never applied. */
  end(): void {
    this.#proof.stop();
    this.#countWaiting(this.#buffer.length);
  }

  #fit({ firstId, lastId, previousId }: DepthMessage): "wait" | "old" | "next" | "hole" {
    const sync = this.#sync;
    switch (sync.status) {
      case "waiting":
        return "wait";
      case "joining": {
        const reached = this.#market === "spot" ? sync.snapshotId + 1 : sync.snapshotId;
        if (lastId < reached) return "old";
        return firstId <= reached || previousId === sync.snapshotId ? "next" : "hole";
      }
      case "live":
        if (lastId <= sync.lastId) return "old";
        return (this.#market === "spot" ? firstId - 1 : previousId) === sync.lastId ? "next" : "hole";
    }
  }

  #keep(buffered: Buffered): void {
    this.#buffer.push(buffered);
    if (this.#buffer.length <= BUFFER_MAX) return;
    this.#buffer.shift();
    this.#countWaiting(1);
  }

  #countWaiting(count: number): void {
    if (count > 0) this.#count("NO_SNAPSHOT", "depth messages that no snapshot came for; not applied", count);
  }

  #count(code: string, text: string, count = 1): void {
    this.#pass.defect(code, `${this.#market} ${this.#symbol}: ${text}`, count);
  }
}
