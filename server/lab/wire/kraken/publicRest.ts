/** `/0/public`: time, status, what is listed, and the market as everyone sees it. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { priceText, sizeText } from "../decimals.ts";
import { altName, assetId, findAsset } from "./assets.ts";
import { ERRORS } from "./errors.ts";
import { percentOf } from "./figures.ts";
import type { Json } from "./json.ts";
import { dayFigures } from "./dayFigures.ts";
import type { Pair } from "./pairs.ts";
import { listOf, right, textOf, wholeOf, wrong, wrongArgument } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import { epochSeconds, parseEpoch, rfc3339Seconds } from "./time.ts";
import type { KrakenVenue } from "./venue.ts";

type PublicHandler = (venue: KrakenVenue, params: Params) => Checked<Json>;

export const PUBLIC_METHODS: Readonly<Record<string, PublicHandler>> = {
  Time: ({ core }) =>
    right({
      unixtime: Math.floor(core.nowUs() / MICROS_PER_SECOND),
      rfc1123: new Date(core.nowUs() / 1_000).toUTCString(),
    }),
  SystemStatus: (venue) =>
    right({ status: systemStatus(venue), timestamp: rfc3339Seconds(venue.core.nowUs()) }),
  Assets: assets,
  AssetPairs: (venue, params) => forPairs(venue, params, (pair) => pairView(venue, pair)),
  Ticker: (venue, params) => forPairs(venue, params, (pair) => tickerView(venue, pair)),
  Depth: depth,
  Trades: trades,
};

/** These answer while the venue is under maintenance. */
export const ALWAYS_ANSWERED: readonly string[] = ["Time", "SystemStatus"];

export function systemStatus({ faults }: KrakenVenue): "online" | "maintenance" {
  return faults.isIn("maintenance") ? "maintenance" : "online";
}

function assets({ core }: KrakenVenue, params: Params): Checked<Json> {
  const names = listOf(params, "asset");
  const wanted =
    names.length === 0 ? core.assets : names.flatMap((name) => findAsset(core.assets, name) ?? []);
  if (wanted.length < names.length) return wrong(ERRORS.unknownAsset);
  return right(
    Object.fromEntries(
      wanted.map(({ asset, decimals }) => [
        assetId(asset),
        {
          aclass: "currency",
          altname: altName(asset),
          decimals,
          display_decimals: Math.min(decimals, 5),
          status: "enabled",
        },
      ]),
    ),
  );
}

function forPairs(venue: KrakenVenue, params: Params, view: (pair: Pair) => Json): Checked<Json> {
  const names = listOf(params, "pair");
  const wanted =
    names.length === 0 ? venue.pairs.all() : names.flatMap((name) => venue.pairs.find(name) ?? []);
  if (wanted.length < names.length) return wrong(ERRORS.unknownPair);
  return right(Object.fromEntries(wanted.map((pair) => [pair.id, view(pair)])));
}

/** Fees are those of the lab's first account at this venue: the protocol asks for them without a key. */
function pairView({ core }: KrakenVenue, pair: Pair): Json {
  const { definition } = pair;
  const [account] = core.accounts;
  const rates = account === undefined ? undefined : core.feeRates(account);
  return {
    altname: pair.altname,
    wsname: pair.wsname,
    aclass_base: "currency",
    base: assetId(definition.base),
    aclass_quote: "currency",
    quote: assetId(definition.quote),
    lot: "unit",
    cost_decimals: core.assets.find(({ asset }) => asset === definition.quote)?.decimals,
    pair_decimals: pair.priceDecimals,
    lot_decimals: pair.sizeDecimals,
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: [[0, percentOf(rates?.takerFrac ?? 0)]],
    fees_maker: [[0, percentOf(rates?.makerFrac ?? 0)]],
    fee_volume_currency: "ZUSD",
    margin_call: 80,
    margin_stop: 40,
    ordermin: sizeText(definition, definition.sizeMinLots),
    costmin: definition.notionalMinQuote,
    tick_size: definition.tick,
    status: definition.status === "TRADING" ? "online" : "cancel_only",
  };
}

function tickerView({ core }: KrakenVenue, { instrument, definition }: Pair): Json {
  const { bids, asks } = core.book(instrument);
  const day = dayFigures(core, instrument, definition);
  const best = ([priceTicks, sizeLots]: readonly number[]): Json =>
    priceTicks === undefined || sizeLots === undefined
      ? ["0", "0", "0"]
      : [
          priceText(definition, priceTicks),
          String(Math.floor(sizeLots * Number(definition.lot))),
          sizeText(definition, sizeLots),
        ];
  const twice = (text: string): Json => [text, text];
  return {
    a: best(asks),
    b: best(bids),
    c: [day.last, day.lastSize],
    v: twice(day.volume),
    p: twice(day.vwap),
    t: [day.count, day.count],
    l: twice(day.low),
    h: twice(day.high),
    o: day.open,
  };
}

const DEPTH_DEFAULT = 100;
const DEPTH_MAX = 500;

function depth(venue: KrakenVenue, params: Params): Checked<Json> {
  const pair = venue.pairs.find(textOf(params, "pair") ?? "");
  if (pair === undefined) return wrong(ERRORS.unknownPair);
  const count = params["count"] === undefined ? DEPTH_DEFAULT : wholeOf(params, "count");
  if (count === undefined || count < 1 || count > DEPTH_MAX) return wrongArgument("count");
  const { definition, instrument } = pair;
  const atSeconds = Math.floor(venue.core.nowUs() / MICROS_PER_SECOND);
  const levels = (flat: readonly number[]): Json => {
    const side: Json[] = [];
    for (let i = 0; i + 1 < flat.length && side.length < count; i += 2)
      side.push([
        priceText(definition, flat[i] as number),
        sizeText(definition, flat[i + 1] as number),
        atSeconds,
      ]);
    return side;
  };
  const { bids, asks } = venue.core.book(instrument);
  return right({ [pair.id]: { asks: levels(asks), bids: levels(bids) } });
}

function trades(venue: KrakenVenue, params: Params): Checked<Json> {
  const pair = venue.pairs.find(textOf(params, "pair") ?? "");
  if (pair === undefined) return wrong(ERRORS.unknownPair);
  const sinceUs = sinceOf(textOf(params, "since"));
  if (sinceUs === undefined) return wrongArgument("since");
  const count = wholeOf(params, "count") ?? 1_000;
  const { definition, instrument } = pair;
  const found = venue.core.trades(instrument).filter(({ atUs }) => atUs > sinceUs);
  // Without a start the newest are asked for.
  const page = sinceUs === 0 ? found.slice(-count) : found.slice(0, count);
  const rows = page.map(({ priceTicks, sizeLots, atUs, aggressor, tradeId }) => [
    priceText(definition, priceTicks),
    sizeText(definition, sizeLots),
    epochSeconds(atUs),
    aggressor === "sell" ? "s" : "b",
    "l",
    "",
    tradeId,
  ]);
  const lastUs = page.at(-1)?.atUs ?? sinceUs;
  return right({ [pair.id]: rows, last: `${lastUs}000` });
}

/** Seconds with a fraction, or the nanoseconds that `last` gave. */
function sinceOf(text: string | undefined): number | undefined {
  if (text === undefined) return 0;
  if (/^\d{17,19}$/.test(text)) return Number(BigInt(text) / 1_000n);
  return parseEpoch(text);
}
