/** What is traded here and by which rules: /api/v3/exchangeInfo. */
import { decimalToScaled, scaledToDecimal } from "../../../core/decimal.ts";
import type { PublicMethod } from "./methods.ts";
import {
  ORDER_TYPES,
  PRICE_MAX_TICKS,
  SELF_TRADE_DEFAULT,
  SELF_TRADE_MODES,
  SIZE_MAX_LOTS,
} from "./orderTerms.ts";
import { text, textList } from "./params.ts";
import { badCombination } from "./refusal.ts";
import { ORDER_LIMITS, WEIGHT_LIMIT } from "./rateLimits.ts";
import { decimalsMax, padded, PRECISION, priceOf, sizeOf } from "./symbols.ts";
import type { Market } from "./symbols.ts";

/** As the exchange bounds the open orders of an account and symbol. */
const OPEN_ORDERS_MAX = 200;

export const exchangeInfo: PublicMethod = {
  security: "NONE",
  params: ["symbol", "symbols", "permissions", "showPermissionSets"],
  weight: 20,
  run: (venue, params) => {
    const symbol = text(params, "symbol");
    const symbols = textList(params, "symbols");
    if (symbol !== undefined && symbols !== undefined) throw badCombination();
    const named = symbol === undefined ? symbols : [symbol];
    const markets = named?.map((name) => venue.symbols.named(name)) ?? venue.symbols.all();
    return {
      timezone: "UTC",
      serverTime: venue.nowMs(),
      rateLimits: [WEIGHT_LIMIT, ...ORDER_LIMITS],
      exchangeFilters: [],
      symbols: markets.map(symbolInfo),
    };
  },
};

function symbolInfo(market: Market) {
  const { definition, symbol } = market;
  const precision = decimalsMax(definition);
  return {
    symbol,
    status: definition.status === "TRADING" ? "TRADING" : "BREAK",
    baseAsset: definition.base,
    baseAssetPrecision: precision,
    quoteAsset: definition.quote,
    quotePrecision: precision,
    quoteAssetPrecision: precision,
    baseCommissionPrecision: PRECISION,
    quoteCommissionPrecision: PRECISION,
    orderTypes: ORDER_TYPES,
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: false,
    allowTrailingStop: false,
    cancelReplaceAllowed: true,
    amendAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filtersOf(market),
    permissions: [],
    permissionSets: [["SPOT"]],
    defaultSelfTradePreventionMode: SELF_TRADE_DEFAULT,
    allowedSelfTradePreventionModes: SELF_TRADE_MODES,
  };
}

function filtersOf(market: Market): object[] {
  const { sizeMinLots, notionalMinQuote, priceBandFrac } = market.definition;
  const step = sizeOf(market, 1);
  const sizes = {
    minQty: sizeOf(market, sizeMinLots),
    maxQty: sizeOf(market, SIZE_MAX_LOTS),
    stepSize: step,
  };
  return [
    {
      filterType: "PRICE_FILTER",
      minPrice: priceOf(market, 1),
      maxPrice: priceOf(market, PRICE_MAX_TICKS),
      tickSize: priceOf(market, 1),
    },
    { filterType: "LOT_SIZE", ...sizes },
    { filterType: "MARKET_LOT_SIZE", ...sizes },
    ...(priceBandFrac === undefined ? [] : [bandFilter(priceBandFrac)]),
    {
      filterType: "NOTIONAL",
      minNotional: padded(notionalMinQuote ?? "0"),
      applyMinToMarket: true,
      maxNotional: "9000000.00000000",
      applyMaxToMarket: false,
      avgPriceMins: 5,
    },
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: OPEN_ORDERS_MAX },
  ];
}

function bandFilter(bandFrac: number): object {
  const band = decimalToScaled(String(bandFrac), PRECISION);
  const one = 10n ** BigInt(PRECISION);
  const [up, down] = [one + band, one - band].map((factor) => scaledToDecimal(factor, PRECISION));
  return {
    filterType: "PERCENT_PRICE_BY_SIDE",
    bidMultiplierUp: up,
    bidMultiplierDown: down,
    askMultiplierUp: up,
    askMultiplierDown: down,
    avgPriceMins: 5,
  };
}
