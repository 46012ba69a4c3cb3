/**
 * The demo's market with more symbols: five levels a side make 240 orders, of which some are always under way. At Kraken
 * few of its 80 rest soon after a start: its counters are slow.
 */
import { demoMarket, type DemoMarket } from "../../lab/drivers/demo.ts";

/** Each is ETH under another name: venues, ticks, lots and depth are those that it has. */
const MORE = ["SOL", "LTC", "LINK", "XRP", "ADA", "DOT"];
const MODEL = "ETH";

export const CROWDED_LEVELS = 5;

export function crowdedMarket(seed: number): DemoMarket {
  const demo = demoMarket(seed);
  const { config, agents } = demo;
  const renamed = (symbol: string, base: string): string => symbol.replace(`${MODEL}/`, `${base}/`);
  const isModel = ({ symbol }: { readonly symbol: string }): boolean => symbol.startsWith(`${MODEL}/`);
  const copies = <T>(
    of: readonly T[],
    isCopied: (one: T) => boolean,
    copy: (one: T, base: string) => T,
  ): T[] => [...of, ...MORE.flatMap((base) => of.filter(isCopied).map((one) => copy(one, base)))];
  return {
    ...demo,
    config: {
      ...config,
      assets: copies(
        config.assets,
        ({ asset }) => asset === MODEL,
        (spec, asset) => ({ ...spec, asset }),
      ),
      markets: copies(
        config.markets,
        ({ base }) => base === MODEL,
        (market, base) => ({ ...market, market: base, base }),
      ),
      instruments: copies(config.instruments, isModel, (one, base) => ({
        ...one,
        base,
        symbol: renamed(one.symbol, base),
      })),
    },
    agents: {
      ...agents,
      assets: copies(
        agents.assets,
        ({ asset }) => asset === MODEL,
        (one, asset) => ({ ...one, asset }),
      ),
      books: copies(agents.books, isModel, (book, base) => ({ ...book, symbol: renamed(book.symbol, base) })),
    },
    deposits: copies(
      demo.deposits,
      ({ asset }) => asset === MODEL,
      (one, asset) => ({ ...one, asset }),
    ),
  };
}
