/** The demo desk with ten symbols on its three venues: made-up coins beside BTC and ETH, each of another price. */
import { EngineConfig } from "../../contract/config.ts";
import type { DeskFile } from "../../contract/deskFile.ts";
import { deskChanges } from "../../core/params/resolve.ts";
import { demoMarket } from "../../lab/drivers/demo.ts";
import { DEMO_PARAMETERS } from "../../replay/demoScenario.ts";

const SEED = 1;
const MADE_UP = Array.from({ length: 8 }, (_, i) => ({ asset: `C${i + 3}`, startPrice: 1_000 * (i + 1) }));

/** What is copied for every made-up coin: ticks, lots and books are those of ETH. */
const PATTERN = "ETH";

/** Thirty quotes a side that fill at once stay within the net limit of 8 %. */
const ORDER_NOTIONAL_PCT = 0.25;

export function tenSymbolDesk(): DeskFile {
  const { config, agents, latency, deposits } = demoMarket(SEED);
  const pattern = agents.assets.find(({ asset }) => asset === PATTERN);
  if (pattern === undefined) throw new Error(`the demo market has no ${PATTERN}`);
  const copies = <T extends { readonly symbol: string }>(list: readonly T[], base: string): T[] =>
    list
      .filter(({ symbol }) => symbol.startsWith(`${PATTERN}/`))
      .map((one) => ({ ...one, symbol: one.symbol.replace(PATTERN, base) }));
  const eachCoin = <T>(make: (base: string, startPrice: number) => readonly T[]): T[] =>
    MADE_UP.flatMap(({ asset, startPrice }) => make(asset, startPrice));
  return {
    format: 1,
    profile: "demo",
    config: EngineConfig.parse({
      ...config,
      assets: [...config.assets, ...MADE_UP.map(({ asset }) => ({ asset, decimals: 8 }))],
      markets: [
        ...config.markets,
        ...MADE_UP.map(({ asset }) => ({
          market: asset,
          base: asset,
          reportingQuote: config.reportingAsset,
        })),
      ],
      instruments: [
        ...config.instruments,
        ...eachCoin((base) => copies(config.instruments, base).map((one) => ({ ...one, base }))),
      ],
      deskCode: "bch",
      epoch: 1,
      initialState: "DISARMED",
      parameters: deskChanges({ ...DEMO_PARAMETERS, orderNotionalPct: ORDER_NOTIONAL_PCT }),
    }),
    lab: {
      market: "agents",
      seed: SEED,
      agents: {
        ...agents,
        assets: [
          ...agents.assets,
          ...MADE_UP.map(({ asset, startPrice }) => ({ ...pattern, asset, startPrice })),
        ],
        books: [
          ...agents.books,
          ...eachCoin((base, startPrice) =>
            copies(agents.books, base).map((book) => ({
              ...book,
              levelSizeBase: (book.levelSizeBase * pattern.startPrice) / startPrice,
            })),
          ),
        ],
      },
    },
    latency,
    deposits: [
      ...deposits,
      ...eachCoin((base) =>
        deposits.filter(({ asset }) => asset === PATTERN).map((deposit) => ({ ...deposit, asset: base })),
      ),
    ],
    armAtStart: true,
    assumptions: [],
  };
}
