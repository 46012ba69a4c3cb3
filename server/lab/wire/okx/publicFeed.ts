/** The public channels: books, trades, tickers, listings. */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { VenueCore } from "../ports.ts";
import { BOOK_CHANNELS, createBookStream } from "./bookStream.ts";
import type { BookFault, BookStream } from "./bookStream.ts";
import { createDayStats } from "./dayStats.ts";
import type { DayStats } from "./dayStats.ts";
import { instrumentRow } from "./instruments.ts";
import type { Instruments } from "./instruments.ts";
import { tickerRow, tradeRow } from "./marketRows.ts";
import type { ChannelArg, Session } from "./session.ts";

export interface PublicFeed {
  /** Sends what is so now, where the channel does that. */
  subscribe(session: Session, arg: ChannelArg): void;
  unsubscribe(session: Session, arg: ChannelArg): void;
  leave(session: Session): void;
  /** The newest trade of the core is new. */
  traded(instrument: number): void;
  listed(instrument: number): void;
  tick(): void;
  fault(kind: BookFault, instrument: number): void;
  ticker(instrument: number): object | undefined;
}

/** Channels of trades and the spaces that serve them. */
export const PUBLIC_CHANNELS: Readonly<Record<string, "public" | "business">> = {
  ...Object.fromEntries(Object.keys(BOOK_CHANNELS).map((channel) => [channel, "public" as const])),
  trades: "public",
  tickers: "public",
  instruments: "public",
  "trades-all": "business",
};

const TICKER_EVERY_US = 100 * MICROS_PER_MS;

interface Market {
  readonly books: ReadonlyMap<string, BookStream>;
  /** Of trades, trades-all and tickers. */
  readonly subscribers: ReadonlyMap<string, Map<Session, ChannelArg>>;
  readonly day: DayStats;
  seenUpdates: number;
  toldTickerAtUs: number;
  isTickerOld: boolean;
}

export function createPublicFeed(core: VenueCore, instruments: Instruments): PublicFeed {
  const markets = new Map<number, Market>(
    core.listings.map(({ instrument }) => [instrument, createMarket(core, instrument)]),
  );
  const listingSubscribers = new Map<Session, ChannelArg>();

  function ticker(instrument: number): object | undefined {
    const listing = instruments.listed().find((listed) => listed.instrument === instrument);
    const market = markets.get(instrument);
    if (listing === undefined || market === undefined) return undefined;
    const nowUs = core.nowUs();
    return tickerRow(listing.definition, core.book(instrument), market.day.read(nowUs), nowUs);
  }

  function tellTicker(instrument: number, market: Market): void {
    const subscribers = market.subscribers.get("tickers");
    if (subscribers === undefined || subscribers.size === 0) return;
    const { updates } = core.book(instrument);
    if (!market.isTickerOld && updates === market.seenUpdates) return;
    const nowUs = core.nowUs();
    if (nowUs >= market.toldTickerAtUs && nowUs - market.toldTickerAtUs < TICKER_EVERY_US) return;
    market.isTickerOld = false;
    market.seenUpdates = updates;
    market.toldTickerAtUs = nowUs;
    const row = ticker(instrument);
    if (row === undefined) return;
    for (const [session, arg] of subscribers) session.send({ arg, data: [row] }, "feed");
  }

  return {
    subscribe(session, arg) {
      if (arg.channel === "instruments") {
        listingSubscribers.set(session, arg);
        const rows = instruments.listed().map((listing) => instrumentRow(listing, core.nowUs()));
        return session.send({ arg, data: rows }, "feed");
      }
      const instrument = instruments.find(arg)?.instrument;
      const market = instrument === undefined ? undefined : markets.get(instrument);
      if (instrument === undefined || market === undefined) return;
      market.books.get(arg.channel)?.subscribe(session, arg);
      market.subscribers.get(arg.channel)?.set(session, arg);
      const row = arg.channel === "tickers" ? ticker(instrument) : undefined;
      if (row !== undefined) session.send({ arg, data: [row] }, "feed");
    },
    unsubscribe(session, arg) {
      if (arg.channel === "instruments") listingSubscribers.delete(session);
      const instrument = instruments.find(arg)?.instrument;
      const market = instrument === undefined ? undefined : markets.get(instrument);
      market?.books.get(arg.channel)?.unsubscribe(session);
      market?.subscribers.get(arg.channel)?.delete(session);
    },
    leave(session) {
      listingSubscribers.delete(session);
      for (const { books, subscribers } of markets.values()) {
        for (const stream of books.values()) stream.unsubscribe(session);
        for (const own of subscribers.values()) own.delete(session);
      }
    },
    traded(instrument) {
      const market = markets.get(instrument);
      const trade = core.trades(instrument).at(-1);
      const listing = core.listings.find((listed) => listed.instrument === instrument);
      if (market === undefined || trade === undefined || listing === undefined) return;
      market.day.add(trade);
      market.isTickerOld = true;
      const row = tradeRow(listing.definition, trade);
      for (const [session, arg] of market.subscribers.get("trades") ?? [])
        session.send({ arg, data: [{ ...row, count: "1" }] }, "feed");
      for (const [session, arg] of market.subscribers.get("trades-all") ?? [])
        session.send({ arg, data: [row] }, "feed");
    },
    listed(instrument) {
      const market = markets.get(instrument);
      const listing = core.listings.find((listed) => listed.instrument === instrument);
      if (market === undefined || listing === undefined) return;
      market.day.clear();
      market.isTickerOld = true;
      const row = instrumentRow(listing, core.nowUs());
      for (const [session, arg] of listingSubscribers) session.send({ arg, data: [row] }, "feed");
    },
    tick() {
      for (const [instrument, market] of markets) {
        for (const stream of market.books.values()) stream.tick();
        tellTicker(instrument, market);
      }
    },
    fault(kind, instrument) {
      for (const stream of markets.get(instrument)?.books.values() ?? []) stream.fault(kind);
    },
    ticker,
  };
}

function createMarket(core: VenueCore, instrument: number): Market {
  return {
    books: new Map(
      Object.entries(BOOK_CHANNELS).map(([name, channel]) => [
        name,
        createBookStream(core, instrument, channel),
      ]),
    ),
    subscribers: new Map(["trades", "trades-all", "tickers"].map((channel) => [channel, new Map()])),
    day: createDayStats(),
    seenUpdates: -1,
    toldTickerAtUs: 0,
    isTickerOld: false,
  };
}
