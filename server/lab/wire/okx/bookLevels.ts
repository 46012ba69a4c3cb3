/** Public levels as messages carry them. Levels are flat `[priceTicks, sizeLots, …]`, best first. */
import type { Instrument } from "../../../contract/instrument.ts";
import type { LevelText } from "./checksum.ts";
import { pxText, szText } from "./text.ts";

export interface Levels {
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** Price, size, a field that the venue no longer uses, and how many orders: nobody outside can count them. */
export function levelTexts(definition: Instrument, levels: readonly number[], most = Infinity): LevelText[] {
  const texts: LevelText[] = [];
  for (let i = 0; i < levels.length && texts.length < most; i += 2) {
    const lots = levels[i + 1] as number;
    texts.push([
      pxText(definition, levels[i] as number),
      lots === 0 ? "0" : szText(definition, lots),
      "0",
      lots === 0 ? "0" : "1",
    ]);
  }
  return texts;
}

export function firstLevels({ bids, asks }: Levels, depth: number): Levels {
  return { bids: bids.slice(0, depth * 2), asks: asks.slice(0, depth * 2) };
}

/** A bid one tick above the best ask; what has no asks stays as it is. */
export function crossed({ bids, asks }: Levels): Levels {
  const [bestAsk] = asks;
  return bestAsk === undefined ? { bids, asks } : { bids: [bestAsk + 1, 1, ...bids], asks };
}
