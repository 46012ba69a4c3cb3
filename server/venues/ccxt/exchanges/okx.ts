/**
 * OKX spot. One socket for private channels and orders, after a login; amendments change an order in place. It has no
 * cancel-all, but a dead-man's switch. Answers are HTTP 200 with a code, and a code of their own for each order.
 */
import type { CcxtInstance, SignedRequest } from "../gateway/ccxt.ts";
import { callEndpoint, symbolsOf } from "../gateway/ccxt.ts";
import type {
  Exchange,
  OrderStatus,
  PrivateNote,
  RawFill,
  RawOrder,
  SymbolOf,
  VenueError,
} from "./exchange.ts";
import {
  AnswerError,
  isRecord,
  listOf,
  negated,
  numberIn,
  recordOf,
  sideIn,
  textAt,
  textIn,
} from "./fields.ts";
import { OKX_ERRORS } from "./okxErrors.ts";

const STATUS: Readonly<Record<string, OrderStatus>> = {
  live: "OPEN",
  partially_filled: "OPEN",
  filled: "FILLED",
  canceled: "CANCELED",
  mmp_canceled: "CANCELED",
};

/** Why an order was canceled, where it was not by us: IOC remainder, post-only that would take, self-trade. */
const POST_ONLY_SOURCE = "31";
const EXPIRY_SOURCES: ReadonlySet<string> = new Set(["13", "14", "15", "32", POST_ONLY_SOURCE]);

const PAGE = 100;
/** Open orders in one account; a bound for the walk through its pages. */
const PAGES_MAX = 50;
const TWO_SECONDS_MS = 2_000;

