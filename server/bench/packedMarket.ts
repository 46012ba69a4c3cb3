/**
 * A market in flat memory, decoded record by record, as a recording is read. Kept as objects, a market of this
 * length costs the run that replays it more in cache misses than the exchange takes to match it.
 */
import type { MarketDriver, MarketRecord } from "../lab/ports.ts";

export interface PackedMarket {
  readonly endAtUs: number;
  /** The market from its start. */
  open(): MarketDriver;
}

const KINDS = ["snapshot", "delta", "take"] as const;
const SIDES = ["buy", "sell"] as const;

/** Throws on kinds of records that the walk does not make. */
export function packMarket(records: readonly MarketRecord[]): PackedMarket {
  const startAtUs = records[0]?.exchangeAtUs ?? 0;
  let endAtUs = startAtUs;
  const flat: number[] = [];
  for (const record of records) {
    // Times as differences: every number fits 32 bits, and a record decodes to small integers.
    const afterUs = record.exchangeAtUs - endAtUs;
    endAtUs = record.exchangeAtUs;
    if (record.kind === "take")
      flat.push(2, record.instrument, afterUs, SIDES.indexOf(record.side), record.sizeLots);
    else if (record.kind === "snapshot" || record.kind === "delta") {
      flat.push(KINDS.indexOf(record.kind), record.instrument, afterUs);
      flat.push(record.bids.length, record.asks.length, ...record.bids, ...record.asks);
    } else throw new Error(`invariant: a walk has no ${record.kind}`);
  }
  const packed = Int32Array.from(flat);
  return { endAtUs, open: () => new PackedDriver(packed, startAtUs) };
}

class PackedDriver implements MarketDriver {
  readonly #packed: Int32Array;
  #at = 0;
  #nowUs: number;

  constructor(packed: Int32Array, startAtUs: number) {
    this.#packed = packed;
    this.#nowUs = startAtUs;
  }

  next(): MarketRecord | undefined {
    if (this.#at === this.#packed.length) return undefined;
    const kind = KINDS[this.#take()];
    const instrument = this.#take();
    this.#nowUs += this.#take();
    const exchangeAtUs = this.#nowUs;
    if (kind === "take") {
      const side = SIDES[this.#take()] ?? "buy";
      return { kind, instrument, exchangeAtUs, side, sizeLots: this.#take() };
    }
    if (kind === undefined) throw new Error("invariant: a packed record has no kind");
    const bidNumbers = this.#take();
    const askNumbers = this.#take();
    const bids = this.#levels(bidNumbers);
    return { kind, instrument, exchangeAtUs, bids, asks: this.#levels(askNumbers) };
  }

  #take(): number {
    return this.#packed[this.#at++] as number;
  }

  #levels(numbers: number): number[] {
    const levels: number[] = [];
    for (let i = 0; i < numbers; i++) levels.push(this.#take());
    return levels;
  }
}
