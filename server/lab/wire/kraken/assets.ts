/**
 * Names of assets at Kraken. The oldest have a letter in front, X for coins and Z for money (`XXBT`, `ZUSD`), and
 * Bitcoin and Dogecoin have tickers of their own (`XBT`, `XDG`) everywhere but on the v2 sockets.
 */

const TICKERS: Readonly<Record<string, string>> = { BTC: "XBT", DOGE: "XDG" };

const OLD_COINS: readonly string[] = [
  "XBT",
  "ETH",
  "LTC",
  "XRP",
  "XLM",
  "XMR",
  "ETC",
  "ZEC",
  "REP",
  "MLN",
  "XDG",
];
const OLD_MONEY: readonly string[] = ["USD", "EUR", "GBP", "CAD", "JPY", "AUD"];

/** `XBT` for BTC. */
export function altName(asset: string): string {
  return TICKERS[asset] ?? asset;
}

/** `XXBT` for BTC. */
export function assetId(asset: string): string {
  const name = altName(asset);
  if (OLD_COINS.includes(name)) return `X${name}`;
  return OLD_MONEY.includes(name) ? `Z${name}` : name;
}

/** Pairs that are named neither by the rule nor against it, as the venue lists them. */
const PAIRS_BY_HAND: Readonly<Record<string, string>> = {
  "USDT/USD": "USDTZUSD",
  "EUR/USD": "ZEURZUSD",
  "GBP/USD": "ZGBPZUSD",
  "USD/CAD": "ZUSDZCAD",
  "USD/JPY": "ZUSDZJPY",
  "LTC/ETH": "LTCETH",
  "XRP/ETH": "XRPETH",
  "LTC/GBP": "LTCGBP",
  "XRP/GBP": "XRPGBP",
  "DOGE/BTC": "XXDGXXBT",
  "XLM/AUD": "XXLMZAUD",
};

/** `XXBTZUSD` for BTC/USD and `XBTUSDT` for BTC/USDT: only old against old has the letters, and XDG and AUD do not. */
export function pairId(base: string, quote: string): string {
  const byHand = PAIRS_BY_HAND[`${base}/${quote}`];
  if (byHand !== undefined) return byHand;
  const isOld = OLD_COINS.includes(altName(base)) && base !== "DOGE" && isOldQuote(quote);
  return isOld ? assetId(base) + assetId(quote) : altName(base) + altName(quote);
}

/** The asset of the lab that a name of the venue means; undefined when there is none. */
export function findAsset<A extends { readonly asset: string }>(
  assets: readonly A[],
  name: string,
): A | undefined {
  const wanted = name.toUpperCase();
  return assets.find(
    ({ asset }) => asset === wanted || altName(asset) === wanted || assetId(asset) === wanted,
  );
}

function isOldQuote(quote: string): boolean {
  return quote === "BTC" || quote === "ETH" || (OLD_MONEY.includes(quote) && quote !== "AUD");
}