export const okx: Exchange = {
  id: "okx",
  instanceOptions: { defaultType: "spot", fetchMarkets: { types: ["spot"] }, fetchCurrencies: false },
  prepare(instance) {
    sendExpiryAsHeader(instance);
  },
  amend: "in-place",
  clockGrainMs: 1,
  requestLifeMinMs: 50,
  privateCalls: "concurrent",
  entry: {
    async open(instance) {
      await instance.authenticate?.();
      const url = recordOf(instance.urls.api)["ws"];
      return { client: instance.client(`${String(url)}/private`) };
    },
    place(terms) {
      const order = {
        tdMode: "cash",
        side: terms.side,
        ordType: terms.timeInForce === "POST_ONLY" ? "post_only" : "ioc",
        px: terms.price,
        sz: terms.size,
        clOrdId: terms.clientId,
        stpMode: terms.selfTrade === "EXPIRE_TAKER" ? "cancel_taker" : "cancel_maker",
      };
      return both("order", "privatePostTradeOrder", terms, order, terms.expiresAtMs);
    },
    amend: (terms) =>
      both(
        "amend-order",
        "privatePostTradeAmendOrder",
        terms,
        { clOrdId: terms.clientId, newPx: terms.price, newSz: terms.size },
        terms.expiresAtMs,
      ),
    cancel: (terms) =>
      both("cancel-order", "privatePostTradeCancelOrder", terms, {
        ...(terms.clientId === undefined ? { ordId: terms.venueOrderId } : { clOrdId: terms.clientId }),
      }),
    frame: (_instance, _session, request, id) => ({ id: String(id), ...request }),
    readAnswer(message) {
      if (!isRecord(message) || message["id"] === undefined) return undefined;
      const id = Number(message["id"]);
      if (!Number.isSafeInteger(id)) return undefined;
      return { id, ok: textAt(message, "code") === "0", body: message };
    },
    readOrder(answer) {
      const row = recordOf(listOf(recordOf(answer)["data"])[0]);
      return { clientId: textAt(row, "clOrdId"), venueOrderId: textAt(row, "ordId") };
    },
    cancelAll: {
      kind: "listed",
      batchMax: 20,
      batch: (orders) => ({
        endpoint: "privatePostTradeCancelBatchOrders",
        params: orders.map(({ marketId, venueOrderId }) => ({ instId: marketId, ordId: venueOrderId })),
      }),
    },
  },
  reads: {
    tradesPerSymbol: false,
    async openOrders(instance) {
      const orders: RawOrder[] = [];
      for (let page = 0, after: string | undefined; page < PAGES_MAX; page++) {
        const params = { instType: "SPOT", limit: String(PAGE), ...(after === undefined ? {} : { after }) };
        const rows = await readRows(instance, "privateGetTradeOrdersPending", params);
        for (const row of rows) orders.push(readOrder(row, symbolsOf(instance)));
        after = orders.at(-1)?.venueOrderId;
        if (rows.length < PAGE) return orders;
      }
      throw new AnswerError(`okx lists more than ${PAGE * PAGES_MAX} open orders`);
    },
    async order(instance, { marketId, clientId, venueOrderId }) {
      const name = clientId === undefined ? { ordId: venueOrderId } : { clOrdId: clientId };
      const rows = await readRows(instance, "privateGetTradeOrder", { instId: marketId, ...name });
      const row = rows[0];
      return row === undefined ? undefined : readOrder(row, symbolsOf(instance));
    },
    async balances(instance) {
      const account = (await readRows(instance, "privateGetAccountBalance", {}))[0] ?? {};
      const rows = listOf(account["details"]).map(recordOf);
      return new Map(rows.map((row) => [textIn(row, "ccy"), textAt(row, "cashBal") ?? textIn(row, "eq")]));
    },
    async trades(instance, { sinceMs, next }) {
      const rows = await readRows(instance, "privateGetTradeFills", {
        instType: "SPOT",
        begin: String(Math.max(0, Math.floor(sinceMs))),
        limit: String(PAGE),
        // Newest first: the next page is of what is older.
        ...(next === undefined ? {} : { after: next }),
      });
      const symbolOf = symbolsOf(instance);
      const last = rows.at(-1);
      return {
        fills: rows.flatMap((row) => readFill(row, symbolOf, LISTED)),
        next: rows.length < PAGE || last === undefined ? undefined : textIn(last, "billId"),
      };
    },
  },
  limits: {
    scopes: [
      { name: "orders", kind: "window", limit: 1_000, windowMs: TWO_SECONDS_MS },
      { name: "place", kind: "window", limit: 60, windowMs: TWO_SECONDS_MS },
      { name: "amend", kind: "window", limit: 60, windowMs: TWO_SECONDS_MS },
      { name: "cancel", kind: "window", limit: 60, windowMs: TWO_SECONDS_MS },
      { name: "cancelBatch", kind: "window", limit: 300, windowMs: TWO_SECONDS_MS },
      { name: "order", kind: "window", isForReads: true, limit: 60, windowMs: TWO_SECONDS_MS },
      { name: "openOrders", kind: "window", isForReads: true, limit: 60, windowMs: TWO_SECONDS_MS },
      { name: "balances", kind: "window", isForReads: true, limit: 10, windowMs: TWO_SECONDS_MS },
      { name: "trades", kind: "window", isForReads: true, limit: 60, windowMs: TWO_SECONDS_MS },
      { name: "time", kind: "window", isForReads: true, limit: 10, windowMs: TWO_SECONDS_MS },
      { name: "book", kind: "window", isForReads: true, limit: 40, windowMs: TWO_SECONDS_MS },
      { name: "deadMan", kind: "window", isForReads: true, limit: 1, windowMs: 1_000 },
    ],
    entry(kind, { marketId }) {
      if (kind === "cancelAll") return [{ scope: "cancelBatch", weight: 1, market: marketId }];
      const own = { scope: kind, weight: 1, market: marketId };
      return kind === "cancel" ? [own] : [own, { scope: "orders", weight: 1 }];
    },
    read: (kind) => (kind === "token" ? [] : [{ scope: kind, weight: 1 }]),
    // It refuses by endpoint and instrument, and names no time: the scopes of what was refused are full then.
    observe: () => undefined,
  },
  errorRows: OKX_ERRORS,
  errorsOf,
  confirmsPrivate(message) {
    const { event, arg } = recordOf(message);
    return event === "subscribe" && recordOf(arg)["channel"] === "orders";
  },
  heartbeat: "messages",
  readPrivate(message, symbolOf) {
    const { arg, data } = recordOf(message);
    if (recordOf(arg)["channel"] !== "orders" || data === undefined) return undefined;
    return listOf(data).flatMap((row) => readOrderRow(recordOf(row), symbolOf));
  },
  deadMansSwitch: (timeoutSeconds) => ({
    endpoint: "privatePostTradeCancelAllAfter",
    params: { timeOut: String(timeoutSeconds) },
  }),
};

function errorsOf(answer: unknown): readonly VenueError[] {
  const body = recordOf(answer);
  const own = listOf(body["data"])
    .map(recordOf)
    .flatMap((row) => errorOf(textAt(row, "sCode"), textAt(row, "sMsg")));
  return [...own, ...errorOf(textAt(body, "code"), textAt(body, "msg"))];
}

function errorOf(code: string | undefined, text = ""): readonly VenueError[] {
  return code === undefined || code === "0" ? [] : [{ code, text }];
}

/** ccxt signs headers of its own and takes no others: a parameter of this name becomes one. */
const EXPIRY_PARAM = "expTime";

