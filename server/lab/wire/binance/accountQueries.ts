/** What an account asks of itself: orders, trades, balances, rates, its own order count. */
import { decimalToScaled, scaledToDecimal } from "../../../core/decimal.ts";
import type { FillRecord } from "../ports.ts";
import type { SignedMethod } from "./methods.ts";
import { refOf } from "./orders.ts";
import { orderView, tradeView } from "./orderViews.ts";
import { idText, integer, limitOf, needText, oneOf, text } from "./params.ts";
import type { Params } from "./params.ts";
import { badCombination, invalidParam, lookupTooLong, noSuchOrder } from "./refusal.ts";
import { amountOf, freeAtoms, msOf, PRECISION } from "./symbols.ts";
import type { Venue } from "./venue.ts";

export const queryOrder: SignedMethod = {
  security: "USER_DATA",
  params: ["symbol", "orderId", "origClientOrderId"],
  weight: 4,
  run: (venue, params, { key: { account } }) => {
    const { instrument } = venue.symbols.ofAccount(needText(params, "symbol"));
    const ref = refOf(params);
    const order = venue.core.order(account, ref.first);
    if (order?.instrument !== instrument || !ref.matches(order)) throw noSuchOrder();
    return orderView(venue, account, order);
  },
};

export const openOrders: SignedMethod = {
  security: "USER_DATA",
  params: ["symbol"],
  weight: (params) => (params.has("symbol") ? 6 : 80),
  run: (venue, params, { key: { account } }) => {
    const symbol = text(params, "symbol");
    const instrument = symbol === undefined ? undefined : venue.symbols.ofAccount(symbol).instrument;
    return venue.core
      .openOrders(account)
      .filter((order) => instrument === undefined || order.instrument === instrument)
      .map((order) => orderView(venue, account, order));
  },
};

const DAY_MS = 86_400_000;
const ROWS_MAX = 1_000;
/** All that the core remembers of an account: the venue looks in a data base, from an order's id on. */
const ORDERS_SEARCHED_MAX = 100_000;

export const allOrders: SignedMethod = {
  security: "USER_DATA",
  params: ["symbol", "orderId", "startTime", "endTime", "limit"],
  weight: 20,
  run: (venue, params, { key: { account } }) => {
    const { instrument } = venue.symbols.ofAccount(needText(params, "symbol"));
    const limit = limitOf(params, 500, ROWS_MAX);
    const fromId = integer(params, "orderId");
    const { startMs, endMs } = windowOf(params);
    const sinceUs = startMs === undefined ? undefined : startMs * 1_000;
    const isBounded = fromId !== undefined || startMs !== undefined || endMs !== undefined;
    const found = venue.core
      .orders(account, { instrument, sinceUs, limit: isBounded ? ORDERS_SEARCHED_MAX : limit })
      .filter(({ createdAtUs }) => msOf(createdAtUs) <= (endMs ?? Infinity))
      .filter(({ venueOrderId }) => Number(venueOrderId) >= (fromId ?? 0))
      .reverse();
    const isFromStart = fromId !== undefined || startMs !== undefined;
    const orders = isFromStart ? found.slice(0, limit) : found.slice(-limit);
    return orders.map((order) => orderView(venue, account, order));
  },
};

export const myTrades: SignedMethod = {
  security: "USER_DATA",
  params: ["symbol", "orderId", "startTime", "endTime", "fromId", "limit"],
  weight: (params) => (params.has("orderId") ? 5 : 20),
  run: (venue, params, { key: { account } }) => {
    const { instrument } = venue.symbols.ofAccount(needText(params, "symbol"));
    const limit = limitOf(params, 500, ROWS_MAX);
    const fromTradeId = idText(params, "fromId");
    const { startMs, endMs } = windowOf(params);
    if (fromTradeId !== undefined && (startMs !== undefined || endMs !== undefined)) throw badCombination();
    const fills = venue.core.fills(account, {
      instrument,
      venueOrderId: idText(params, "orderId"),
      sinceUs: startMs === undefined ? undefined : startMs * 1_000,
      // Up to the end of the millisecond.
      untilUs: endMs === undefined ? undefined : endMs * 1_000 + 999,
      fromTradeId,
      order: fromTradeId !== undefined || startMs !== undefined ? "oldest" : "newest",
      limit,
    });
    return fills.toSorted(byTradeId).map((fill) => tradeView(venue, fill));
  },
};

/** The venue looks at a day at most. */
function windowOf(params: Params): {
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
} {
  const startMs = integer(params, "startTime");
  const endMs = integer(params, "endTime");
  if (startMs !== undefined && endMs !== undefined && endMs - startMs > DAY_MS) throw lookupTooLong();
  return { startMs, endMs };
}

function byTradeId(a: FillRecord, b: FillRecord): number {
  return Number(a.tradeId) - Number(b.tradeId) || Number(a.venueOrderId) - Number(b.venueOrderId);
}

export const account: SignedMethod = {
  security: "USER_DATA",
  params: ["omitZeroBalances"],
  weight: 20,
  run: (venue, params, { key }) => {
    const { core } = venue;
    const omitsZeros = oneOf(params, "omitZeroBalances", ["true", "false"], () =>
      invalidParam("omitZeroBalances"),
    );
    const { maker, taker } = ratesOf(venue, key.account);
    const balances = core
      .balances(key.account)
      .filter(({ totalAtoms }) => omitsZeros !== "true" || totalAtoms !== 0n)
      .map((balance) => ({
        asset: balance.asset,
        free: amountOf(core, balance.asset, freeAtoms(balance)),
        locked: amountOf(core, balance.asset, balance.heldAtoms),
      }));
    return {
      makerCommission: basisPoints(maker),
      takerCommission: basisPoints(taker),
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: { maker, taker, buyer: "0.00000000", seller: "0.00000000" },
      canTrade: key.mayTrade,
      canWithdraw: key.mayWithdraw,
      canDeposit: true,
      brokered: false,
      requireSelfTradePrevention: false,
      preventSor: false,
      updateTime: venue.nowMs(),
      accountType: "SPOT",
      balances,
      permissions: ["SPOT"],
      uid: key.account,
    };
  },
};

export const commission: SignedMethod = {
  security: "USER_DATA",
  params: ["symbol"],
  weight: 20,
  run: (venue, params, { key }) => {
    const { symbol } = venue.symbols.ofAccount(needText(params, "symbol"));
    const { maker, taker } = ratesOf(venue, key.account);
    const none = { maker: "0.00000000", taker: "0.00000000", buyer: "0.00000000", seller: "0.00000000" };
    return {
      symbol,
      standardCommission: { ...none, maker, taker },
      specialCommission: none,
      taxCommission: none,
      discount: {
        enabledForAccount: false,
        enabledForSymbol: false,
        discountAsset: "BNB",
        discount: "0.00000000",
      },
    };
  },
};

export const orderCount: SignedMethod = {
  security: "USER_DATA",
  params: [],
  weight: 40,
  run: (venue, _params, { key }) => venue.limits.orders(key.account),
};

/** As fractions of the value, with eight decimals. */
export function ratesOf(venue: Venue, account: number): { readonly maker: string; readonly taker: string } {
  const { makerFrac, takerFrac } = venue.core.feeRates(account);
  return { maker: makerFrac.toFixed(PRECISION), taker: takerFrac.toFixed(PRECISION) };
}

function basisPoints(rate: string): number {
  return Math.round(Number(scaledToDecimal(decimalToScaled(rate, PRECISION) * 10_000n, PRECISION)));
}
