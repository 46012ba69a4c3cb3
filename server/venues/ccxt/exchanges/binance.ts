/**
 * Binance spot. Orders go over the WebSocket API, where each frame is signed for itself. An amendment is
 * `cancelReplace`: a cancel and a new order under a new client id, which can stop half-way.
 */
import type { CcxtInstance } from "../gateway/ccxt.ts";
import { callEndpoint, symbolsOf } from "../gateway/ccxt.ts";
import { BINANCE_ERRORS } from "./binanceErrors.ts";
import type {
  AmendTerms,
  Exchange,
  LimitNews,
  OrderStatus,
  PlaceTerms,
  PrivateNote,
  RawFill,
  RawOrder,
  RawOrderNews,
  SymbolOf,
  VenueError,
} from "./exchange.ts";
import { addDecimals } from "./decimals.ts";
import { AnswerError, isRecord, listOf, numberIn, recordOf, sideIn, textAt, textIn } from "./fields.ts";

const STATUS: Readonly<Record<string, OrderStatus>> = {
  NEW: "OPEN",
  PENDING_NEW: "OPEN",
  PARTIALLY_FILLED: "OPEN",
  PENDING_CANCEL: "OPEN",
  FILLED: "FILLED",
  CANCELED: "CANCELED",
  EXPIRED: "EXPIRED",
  EXPIRED_IN_MATCH: "EXPIRED",
  REJECTED: "REJECTED",
};

const TRADES_PAGE = 1_000;
const MINUTE_MS = 60_000;
const WEIGHT_MAX = 6_000;

/** Of all symbols in one question; by symbol it would be 6 each. */
const OPEN_ORDERS_WEIGHT = 80;

