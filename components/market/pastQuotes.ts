/** The stages of a market's quotes second by second, as long as a page has seen them. */
import type { MarketDetail } from "../../server/contract/link.ts";

/** Fifteen minutes: some kilobytes a second and venue, a few megabytes in all. */
export const PAST_SECONDS_MAX = 900;

export interface PastQuotes {
  /** The last word of a second stands for it. Time that goes back is another run's: what was before is forgotten. */
  readonly keep: (detail: Pick<MarketDetail, "atUs" | "quotes">) => void;
  readonly at: (atS: number) => MarketDetail["quotes"] | undefined;
}

export function createPastQuotes(): PastQuotes {
  /** Oldest first. */
  const seconds = new Map<number, MarketDetail["quotes"]>();
  let newestS = -Infinity;
  return {
    keep: ({ atUs, quotes }) => {
      const atS = Math.floor(atUs / 1e6);
      if (atS < newestS) seconds.clear();
      newestS = atS;
      seconds.set(atS, quotes);
      for (const oldest of seconds.keys()) {
        if (seconds.size <= PAST_SECONDS_MAX) return;
        seconds.delete(oldest);
      }
    },
    at: (atS) => seconds.get(atS),
  };
}
