/** The desk of the wire's benchmarks: accounts and instruments of the demo, and parameters under which every frame moves a quote. */
import { EngineConfig } from "../../contract/config.ts";
import type { DeskFile } from "../../contract/deskFile.ts";
import { deskChanges } from "../../core/params/resolve.ts";
import { demoMarket } from "../../lab/drivers/demo.ts";
import { LATENCY_PRESETS } from "../../lab/world/latency.ts";

/**
 * Quotes far behind the best prices, so that nothing fills, moved at the smallest change; a market that is nothing but
 * changes is no reason to pause.
 */
const RESTLESS = {
  capital: 1_000_000,
  orderNotionalPct: 0.5,
  intensitySource: "set",
  adverseSelectionSource: "set",
  spreadAddBps: 10,
  requoteToleranceK: 0,
  quoteLifeMinMs: 0,
  jumpSigmas: 50,
  jumpPauseMs: 0,
} as const;

/** Of these venues, with one instrument in all: its own currency is what the desk reports in. */
export function wireBenchDesk(venues: readonly string[], symbolOf: (venue: string) => string): DeskFile {
  const { config, deposits } = demoMarket(1);
  const instruments = config.instruments.filter(
    ({ account, symbol }) => venues.includes(account) && symbol === symbolOf(account),
  );
  const quotes = [...new Set(instruments.map(({ quote }) => quote))];
  const [reportingAsset = ""] = quotes;
  return {
    format: 1,
    profile: "demo",
    config: EngineConfig.parse({
      deskCode: "bch",
      epoch: 1,
      reportingAsset,
      assets: config.assets,
      accounts: config.accounts
        .filter(({ account }) => venues.includes(account))
        .map(({ orderBudget: _, ...terms }) => terms),
      markets: [{ market: "BTC", base: "BTC", reportingQuote: reportingAsset }],
      instruments,
      conversions: quotes
        .filter((asset) => asset !== reportingAsset)
        .map((asset) => ({ asset, to: reportingAsset, source: { kind: "assumed", rate: 1 } })),
      parameters: deskChanges(RESTLESS),
    }),
    lab: { market: "agents", seed: 1 },
    latency: LATENCY_PRESETS.zero,
    deposits: deposits.filter(({ account }) => venues.includes(account)),
    venues: "wire",
    armAtStart: false,
    assumptions: ["venues without latency and without limits"],
  };
}