export const binance: Exchange = {
  id: "binance",
  instanceOptions: {
    defaultType: "spot",
    fetchMarkets: { types: ["spot"] },
    fetchMargins: false,
    fetchCurrencies: false,
    warnOnFetchOpenOrdersWithoutSymbol: false,
  },
  prepare(instance) {
    // ccxt puts its own default in place of what a request asks for.
    instance.options["recvWindow"] = undefined;
  },
  amend: "cancel-new",
  clockGrainMs: 1,
  requestLifeMinMs: 50,
  privateCalls: "concurrent",
  entry: {
    async open(instance) {
      const client = instance.client(socketUrl(instance));
      await client.connect();
      return { client };
    },
    place: (terms) => both("order.place", "privatePostOrder", placeParams(terms)),
    amend: (terms) => both("order.cancelReplace", "privatePostOrderCancelReplace", amendParams(terms)),
    cancel: ({ marketId, clientId, venueOrderId }) =>
      both("order.cancel", "privateDeleteOrder", {
        symbol: marketId,
        ...(clientId === undefined ? { orderId: venueOrderId } : { origClientOrderId: clientId }),
      }),
    frame(instance, _session, request, id) {
      if (instance.signParams === undefined)
        throw new Error("invariant: ccxt's binance does not sign frames");
      const { method, params } = request;
      return { id: String(id), method, params: instance.signParams({ ...recordOf(params) }) };
    },
    readAnswer(message) {
      if (!isRecord(message) || message["status"] === undefined) return undefined;
      const id = Number(message["id"]);
      if (!Number.isSafeInteger(id)) return undefined;
      const ok = message["error"] === undefined && Number(message["status"]) === 200;
      return { id, ok, body: ok ? message["result"] : message["error"] };
    },
    readOrder(answer) {
      const answered = recordOf(answer);
      if (answered["newOrderResponse"] === undefined) return readOrderNews(answered);
      const canceled = recordOf(answered["cancelResponse"]);
      return {
        ...readOrderNews(recordOf(answered["newOrderResponse"])),
        replacedFilled: textAt(canceled, "executedQty"),
      };
    },
    readHalfAmended(answer) {
      const data = recordOf(recordOf(answer)["data"]);
      if (data["cancelResult"] !== "SUCCESS") return undefined;
      return {
        filled: textIn(recordOf(data["cancelResponse"]), "executedQty"),
        errors: data["newOrderResult"] === "FAILURE" ? ownErrors(recordOf(data["newOrderResponse"])) : [],
      };
    },
    cancelAll: {
      kind: "calls",
      calls: (marketIds) =>
        marketIds.map((symbol) => ({ endpoint: "privateDeleteOpenOrders", params: { symbol } })),
    },
  },
  reads: {
    tradesPerSymbol: true,
    async openOrders(instance) {
      return listOf(await callEndpoint(instance, "privateGetOpenOrders")).map((order) =>
        readOrder(recordOf(order), symbolsOf(instance)),
      );
    },
    async order(instance, { marketId, clientId, venueOrderId }) {
      const name = clientId === undefined ? { orderId: venueOrderId } : { origClientOrderId: clientId };
      const answer = await callEndpoint(instance, "privateGetOrder", { symbol: marketId, ...name });
      return readOrder(recordOf(answer), symbolsOf(instance));
    },
    async balances(instance) {
      const account = recordOf(await callEndpoint(instance, "privateGetAccount"));
      const totals = new Map<string, string>();
      for (const row of listOf(account["balances"]).map(recordOf))
        totals.set(textIn(row, "asset"), addDecimals(textIn(row, "free"), textIn(row, "locked")));
      return totals;
    },
    async trades(instance, { marketId, symbol, sinceMs, next }) {
      if (marketId === undefined || symbol === undefined)
        throw new Error("invariant: binance lists trades by symbol");
      const from = next === undefined ? { startTime: Math.max(0, Math.floor(sinceMs)) } : { fromId: next };
      const params = { symbol: marketId, limit: TRADES_PAGE, ...from };
      const rows = listOf(await callEndpoint(instance, "privateGetMyTrades", params)).map(recordOf);
      const fills = rows.map((row) => readListedTrade(row, symbol));
      const last = rows.at(-1);
      return {
        fills,
        next: rows.length < TRADES_PAGE || last === undefined ? undefined : nextId(textIn(last, "id")),
      };
    },
  },
  limits: {
    scopes: [
      { name: "weight", kind: "window", limit: WEIGHT_MAX, windowMs: MINUTE_MS },
      { name: "orders10s", kind: "window", limit: 100, windowMs: 10_000 },
      { name: "ordersDay", kind: "window", limit: 200_000, windowMs: 86_400_000 },
    ],
    entry: (kind) =>
      kind === "place" || kind === "amend"
        ? [
            { scope: "weight", weight: 1 },
            { scope: "orders10s", weight: 1 },
            { scope: "ordersDay", weight: 1 },
          ]
        : [{ scope: "weight", weight: 1 }],
    read: (kind) => [{ scope: "weight", weight: READ_WEIGHT[kind] }],
    observe({ status, headers, body }) {
      const used = Number(headers["X-Mbx-Used-Weight-1m"]);
      const wait = Number(headers["Retry-After"]);
      return {
        usedFrac: Number.isFinite(used) ? used / WEIGHT_MAX : undefined,
        ...silenceOf(status, body, Number.isFinite(wait) ? wait * 1_000 : undefined),
      };
    },
    observeFrame(message, nowMs) {
      const { error, rateLimits, status } = recordOf(message);
      const until = Number(recordOf(recordOf(error)["data"])["retryAfter"]);
      const weight = listOf(rateLimits)
        .map(recordOf)
        .find(({ rateLimitType }) => rateLimitType === "REQUEST_WEIGHT");
      return {
        usedFrac: weight === undefined ? undefined : Number(weight["count"]) / Number(weight["limit"]),
        ...silenceOf(Number(status), error, Number.isFinite(until) ? Math.max(0, until - nowMs) : undefined),
      };
    },
  },
  errorRows: BINANCE_ERRORS,
  errorsOf(answer) {
    const body = recordOf(answer);
    const data = recordOf(body["data"]);
    return [
      ...ownErrors(recordOf(data["newOrderResponse"])),
      ...ownErrors(recordOf(data["cancelResponse"])),
      ...ownErrors(body),
    ];
  },
  confirmsPrivate: (message) => recordOf(recordOf(message)["result"])["subscriptionId"] !== undefined,
  heartbeat: "frames",
  readPrivate(message, symbolOf) {
    const event = recordOf(recordOf(message)["event"]);
    if (event["e"] !== "executionReport") return undefined;
    const symbol = symbolOf(textIn(event, "s"));
    return symbol === undefined ? [] : readReport(event, symbol);
  },
};

const READ_WEIGHT = {
  order: 4,
  openOrders: OPEN_ORDERS_WEIGHT,
  balances: 20,
  trades: 20,
  time: 1,
  book: 250,
  token: 0,
  deadMan: 0,
} as const;

/** Too many orders is the account's own count: cancels still pass. Everything else is about the address. */
function silenceOf(status: number, body: unknown, waitMs: number | undefined): LimitNews {
  if (status !== 429 && status !== 418) return {};
  const tooManyOrders = textAt(recordOf(body), "code") === "-1015";
  if (tooManyOrders) return { scope: "orders10s", silenceMs: waitMs ?? 10_000 };
  return { silenceMs: waitMs ?? MINUTE_MS };
}