function sendExpiryAsHeader(instance: CcxtInstance): void {
  const sign = instance.sign.bind(instance);
  instance.sign = (path, api, method, params, headers, body): SignedRequest => {
    const expiry = textAt(recordOf(params), EXPIRY_PARAM);
    if (expiry === undefined) return sign(path, api, method, params, headers, body);
    const rest = { ...recordOf(params) };
    delete rest[EXPIRY_PARAM];
    const signed = sign(path, api, method, rest, headers, body);
    return { ...signed, headers: { ...signed.headers, [EXPIRY_PARAM]: expiry } };
  };
}

function both(
  op: string,
  endpoint: string,
  {
    marketId,
    marketInfo,
  }: { readonly marketId: string; readonly marketInfo: Readonly<Record<string, unknown>> },
  order: Record<string, unknown>,
  expiresAtMs?: number,
) {
  const code = Number(marketInfo["instIdCode"]);
  const expiry = expiresAtMs === undefined ? {} : { expTime: String(Math.floor(expiresAtMs)) };
  // Sockets name an instrument by its number; REST by its name.
  const market = Number.isSafeInteger(code) ? { instIdCode: code } : { instId: marketId };
  return {
    socket: { op, ...expiry, args: [{ ...market, ...order }] },
    rest: { endpoint, params: { instId: marketId, ...order, ...expiry } },
  };
}

async function readRows(
  instance: CcxtInstance,
  endpoint: string,
  params: object,
): Promise<readonly Record<string, unknown>[]> {
  return listOf(recordOf(await callEndpoint(instance, endpoint, params))["data"]).map(recordOf);
}

function statusOf(row: Record<string, unknown>): OrderStatus {
  const state = textIn(row, "state");
  const status = STATUS[state];
  if (status === undefined) throw new AnswerError(`okx says "${state}" of an order`);
  return status === "CANCELED" && EXPIRY_SOURCES.has(textAt(row, "cancelSource") ?? "") ? "EXPIRED" : status;
}

function readOrder(row: Record<string, unknown>, symbolOf: SymbolOf): RawOrder {
  const marketId = textIn(row, "instId");
  return {
    symbol: symbolOf(marketId) ?? marketId,
    marketId,
    clientId: textAt(row, "clOrdId") ?? "",
    venueOrderId: textIn(row, "ordId"),
    side: sideIn(row, "side"),
    status: statusOf(row),
    price: textAt(row, "px") ?? "0",
    size: textIn(row, "sz"),
    filled: textAt(row, "accFillSz") ?? "0",
  };
}

function readOrderRow(row: Record<string, unknown>, symbolOf: SymbolOf): PrivateNote[] {
  const symbol = symbolOf(textIn(row, "instId"));
  if (symbol === undefined) return [];
  const order: PrivateNote = {
    type: "order",
    symbol,
    news: {
      clientId: textAt(row, "clOrdId"),
      venueOrderId: textIn(row, "ordId"),
      side: sideIn(row, "side"),
      status: statusOf(row),
      price: textAt(row, "px"),
      size: textAt(row, "sz"),
      filled: textAt(row, "accFillSz"),
      refusal: textAt(row, "cancelSource") === POST_ONLY_SOURCE ? "POST_ONLY_WOULD_TAKE" : undefined,
    },
  };
  // The last fill stays in the row of later changes, without its size.
  if (textAt(row, "tradeId") === undefined || !isPositive(textAt(row, "fillSz"))) return [order];
  return [...readFill(row, symbolOf, STREAMED).map((fill): PrivateNote => ({ type: "fill", fill })), order];
}

const LISTED = { time: "ts", fee: "fee", feeAsset: "feeCcy" };
const STREAMED = { time: "fillTime", fee: "fillFee", feeAsset: "fillFeeCcy" };

function readFill(row: Record<string, unknown>, symbolOf: SymbolOf, names: typeof LISTED): RawFill[] {
  const symbol = symbolOf(textIn(row, "instId"));
  if (symbol === undefined) return [];
  return [
    {
      symbol,
      tradeId: textIn(row, "tradeId"),
      venueOrderId: textIn(row, "ordId"),
      clientId: textAt(row, "clOrdId"),
      side: sideIn(row, "side"),
      price: textIn(row, "fillPx"),
      size: textIn(row, "fillSz"),
      liquidity: textAt(row, "execType") === "M" ? "maker" : "taker",
      venueAtMs: numberIn(row, names.time),
      feeAsset: textAt(row, names.feeAsset) ?? "",
      // A fee is negative there, a rebate positive.
      fee: negated(textAt(row, names.fee) ?? "0"),
    },
  ];
}

function isPositive(text: string | undefined): boolean {
  return text !== undefined && Number(text) > 0;
}
