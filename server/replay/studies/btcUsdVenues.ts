/** The assets, market and instruments of a study: BTC against USD at venues that differ in their terms alone. */
import { AssetSpec, Instrument, type VenueAccount } from "../../contract/instrument.ts";
import type { EngineConfig } from "../../contract/config.ts";

export const SYMBOL = "BTC/USD";

export function btcUsdVenues(
  accounts: VenueAccount[],
): Pick<EngineConfig, "reportingAsset" | "assets" | "accounts" | "markets" | "instruments"> {
  return {
    reportingAsset: "USD",
    assets: [AssetSpec.parse({ asset: "USD", decimals: 12 }), AssetSpec.parse({ asset: "BTC", decimals: 8 })],
    accounts,
    markets: [{ market: "BTC", base: "BTC", reportingQuote: "USD" }],
    instruments: accounts.map(({ account }) =>
      Instrument.parse({
        account,
        symbol: SYMBOL,
        kind: "spot",
        base: "BTC",
        quote: "USD",
        settle: "USD",
        tick: "0.01",
        lot: "0.00000001",
      }),
    ),
  };
}
