/** The public side of every account's venue, without a key, as the market of a lab. A venue that is away is tried again. */
import type { DeskFile } from "../../contract/deskFile.ts";
import { UserError } from "../../contract/errors.ts";
import type { Instrument } from "../../contract/instrument.ts";
import type { Clock } from "../../host/clock.ts";
import type { Log } from "../../host/log.ts";
import type { LabMarket } from "../../lab/service/market.ts";
import { findExchange } from "../../venues/ccxt/exchangeId.ts";
import { exchangeOf } from "../../venues/ccxt/exchanges/registry.ts";
import { createBudget } from "../../venues/ccxt/gateway/budget.ts";
import { createMarketSide, type MarketSide } from "../../venues/ccxt/market/marketSide.ts";
import { originOf } from "../realVenue.ts";
import { LiveDriver } from "./liveDriver.ts";

/** Throws a UserError for a desk that plays over no real venues. */
export function openPaperMarket(
  desk: DeskFile,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): LabMarket {
  if (desk.lab.market !== "real")
    throw new UserError(`a ${desk.profile} desk is not played over real venues`);
  const { config } = desk;
  const nowUs = (): number => clock.nowUs();
  const sides: MarketSide[] = [];
  const closers: (() => void)[] = [];
  const sideOf = config.instruments.map(({ account }) =>
    config.accounts.findIndex((terms) => terms.account === account),
  );
  const listings = new Map<number, Instrument>();
  let onListed = (instrument: number, definition: Instrument): unknown =>
    listings.set(instrument, definition);
  const driver = new LiveDriver({
    instruments: config.instruments,
    nowUs,
    onTaken: (instrument) => sides[sideOf[instrument] ?? -1]?.consumed(instrument),
    onListed: (instrument, definition) => void onListed(instrument, definition),
    onTrouble: (text, fields) => log.error(text, fields),
  });
  for (const [at, terms] of config.accounts.entries()) {
    const { account, venue } = terms;
    const exchange = findExchange(account, venue);
    const budget = createBudget({ scopes: exchangeOf(exchange).limits.scopes, nowUs, speed: 1 });
    const side = createMarketSide({
      account: at,
      terms,
      instruments: config.instruments
        .map((definition, index) => ({ definition, index }))
        .filter(({ index }) => sideOf[index] === at),
      assets: config.assets,
      deskCode: config.deskCode,
      access: { exchange, origin: originOf(desk, account), credentials: undefined },
      clock: undefined,
      budget,
      nowUs,
      log: (level, text, fields) => log[level](text, { ...fields, account }),
      connection: () => undefined,
      emit: (event) => driver.hear(event),
    });
    sides.push(side);
    closers.push(() => {
      budget.stop();
      side.stop().catch((error: unknown) => log.warn("a venue was left untidy", { account, error }));
    });
    side.start().catch((error: unknown) => log.error("a venue's market cannot be read", { account, error }));
  }
  return {
    driver,
    watchListings(listener) {
      onListed = listener;
      for (const [instrument, definition] of listings) listener(instrument, definition);
      listings.clear();
    },
    close() {
      for (const close of closers) close();
    },
  };
}
