/** The `trade` channel: every trade of a pair with its number. */
import { priceText, sizeText } from "../decimals.ts";
import type { PublicTrade } from "../ports.ts";
import { exact } from "./json.ts";
import type { Json } from "./json.ts";
import type { Pair } from "./pairs.ts";
import { channelText, sendText } from "./session.ts";
import { createListeners } from "./symbolFeed.ts";
import type { SymbolFeed } from "./symbolFeed.ts";
import { rfc3339 } from "./time.ts";
import type { KrakenVenue } from "./venue.ts";

const SNAPSHOT_TRADES = 50;

export interface TradeFeed extends SymbolFeed {
  /** The newest trade of the core is news. */
  traded(instrument: number): void;
}

export function createTradeFeed({ core, pairs }: KrakenVenue): TradeFeed {
  const listeners = createListeners();
  return {
    channel: "trade",
    check: () => undefined,
    describe: ({ snapshot }) => ({ snapshot: snapshot === true }),
    has: (session, { instrument }) => listeners.of(instrument).has(session),
    add(session, pair, { snapshot }) {
      listeners.add(session, pair.instrument);
      if (snapshot !== true) return;
      const trades = core.trades(pair.instrument).slice(-SNAPSHOT_TRADES);
      const data = trades.map((trade) => tradeOf(pair, trade));
      sendText(session, channelText("trade", "snapshot", data), "feed", core.nowUs());
    },
    remove: (session, { instrument }) => listeners.remove(session, instrument),
    drop: (session) => listeners.drop(session),
    traded(instrument) {
      const trade = core.trades(instrument).at(-1);
      const listening = listeners.of(instrument);
      if (trade === undefined || listening.size === 0) return;
      const text = channelText("trade", "update", [tradeOf(pairs.of(instrument), trade)]);
      for (const session of listening) sendText(session, text, "feed", core.nowUs());
    },
  };
}

/** Where nobody said who took, the buyer is said to have. */
function tradeOf({ definition, symbol }: Pair, trade: PublicTrade): Json {
  const { aggressor = "buy", priceTicks, sizeLots, tradeId, atUs } = trade;
  return {
    symbol,
    side: aggressor,
    price: exact(priceText(definition, priceTicks)),
    qty: exact(sizeText(definition, sizeLots)),
    ord_type: "limit",
    trade_id: tradeId,
    timestamp: rfc3339(atUs),
  };
}
