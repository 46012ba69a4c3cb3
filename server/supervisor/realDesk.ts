/** A desk over real venues from what its person asked for and what the venues list. */
import { EngineConfig } from "../contract/config.ts";
import { UserError } from "../contract/errors.ts";
import { ASSET_DECIMALS_MAX, type Instrument, type VenueAccount } from "../contract/instrument.ts";
import type { VenuesFile } from "../contract/venuesFile.ts";
import { deskChanges } from "../core/params/resolve.ts";
import { demoMarket } from "../lab/drivers/demo.ts";
import { feeSchedule } from "../lab/fees.ts";
import { decimalsOf } from "../replay/report/format.ts";

type RealAccount = VenuesFile["accounts"][number];

/** No venue writes a balance with fewer. */
const DECIMALS_MIN = 8;

export interface RealDeskOptions {
  readonly file: VenuesFile;
  /** Of each account, what its venue lists: symbols first, then references. */
  readonly listed: readonly (readonly Instrument[])[];
  readonly deskCode: string;
  /** Whose orders meet whom: real money, or matching of our own. */
  readonly venues: EngineConfig["venues"];
}

/** Throws a UserError when an asset has no rate to the reporting asset, or cannot be held exactly. */
export function realConfig({ file, listed, deskCode, venues }: RealDeskOptions): EngineConfig {
  const { reportingAsset, accounts, capital } = file;
  const instruments = accounts.flatMap(({ account, symbols, references }, at) =>
    [...symbols, ...references].map((symbol) => {
      const definition = listed[at]?.find((one) => one.symbol === symbol);
      if (definition === undefined) throw new UserError(`${account} does not list ${symbol}: leave it away`);
      return { ...definition, account, version: 1, quoted: symbols.includes(symbol) };
    }),
  );
  const bases = [...new Set(instruments.filter(({ quoted }) => quoted).map(({ base }) => base))];
  return EngineConfig.parse({
    deskCode,
    epoch: 1,
    reportingAsset,
    assets: assetsOf(instruments, reportingAsset),
    accounts: accounts.map(accountOf),
    markets: bases.map((base) => ({ market: base, base, reportingQuote: reportingAsset })),
    instruments,
    conversions: conversionsOf(instruments, reportingAsset),
    initialState: "DISARMED",
    venues,
    parameters: deskChanges({ capital }),
  });
}

/** How the venue takes requests and counts them is the same for everyone; what it costs is not. */
export function accountOf({
  account,
  venue,
  fees,
}: Pick<RealAccount, "account" | "venue" | "fees">): VenueAccount {
  const known = demoMarket(1).config.accounts.find((terms) => terms.venue === venue);
  if (known === undefined) throw new Error(`invariant: ${venue} has an adapter and no terms`);
  // Binance and OKX take their fee from what a fill brings, Kraken from the quote.
  const paidIn = venue === "kraken" ? "quote" : "received";
  return { ...known, account, fees: { ...feeSchedule(venue, fees), paidIn } };
}

/** As fine as the finest price times size of any venue, so that every fill is exact. */
function assetsOf(instruments: readonly Instrument[], reportingAsset: string): EngineConfig["assets"] {
  const decimals = new Map([[reportingAsset, DECIMALS_MIN]]);
  const raise = (asset: string, to: number): void =>
    void decimals.set(asset, Math.max(decimals.get(asset) ?? DECIMALS_MIN, to));
  for (const { base, quote, tick, lot } of instruments) {
    raise(base, decimalsOf(lot));
    raise(quote, decimalsOf(tick) + decimalsOf(lot));
  }
  return [...decimals].map(([asset, needed]) => {
    if (needed > ASSET_DECIMALS_MAX)
      throw new UserError(
        `${asset} needs ${needed} decimals, more than ${ASSET_DECIMALS_MAX}: leave a symbol away`,
      );
    return { asset, decimals: needed };
  });
}

function conversionsOf(
  instruments: readonly Instrument[],
  to: string,
): readonly EngineConfig["conversions"][number][] {
  const quotes = [...new Set(instruments.map(({ quote }) => quote))].filter((asset) => asset !== to);
  return quotes.map((asset) => {
    const rate = instruments.find(({ base, quote }) => base === asset && quote === to);
    if (rate === undefined)
      throw new UserError(
        `nothing says what ${asset} is worth in ${to}: add ${asset}/${to} to the references of an account`,
      );
    const source = { kind: "instrument", account: rate.account, symbol: rate.symbol } as const;
    return { asset, to, pegged: isDollar(asset) && isDollar(to), source };
  });
}

/** Far from par, quoting stops: only for what is meant to trade at par. */
function isDollar(asset: string): boolean {
  return ["USD", "USDT", "USDC", "FDUSD", "TUSD", "DAI"].includes(asset);
}
