/**
 * Records to bytes and back; docs/recordings.md has the table. Values are differences from the last
 * record of the same section, so a section is read from its start. Both classes hold the same memory.
 */
import type { RecordedEvent } from "./events.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";

const SNAPSHOT = 0;
const DELTA = 1;
const TOP = 2;
const TOUCH = 3;
const PRINT = 4;
const ALIVE = 5;
const GAP = 6;

const KIND_MASK = 0b0000_0111;
const HAS_VENUE_TIME = 0b0000_1000;
const HAS_UPDATE_ID = 0b0001_0000;
const HAS_SIZE = 0b0001_0000;
const HAS_BID = 0b0001_0000;
const HAS_ASK = 0b0010_0000;
const BUYER = 0b0010_0000;
const SELLER = 0b0100_0000;

const KIND_BITS = {
  snapshot: SNAPSHOT,
  delta: DELTA,
  top: TOP,
  touch: TOUCH,
  print: PRINT,
  alive: ALIVE,
  gap: GAP,
} as const;

/** What both sides remember within a section. */
class Memory {
  atUs: number;
  readonly ticks: Float64Array;
  readonly updateId: Float64Array;

  constructor(instruments: number, startAtUs: number) {
    this.atUs = startAtUs;
    this.ticks = new Float64Array(instruments);
    this.updateId = new Float64Array(instruments);
  }
}

export class RecordEncoder {
  readonly #memory: Memory;
  readonly #out: ByteWriter;

  constructor(instruments: number, startAtUs: number, out: ByteWriter) {
    this.#memory = new Memory(instruments, startAtUs);
    this.#out = out;
  }

  encode(event: RecordedEvent): void {
    const { instrument, receivedAtUs, venueAtUs } = event;
    const out = this.#out;
    out.byte(KIND_BITS[event.kind] | (venueAtUs === undefined ? 0 : HAS_VENUE_TIME) | flagsOf(event));
    out.varint(instrument);
    out.varint(receivedAtUs - this.#memory.atUs);
    this.#memory.atUs = receivedAtUs;
    if (venueAtUs !== undefined) out.signed(venueAtUs - receivedAtUs);
    switch (event.kind) {
      case "snapshot":
      case "delta":
      case "top":
        if (event.updateId !== undefined) {
          out.signed(event.updateId - (this.#memory.updateId[instrument] ?? 0));
          this.#memory.updateId[instrument] = event.updateId;
        }
        this.#levels(instrument, event.bids);
        this.#levels(instrument, event.asks);
        return;
      case "touch":
        if (event.bidTicks !== undefined) this.#ticks(instrument, event.bidTicks);
        if (event.askTicks !== undefined) this.#ticks(instrument, event.askTicks);
        return;
      case "print":
        this.#ticks(instrument, event.priceTicks);
        if (event.sizeLots !== undefined) out.varint(event.sizeLots);
        return;
      case "alive":
      case "gap":
        return;
    }
  }

  #levels(instrument: number, levels: readonly number[]): void {
    this.#out.varint(levels.length / 2);
    for (let at = 0; at < levels.length; at += 2) {
      this.#ticks(instrument, levels[at] ?? 0);
      this.#out.varint(levels[at + 1] ?? 0);
    }
  }

  #ticks(instrument: number, priceTicks: number): void {
    this.#out.signed(priceTicks - (this.#memory.ticks[instrument] ?? 0));
    this.#memory.ticks[instrument] = priceTicks;
  }
}

export class RecordDecoder {
  readonly #instruments: number;
  readonly #memory: Memory;
  readonly #in: ByteReader;

  constructor(instruments: number, startAtUs: number, bytes: ByteReader) {
    this.#instruments = instruments;
    this.#memory = new Memory(instruments, startAtUs);
    this.#in = bytes;
  }

  /** Undefined at the end of the section; RangeError for bytes that are no record. */
  next(): RecordedEvent | undefined {
    const input = this.#in;
    if (input.done) return undefined;
    const head = input.byte();
    const instrument = input.varint();
    if (instrument >= this.#instruments) throw new RangeError(`there is no instrument ${instrument}`);
    const receivedAtUs = this.#memory.atUs + input.varint();
    this.#memory.atUs = receivedAtUs;
    const venueAtUs = (head & HAS_VENUE_TIME) === 0 ? undefined : receivedAtUs + input.signed();
    switch (head & KIND_MASK) {
      case SNAPSHOT:
        return this.#depth("snapshot", head, instrument, receivedAtUs, venueAtUs);
      case DELTA:
        return this.#depth("delta", head, instrument, receivedAtUs, venueAtUs);
      case TOP:
        return this.#depth("top", head, instrument, receivedAtUs, venueAtUs);
      case TOUCH: {
        const bidTicks = (head & HAS_BID) === 0 ? undefined : this.#ticks(instrument);
        const askTicks = (head & HAS_ASK) === 0 ? undefined : this.#ticks(instrument);
        return { kind: "touch", instrument, receivedAtUs, venueAtUs, bidTicks, askTicks };
      }
      case PRINT: {
        const priceTicks = this.#ticks(instrument);
        const sizeLots = (head & HAS_SIZE) === 0 ? undefined : input.varint();
        const aggressor = (head & BUYER) !== 0 ? "buy" : (head & SELLER) !== 0 ? "sell" : undefined;
        return { kind: "print", instrument, receivedAtUs, venueAtUs, priceTicks, sizeLots, aggressor };
      }
      case ALIVE:
        return { kind: "alive", instrument, receivedAtUs, venueAtUs };
      case GAP:
        return { kind: "gap", instrument, receivedAtUs, venueAtUs };
      default:
        throw new RangeError(`there is no record kind ${head & KIND_MASK}`);
    }
  }

  #depth(
    kind: "snapshot" | "delta" | "top",
    head: number,
    instrument: number,
    receivedAtUs: number,
    venueAtUs: number | undefined,
  ): RecordedEvent {
    let updateId: number | undefined;
    if ((head & HAS_UPDATE_ID) !== 0) {
      updateId = (this.#memory.updateId[instrument] ?? 0) + this.#in.signed();
      this.#memory.updateId[instrument] = updateId;
    }
    const bids = this.#levels(instrument);
    const asks = this.#levels(instrument);
    return { kind, instrument, receivedAtUs, venueAtUs, updateId, bids, asks };
  }

  #levels(instrument: number): number[] {
    const count = this.#in.varint();
    const levels: number[] = [];
    let ticks = this.#memory.ticks[instrument] ?? 0;
    for (let at = 0; at < count; at++) {
      ticks += this.#in.signed();
      levels.push(ticks, this.#in.varint());
    }
    this.#memory.ticks[instrument] = ticks;
    return levels;
  }

  #ticks(instrument: number): number {
    const ticks = (this.#memory.ticks[instrument] ?? 0) + this.#in.signed();
    this.#memory.ticks[instrument] = ticks;
    return ticks;
  }
}

function flagsOf(event: RecordedEvent): number {
  switch (event.kind) {
    case "snapshot":
    case "delta":
    case "top":
      return event.updateId === undefined ? 0 : HAS_UPDATE_ID;
    case "touch":
      return (event.bidTicks === undefined ? 0 : HAS_BID) | (event.askTicks === undefined ? 0 : HAS_ASK);
    case "print":
      return (event.sizeLots === undefined ? 0 : HAS_SIZE) | sideBit(event.aggressor);
    case "alive":
    case "gap":
      return 0;
  }
}

function sideBit(aggressor: "buy" | "sell" | undefined): number {
  if (aggressor === undefined) return 0;
  return aggressor === "buy" ? BUYER : SELLER;
}
