/** CRC32 over the best 25 levels of both sides in turn, `bid price:bid size:ask price:ask size:…`, as a signed number. */
import { crc32 } from "node:zlib";

/** Texts exactly as they were sent: `[price, size, …]`. */
export type LevelText = readonly [price: string, size: string, ...rest: string[]];

const LEVELS = 25;

export function checksumOf(bids: readonly LevelText[], asks: readonly LevelText[]): number {
  const parts: string[] = [];
  for (let i = 0; i < LEVELS; i++)
    for (const level of [bids[i], asks[i]]) if (level !== undefined) parts.push(level[0], level[1]);
  return crc32(parts.join(":")) | 0;
}
