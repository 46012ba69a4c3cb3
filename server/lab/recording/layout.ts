/**
 * The frame of market.bin: header, deflated blocks, index, footer; all integers little-endian. The
 * index lies at the end, because a writer knows it only then, and the footer says where. Each block
 * is led by its length and the index by a length of 0, so that a file that was cut off can still be
 * walked to the place where it ends.
 */
import { crc32 } from "node:zlib";

/**
 * A reader inflates one block at a time and a seek decodes one: at this size both take a few
 * milliseconds, and the books in front of a block stay a small part of it.
 */
export const BLOCK_RECORDS_MAX = 8_192;

/** Records with hundreds of levels end a block sooner; one record more may lie beyond it. */
export const BLOCK_BYTES_MAX = 4 << 20;

/** No writer makes a block this large: a bigger one is damage, and is refused before it is inflated. */
export const BLOCK_BYTES_REFUSED = 64 << 20;

export const HEADER_BYTES = 12;
export const LENGTH_BYTES = 4;
export const FOOTER_BYTES = 24;
const ENTRY_BYTES = 40;
const HEADER_MAGIC = "XDESKREC";
const FOOTER_MAGIC = "XDESKEND";

export interface BlockEntry {
  readonly firstAtUs: number;
  readonly lastAtUs: number;
  readonly offset: number;
  /** Deflated, as it lies in the file. */
  readonly bytes: number;
  readonly inflatedBytes: number;
  readonly records: number;
  /** Of the deflated bytes. */
  readonly crc: number;
}

export function encodeHeader(version: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(HEADER_MAGIC, "latin1");
  header.writeUInt32LE(version, 8);
  return header;
}

/** The version, or undefined when this is no market.bin. */
export function decodeHeader(header: Buffer): number | undefined {
  if (header.length < HEADER_BYTES || header.toString("latin1", 0, 8) !== HEADER_MAGIC) return undefined;
  return header.readUInt32LE(8);
}

export function encodeLength(bytes: number): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes);
  return length;
}

/** Index and footer. `indexOffset` is where the first byte of it will lie. */
export function encodeIndex(entries: readonly BlockEntry[], indexOffset: number): Buffer {
  const index = Buffer.alloc(entries.length * ENTRY_BYTES);
  for (const [at, entry] of entries.entries()) {
    const base = at * ENTRY_BYTES;
    index.writeBigUInt64LE(BigInt(entry.firstAtUs), base);
    index.writeBigUInt64LE(BigInt(entry.lastAtUs), base + 8);
    index.writeBigUInt64LE(BigInt(entry.offset), base + 16);
    index.writeUInt32LE(entry.bytes, base + 24);
    index.writeUInt32LE(entry.inflatedBytes, base + 28);
    index.writeUInt32LE(entry.records, base + 32);
    index.writeUInt32LE(entry.crc, base + 36);
  }
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.writeBigUInt64LE(BigInt(indexOffset), 0);
  footer.writeUInt32LE(entries.length, 8);
  footer.writeUInt32LE(crc32(index), 12);
  footer.write(FOOTER_MAGIC, 16, "latin1");
  return Buffer.concat([index, footer]);
}

export interface Footer {
  readonly indexOffset: number;
  readonly indexBytes: number;
  readonly indexCrc: number;
}

/** Undefined when the bytes are no footer: the file was cut off or overwritten. */
export function decodeFooter(footer: Buffer): Footer | undefined {
  if (footer.length < FOOTER_BYTES || footer.toString("latin1", 16, 24) !== FOOTER_MAGIC) return undefined;
  return {
    indexOffset: Number(footer.readBigUInt64LE(0)),
    indexBytes: footer.readUInt32LE(8) * ENTRY_BYTES,
    indexCrc: footer.readUInt32LE(12),
  };
}

/** Undefined when the bytes are not those that were written. */
export function decodeIndex(index: Buffer, crc: number): BlockEntry[] | undefined {
  if (crc32(index) !== crc) return undefined;
  return Array.from({ length: index.length / ENTRY_BYTES }, (_, at) => {
    const base = at * ENTRY_BYTES;
    return {
      firstAtUs: Number(index.readBigUInt64LE(base)),
      lastAtUs: Number(index.readBigUInt64LE(base + 8)),
      offset: Number(index.readBigUInt64LE(base + 16)),
      bytes: index.readUInt32LE(base + 24),
      inflatedBytes: index.readUInt32LE(base + 28),
      records: index.readUInt32LE(base + 32),
      crc: index.readUInt32LE(base + 36),
    };
  });
}
