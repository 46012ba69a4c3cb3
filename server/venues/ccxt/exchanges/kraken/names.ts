/** One name for a market on all sides: its sockets know nothing of the names that ccxt has made up. */
import type { CcxtInstance, CcxtMarket } from "../../gateway/ccxt.ts";

/**
 * What ccxt calls by the name of another coin that is listed there as well. The sockets take `LUNA/USD` for Kraken's
 * LUNA; ccxt's LUNA is Kraken's LUNA2: the book of one coin would price orders in the other.
 */
const RENAMED = ["LUNA", "LUNA2", "REP", "REPV2", "UST"];

/** Before the listing is loaded. */
export function keepVenueNames(instance: CcxtInstance): void {
  const { commonCurrencies } = instance as CcxtInstance & {
    readonly commonCurrencies: Record<string, string>;
  };
  for (const name of RENAMED) delete commonCurrencies[name];
}

/** REST names a pair in any of three ways. */
export function marketOf(
  instance: CcxtInstance,
  pair: string,
): Pick<CcxtMarket, "id" | "symbol"> | undefined {
  const byId = instance.markets_by_id?.[pair]?.[0];
  if (byId !== undefined) return byId;
  return Object.values(instance.markets ?? {}).find(
    ({ info }) => info["altname"] === pair || info["wsname"] === pair,
  );
}
