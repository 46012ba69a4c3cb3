/** The `instrument` channel: assets and pairs as they are listed, and each pair again when its listing changes. */
import { decimalsOf, sizeText } from "../decimals.ts";
import { exact } from "./json.ts";
import type { Json } from "./json.ts";
import type { Pair } from "./pairs.ts";
import { channelText, sendText } from "./session.ts";
import type { Session } from "./session.ts";
import type { KrakenVenue } from "./venue.ts";

export interface InstrumentFeed {
  has(session: Session): boolean;
  add(session: Session, wantsSnapshot: boolean): void;
  drop(session: Session): void;
  listed(instrument: number): void;
}

export function createInstrumentFeed(venue: KrakenVenue): InstrumentFeed {
  const { core, pairs } = venue;
  const sessions = new Set<Session>();
  const send = (session: Session, type: "snapshot" | "update", data: Json): void =>
    sendText(session, channelText("instrument", type, data), "feed", core.nowUs());
  return {
    has: (session) => sessions.has(session),
    add(session, wantsSnapshot) {
      sessions.add(session);
      if (!wantsSnapshot) return;
      const assets = core.assets.map(({ asset }) => assetRow(venue, asset));
      send(session, "snapshot", { assets, pairs: pairs.all().map((pair) => pairRow(venue, pair)) });
    },
    drop: (session) => void sessions.delete(session),
    listed(instrument) {
      const data = { assets: [], pairs: [pairRow(venue, pairs.of(instrument))] };
      for (const session of sessions) send(session, "update", data);
    },
  };
}

function assetRow(venue: KrakenVenue, asset: string): Json {
  const precision = decimalsOf(venue.core, asset);
  return {
    id: asset,
    status: "enabled",
    precision,
    precision_display: Math.min(precision, 5),
    borrowable: false,
    collateral_value: exact("0.00"),
  };
}

const STATUS = { TRADING: "online", HALTED: "cancel_only", DELISTED: "delisted" } as const;

function pairRow(venue: KrakenVenue, pair: Pair): Json {
  const { definition, symbol, priceDecimals, sizeDecimals } = pair;
  return {
    symbol,
    base: definition.base,
    quote: definition.quote,
    status: STATUS[definition.status],
    qty_precision: sizeDecimals,
    qty_increment: exact(definition.lot),
    qty_min: exact(sizeText(definition, definition.sizeMinLots)),
    price_precision: priceDecimals,
    price_increment: exact(definition.tick),
    tick_size: exact(definition.tick),
    cost_precision: decimalsOf(venue.core, definition.quote),
    cost_min: exact(definition.notionalMinQuote ?? "0"),
    marginable: false,
    has_index: true,
  };
}
