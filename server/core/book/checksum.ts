/**
 * The CRC32 that a venue sends with its book, so that whoever rebuilds the book from changes can tell that it is the
 * same. Kraken (docs.kraken.com, book checksum guide): the ten best asks, then the ten best bids, best first, each as
 * price and size without the point and without leading zeros. The texts count, trailing zeros included.
 */

/** A level as the venue writes it. */
export interface TextLevel {
  readonly price: string;
  readonly qty: string;
}

const KRAKEN_LEVELS = 10;

/** Both sides best first; levels behind the tenth do not count. An unsigned 32-bit number. */
export function krakenChecksum(bids: readonly TextLevel[], asks: readonly TextLevel[]): number {
  return crc32(digitsOf(asks) + digitsOf(bids));
}

/** Of text in which every character is one byte: digits and ASCII. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++)
    crc = (crc >>> 8) ^ (TABLE[(crc ^ text.charCodeAt(i)) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}

function digitsOf(side: readonly TextLevel[]): string {
  let digits = "";
  const count = Math.min(side.length, KRAKEN_LEVELS);
  for (let i = 0; i < count; i++) {
    const { price, qty } = side[i] as TextLevel;
    digits += significant(price) + significant(qty);
  }
  return digits;
}

function significant(text: string): string {
  return text.replace(".", "").replace(/^0+/, "");
}

/** The reflected polynomial of IEEE 802.3, a byte at a time. */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
