/** HTTP: routes, and answers with the venue's headers. */
import type { HttpAnswer, HttpRequest } from "../ports.ts";
import * as accounts from "./accountQueries.ts";
import { cancelReplace } from "./cancelReplace.ts";
import { exchangeInfo } from "./exchangeInfo.ts";
import * as market from "./marketQueries.ts";
import { perform } from "./methods.ts";
import type { Method } from "./methods.ts";
import * as orders from "./orders.ts";
import { formParams } from "./params.ts";
import { Refusal } from "./refusal.ts";
import { formPayload } from "./signing.ts";
import * as transfers from "./transfers.ts";
import * as treasury from "./treasury.ts";
import type { Venue } from "./venue.ts";
import * as wallet from "./wallet.ts";

const ROUTES: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["GET /api/v3/ping", market.ping],
  ["GET /api/v3/time", market.time],
  ["GET /api/v3/exchangeInfo", exchangeInfo],
  ["GET /api/v3/depth", market.depth],
  ["GET /api/v3/trades", market.recentTrades],
  ["GET /api/v3/aggTrades", market.aggTrades],
  ["GET /api/v3/ticker/price", market.priceTicker],
  ["GET /api/v3/ticker/bookTicker", market.bookTickers],
  ["GET /api/v3/ticker/24hr", market.dayTicker],
  ["POST /api/v3/order", orders.placeOrder],
  ["POST /api/v3/order/test", orders.testOrder],
  ["POST /api/v3/order/cancelReplace", cancelReplace],
  ["GET /api/v3/order", accounts.queryOrder],
  ["DELETE /api/v3/order", orders.cancelOrder],
  ["GET /api/v3/openOrders", accounts.openOrders],
  ["DELETE /api/v3/openOrders", orders.cancelOpenOrders],
  ["GET /api/v3/allOrders", accounts.allOrders],
  ["GET /api/v3/myTrades", accounts.myTrades],
  ["GET /api/v3/account", accounts.account],
  ["GET /api/v3/account/commission", accounts.commission],
  ["GET /api/v3/rateLimit/order", accounts.orderCount],
  ["GET /sapi/v1/system/status", wallet.systemStatus],
  ["GET /sapi/v1/asset/tradeFee", wallet.tradeFee],
  ["GET /sapi/v1/account/apiRestrictions", wallet.apiRestrictions],
  ["GET /sapi/v1/capital/config/getall", wallet.coins],
  ["GET /sapi/v1/margin/allPairs", wallet.marginPairs],
  ["GET /sapi/v1/margin/isolated/allPairs", wallet.marginPairs],
  ["GET /sapi/v1/margin/allAssets", wallet.marginPairs],
  ["GET /sapi/v1/capital/deposit/hisrec", treasury.deposits],
  ["GET /sapi/v1/capital/withdraw/history", treasury.withdrawals],
  ["POST /sapi/v1/capital/withdraw/apply", treasury.withdraw],
  ["POST /sapi/v1/asset/transfer", transfers.transfer],
  ["GET /sapi/v1/asset/transfer", transfers.transfers],
]);

const JSON_TYPE = "application/json;charset=UTF-8";

export function answerHttp(venue: Venue, request: HttpRequest): HttpAnswer {
  const { method, path, query, body } = request;
  const route = ROUTES.get(`${method} ${path}`);
  if (route === undefined) return notFound(venue, path);
  const apiKey = request.headers["x-mbx-apikey"];
  try {
    const payload = formPayload(query, body);
    const signed = { apiKey, params: formParams(query, body), payload };
    const result = perform(venue, route, signed, { isStrict: true });
    return { status: 200, headers: headersOf(venue, route, apiKey), body: JSON.stringify(result) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { retryAfterS } = error;
    const retry = retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) };
    // What a rate limit says beside its words goes into headers here.
    const { code, msg, data } = error.body();
    const told = error.status === 418 || error.status === 429 ? { code, msg } : { code, msg, data };
    return {
      status: error.status,
      headers: { ...headersOf(venue, route, apiKey), ...retry },
      body: JSON.stringify(told),
    };
  }
}

/** Order counts come with what changes orders, as far as the account is known. */
function headersOf(
  venue: Venue,
  { weight, isOrder }: Method,
  apiKey: string | undefined,
): Record<string, string> {
  const { limits, core } = venue;
  const used = String(limits.weight().count);
  const key = apiKey === undefined ? undefined : core.key(apiKey);
  const [tenSeconds, day] = key === undefined || isOrder !== true ? [] : limits.orders(key.account);
  const headers: Record<string, string> = {
    "content-type": JSON_TYPE,
    "x-mbx-used-weight": used,
    "x-mbx-used-weight-1m": used,
  };
  if (tenSeconds !== undefined) headers["x-mbx-order-count-10s"] = String(tenSeconds.count);
  if (day !== undefined) headers["x-mbx-order-count-1d"] = String(day.count);
  if (typeof weight === "object")
    headers[`x-sapi-used-${weight.scope.toLowerCase()}-weight-1m`] = String(
      limits.walletWeight(weight, key?.account),
    );
  return headers;
}

function notFound(venue: Venue, path: string): HttpAnswer {
  const body = {
    timestamp: venue.nowMs(),
    status: 404,
    error: "Not Found",
    message: "No message available",
    path,
  };
  return { status: 404, headers: { "content-type": JSON_TYPE }, body: JSON.stringify(body) };
}
