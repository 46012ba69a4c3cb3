/** A plain market of one or two books, to be changed by each test. */
import type { z } from "zod";
import { Instrument } from "../../../../server/contract/instrument.ts";
import { AgentMarket } from "../../../../server/lab/drivers/agentsParams.ts";

export const START_US = 1_700_000_000_000_000;

export const CONFIG = {
  reportingAsset: "USD",
  instruments: ["fast", "slow"].map((account) =>
    Instrument.parse({
      account,
      symbol: "BTC/USD",
      kind: "spot",
      base: "BTC",
      quote: "USD",
      settle: "USD",
      tick: "0.1",
      lot: "0.0001",
    }),
  ),
};

type BookInput = Partial<z.input<typeof AgentMarket>["books"][number]>;
type AssetInput = Partial<z.input<typeof AgentMarket>["assets"][number]>;

/** Neither regimes nor jumps: what is left is as plain as its parameters. */
export const CALM: AssetInput = { calmMeanS: 1e9, jumpMeanS: 1e9, imbalanceFrac: 0 };

export function market(
  durationS: number,
  books: readonly BookInput[],
  { seed = 1, asset = CALM }: { seed?: number; asset?: AssetInput } = {},
): AgentMarket {
  return AgentMarket.parse({
    seed,
    startAtUs: START_US,
    durationS,
    assets: [{ asset: "BTC", startPrice: 50_000, ...asset }],
    books: books.map((book) => ({
      account: "fast",
      symbol: "BTC/USD",
      levelSizeBase: 0.1,
      informedRatePerS: 0,
      sniperProbability: 0,
      ...book,
    })),
  });
}
