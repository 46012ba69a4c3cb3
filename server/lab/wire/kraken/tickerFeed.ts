/** The `ticker` channel: best prices and the figures of the day, on every trade or on every change of the best prices. */
import { priceText, sizeText } from "../decimals.ts";
import { dayFigures } from "./dayFigures.ts";
import { exact } from "./json.ts";
import type { Json } from "./json.ts";
import type { Pair } from "./pairs.ts";
import { channelText, sendText } from "./session.ts";
import type { Session } from "./session.ts";
import { createListeners } from "./symbolFeed.ts";
import type { SymbolFeed } from "./symbolFeed.ts";
import { rfc3339 } from "./time.ts";
import type { KrakenVenue } from "./venue.ts";

export interface TickerFeed extends SymbolFeed {
  traded(instrument: number): void;
  bookChanged(instrument: number): void;
}

export function createTickerFeed(venue: KrakenVenue): TickerFeed {
  const { core, pairs } = venue;
  const onTrades = createListeners();
  const onBest = createListeners();
  /** What was the best, by instrument: a change behind it is none of this channel. */
  const best = new Map<number, string>();

  function send(instrument: number, type: "snapshot" | "update", sessions: Iterable<Session>): void {
    const text = channelText("ticker", type, [tickerOf(venue, pairs.of(instrument))]);
    for (const session of sessions) sendText(session, text, "feed", core.nowUs());
  }

  return {
    channel: "ticker",
    check: ({ event_trigger: trigger = "trades" }) =>
      trigger === "trades" || trigger === "bbo" ? undefined : "Event trigger not supported",
    describe: ({ event_trigger: trigger, snapshot }) => ({
      event_trigger: trigger === "bbo" ? "bbo" : "trades",
      snapshot: snapshot !== false,
    }),
    has: (session, { instrument }) =>
      onTrades.of(instrument).has(session) || onBest.of(instrument).has(session),
    add(session, { instrument }, { event_trigger: trigger, snapshot }) {
      (trigger === "bbo" ? onBest : onTrades).add(session, instrument);
      if (snapshot !== false) send(instrument, "snapshot", [session]);
    },
    remove(session, { instrument }) {
      onTrades.remove(session, instrument);
      onBest.remove(session, instrument);
    },
    drop(session) {
      onTrades.drop(session);
      onBest.drop(session);
    },
    traded(instrument) {
      if (onTrades.of(instrument).size > 0) send(instrument, "update", onTrades.of(instrument));
    },
    bookChanged(instrument) {
      if (onBest.of(instrument).size === 0) return;
      const { bids, asks } = core.book(instrument);
      const now = [bids[0], bids[1], asks[0], asks[1]].join(" ");
      if (best.get(instrument) === now) return;
      best.set(instrument, now);
      send(instrument, "update", onBest.of(instrument));
    },
  };
}

function tickerOf({ core }: KrakenVenue, { instrument, definition, symbol }: Pair): Json {
  const { bids, asks } = core.book(instrument);
  const day = dayFigures(core, instrument, definition);
  const price = (ticks: number | undefined): Json => exact(priceText(definition, ticks ?? 0));
  const size = (lots: number | undefined): Json => exact(sizeText(definition, lots ?? 0));
  return {
    symbol,
    bid: price(bids[0]),
    bid_qty: size(bids[1]),
    ask: price(asks[0]),
    ask_qty: size(asks[1]),
    last: exact(day.last),
    volume: exact(day.volume),
    vwap: exact(day.vwap),
    low: exact(day.low),
    high: exact(day.high),
    change: exact(day.change),
    change_pct: day.changePercent,
    timestamp: rfc3339(core.nowUs()),
  };
}
