/**
 * Variable-length integers: seven bits a byte, lowest first, the top bit says that more follow.
 * Arithmetic instead of bit operations above 28 bits, because update ids and times need 53.
 */

/** Signed values are stored as 2v or −2v − 1, which must itself stay exact. */
export const SIGNED_MAX = 2 ** 52;

const BYTES_START = 1 << 16;

export class ByteWriter {
  length = 0;
  #bytes = new Uint8Array(BYTES_START);

  byte(value: number): void {
    if (this.length === this.#bytes.length) this.#grow();
    this.#bytes[this.length++] = value;
  }

  /** An integer from 0 to 2^53 − 1. */
  varint(value: number): void {
    if (value < 0 || !Number.isSafeInteger(value)) throw new Error(`no unsigned integer: ${value}`);
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) + 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  signed(value: number): void {
    if (!Number.isInteger(value) || Math.abs(value) >= SIGNED_MAX) throw new Error(`out of range: ${value}`);
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** A view: valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  #grow(): void {
    const wider = new Uint8Array(this.#bytes.length * 2);
    wider.set(this.#bytes);
    this.#bytes = wider;
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined || this.#at >= this.#end) throw new RangeError("the bytes end inside a record");
    this.#at++;
    return value;
  }

  varint(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    let scale = 0x80;
    for (;;) {
      const next = this.byte();
      value += (next & 0x7f) * scale;
      if (next < 0x80) break;
      scale *= 0x80;
    }
    if (value > Number.MAX_SAFE_INTEGER) throw new RangeError("an integer of more than 53 bits");
    return value;
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