function socketUrl(instance: CcxtInstance): string {
  const url = recordOf(recordOf(recordOf(instance.urls.api)["ws"])["ws-api"])["spot"];
  if (typeof url !== "string") throw new Error("invariant: ccxt's binance has no URL of its WebSocket API");
  return url;
}

function both(method: string, endpoint: string, params: Record<string, unknown>) {
  return { socket: { method, params }, rest: { endpoint, params } };
}

function placeParams(terms: PlaceTerms): Record<string, unknown> {
  return {
    symbol: terms.marketId,
    side: terms.side.toUpperCase(),
    ...(terms.timeInForce === "POST_ONLY" ? { type: "LIMIT_MAKER" } : { type: "LIMIT", timeInForce: "IOC" }),
    price: terms.price,
    quantity: terms.size,
    newClientOrderId: terms.clientId,
    newOrderRespType: "RESULT",
    selfTradePreventionMode: terms.selfTrade,
    recvWindow: Math.max(1, Math.floor(terms.expiresAtMs - terms.nowMs)),
  };
}

function amendParams(terms: AmendTerms): Record<string, unknown> {
  return {
    ...placeParams({ ...terms, clientId: terms.newClientId }),
    cancelReplaceMode: "STOP_ON_FAILURE",
    cancelOrigClientOrderId: terms.clientId,
  };
}

function ownErrors(record: Record<string, unknown>): readonly VenueError[] {
  const code = textAt(record, "code");
  return code === undefined ? [] : [{ code, text: textAt(record, "msg") ?? "" }];
}

function readOrderNews(order: Record<string, unknown>): RawOrderNews {
  return {
    // The answer to a cancel carries the cancel's own id beside that of the order.
    clientId: textAt(order, "origClientOrderId") ?? textAt(order, "clientOrderId"),
    venueOrderId: textAt(order, "orderId"),
    status: STATUS[textAt(order, "status") ?? ""],
    price: textAt(order, "price"),
    size: textAt(order, "origQty"),
    filled: textAt(order, "executedQty"),
  };
}

function readOrder(order: Record<string, unknown>, symbolOf: SymbolOf): RawOrder {
  const marketId = textIn(order, "symbol");
  return {
    symbol: symbolOf(marketId) ?? marketId,
    marketId,
    clientId: textAt(order, "clientOrderId") ?? "",
    venueOrderId: textIn(order, "orderId"),
    side: sideIn(order, "side"),
    status: statusOf(textIn(order, "status")),
    price: textIn(order, "price"),
    size: textIn(order, "origQty"),
    filled: textIn(order, "executedQty"),
  };
}

function statusOf(text: string): OrderStatus {
  const status = STATUS[text];
  if (status === undefined) throw new AnswerError(`binance says "${text}" of an order`);
  return status;
}

function readReport(event: Record<string, unknown>, symbol: string): PrivateNote[] {
  const canceled = event["x"] === "CANCELED" || event["x"] === "REPLACED";
  const clientId = (canceled ? textAt(event, "C") : undefined) ?? textIn(event, "c");
  const order: PrivateNote = {
    type: "order",
    symbol,
    news: {
      clientId,
      venueOrderId: textIn(event, "i"),
      side: sideIn(event, "S"),
      status: statusOf(textIn(event, "X")),
      price: textAt(event, "p"),
      size: textAt(event, "q"),
      filled: textAt(event, "z"),
    },
  };
  if (event["x"] !== "TRADE") return [order];
  const fill: RawFill = {
    symbol,
    tradeId: textIn(event, "t"),
    venueOrderId: textIn(event, "i"),
    clientId,
    side: sideIn(event, "S"),
    price: textIn(event, "L"),
    size: textIn(event, "l"),
    liquidity: event["m"] === true ? "maker" : "taker",
    venueAtMs: numberIn(event, "T"),
    feeAsset: textAt(event, "N") ?? "",
    fee: textAt(event, "n") ?? "0",
  };
  // The fill first: an order that is told as ended waits for none.
  return [{ type: "fill", fill }, order];
}

function readListedTrade(row: Record<string, unknown>, symbol: string): RawFill {
  return {
    symbol,
    tradeId: textIn(row, "id"),
    venueOrderId: textIn(row, "orderId"),
    clientId: undefined,
    side: row["isBuyer"] === true ? "buy" : "sell",
    price: textIn(row, "price"),
    size: textIn(row, "qty"),
    liquidity: row["isMaker"] === true ? "maker" : "taker",
    venueAtMs: numberIn(row, "time"),
    feeAsset: textAt(row, "commissionAsset") ?? "",
    fee: textAt(row, "commission") ?? "0",
  };
}

function nextId(id: string): string {
  return String(BigInt(id) + 1n);
}
