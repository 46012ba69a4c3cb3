/**
 * Kraken spot. Orders go over the v2 socket under a token; amendments change an order in place, by our id. REST calls
 * carry a nonce that must rise in order of arrival, and its budget is small: what the socket tells is not asked.
 */
import type { CcxtInstance } from "../gateway/ccxt.ts";
import { callEndpoint } from "../gateway/ccxt.ts";
import type { Exchange, OrderStatus, PlaceTerms, PrivateNote, RawOrder, SymbolOf } from "./exchange.ts";
import { AnswerError, isRecord, listOf, numberIn, recordOf, sideIn, textAt, textIn } from "./fields.ts";
import { KRAKEN_ERRORS } from "./krakenErrors.ts";

const STATUS: Readonly<Record<string, OrderStatus>> = {
  pending: "OPEN",
  pending_new: "OPEN",
  new: "OPEN",
  open: "OPEN",
  partially_filled: "OPEN",
  filled: "FILLED",
  closed: "FILLED",
  canceled: "CANCELED",
  expired: "EXPIRED",
};

/** Entry tier. */
const PAIR_COUNTER = { limit: 60, perSecond: 1 };
const REST_COUNTER = { limit: 15, perSecond: 0.33 };

const TRADES_PAGE = 50;
/** The nearest deadline that it takes. */
const DEADLINE_MIN_MS = 500;

export const kraken: Exchange = {
  id: "kraken",
  instanceOptions: { fetchCurrencies: false },
  amend: "in-place",
  clockGrainMs: 1_000,
  requestLifeMinMs: DEADLINE_MIN_MS,
  privateCalls: "one-at-a-time",
  entry: {
    async open(instance) {
      const token = await instance.authenticate?.();
      if (typeof token !== "string") throw new AnswerError("kraken gave no token for its sockets");
      const client = instance.client(socketUrl(instance));
      await client.connect();
      return { client, token };
    },
    place: (terms) => ({
      socket: {
        method: "add_order",
        params: {
          order_type: "limit",
          side: terms.side,
          symbol: terms.symbol,
          order_qty: terms.size,
          limit_price: terms.price,
          cl_ord_id: terms.clientId,
          ...(terms.timeInForce === "POST_ONLY" ? { post_only: true } : { time_in_force: "ioc" }),
          stp_type: terms.selfTrade === "EXPIRE_TAKER" ? "cancel_newest" : "cancel_oldest",
          deadline: deadlineOf(terms),
        },
      },
      rest: {
        endpoint: "privatePostAddOrder",
        params: {
          pair: terms.marketId,
          type: terms.side,
          ordertype: "limit",
          volume: terms.size,
          price: terms.price,
          cl_ord_id: terms.clientId,
          ...(terms.timeInForce === "POST_ONLY" ? { oflags: "post" } : { timeinforce: "IOC" }),
          stptype: terms.selfTrade === "EXPIRE_TAKER" ? "cancel-newest" : "cancel-oldest",
          deadline: deadlineOf(terms),
        },
      },
    }),
    amend: (terms) => ({
      socket: {
        method: "amend_order",
        params: {
          cl_ord_id: terms.clientId,
          order_qty: terms.size,
          limit_price: terms.price,
          post_only: true,
          deadline: deadlineOf(terms),
        },
      },
      rest: {
        endpoint: "privatePostAmendOrder",
        params: {
          cl_ord_id: terms.clientId,
          order_qty: terms.size,
          limit_price: terms.price,
          post_only: "true",
          deadline: deadlineOf(terms),
        },
      },
    }),
    cancel: ({ clientId, venueOrderId }) => ({
      socket: {
        method: "cancel_order",
        params: clientId === undefined ? { order_id: [venueOrderId] } : { cl_ord_id: [clientId] },
      },
      rest: {
        endpoint: "privatePostCancelOrder",
        params: clientId === undefined ? { txid: venueOrderId } : { cl_ord_id: clientId },
      },
    }),
    frame: (_instance, { token }, { method, params }, id) =>
      withPlainNumbers(JSON.stringify({ method, params: { ...recordOf(params), token }, req_id: id })),
    readAnswer(message) {
      if (!isRecord(message) || message["req_id"] === undefined || message["method"] === undefined)
        return undefined;
      const id = Number(message["req_id"]);
      if (!Number.isSafeInteger(id)) return undefined;
      const ok = message["success"] === true;
      return { id, ok, body: ok ? message["result"] : message };
    },
    readOrder(answer) {
      const body = recordOf(answer);
      const result = recordOf(body["result"] ?? body);
      const listed = listOf(result["txid"])[0];
      return {
        clientId: textAt(result, "cl_ord_id"),
        venueOrderId: typeof listed === "string" ? listed : textAt(result, "order_id"),
      };
    },
    cancelAll: { kind: "calls", calls: () => [{ endpoint: "privatePostCancelAll", params: {} }] },
  },
  reads: {
    tradesPerSymbol: false,
    async openOrders(instance) {
      const open = recordOf((await readResult(instance, "privatePostOpenOrders", {}))["open"]);
      return Object.entries(open).map(([txid, row]) => readOrder(txid, recordOf(row), instance));
    },
    async order(instance, { clientId, venueOrderId }) {
      if (clientId === undefined) {
        const found = await readResult(instance, "privatePostQueryOrders", { txid: venueOrderId });
        return firstOrder(found, instance);
      }
      const name = { cl_ord_id: clientId };
      const open = await readResult(instance, "privatePostOpenOrders", name);
      const found = firstOrder(recordOf(open["open"]), instance, clientId);
      if (found !== undefined) return found;
      const closed = await readResult(instance, "privatePostClosedOrders", name);
      return firstOrder(recordOf(closed["closed"]), instance, clientId);
    },
    async endedOrders(instance, sinceMs) {
      const start = String(Math.max(0, Math.floor(sinceMs / 1_000) - 1));
      const closed = await readResult(instance, "privatePostClosedOrders", { start });
      return Object.entries(recordOf(closed["closed"])).map(([txid, row]) =>
        readOrder(txid, recordOf(row), instance),
      );
    },
    async balances(instance) {
      const rows = await readResult(instance, "privatePostBalanceEx", {});
      return new Map(
        Object.entries(rows).map(([id, row]) => [assetOf(instance, id), textIn(recordOf(row), "balance")]),
      );
    },
    async trades(instance, { sinceMs, next = "0" }) {
      const params = { start: String(Math.max(0, Math.floor(sinceMs / 1_000) - 1)), ofs: next };
      const rows = Object.entries(
        recordOf((await readResult(instance, "privatePostTradesHistory", params))["trades"]),
      );
      return {
        fills: rows.flatMap(([txid, row]) => readListedTrade(txid, recordOf(row), instance)),
        next: rows.length < TRADES_PAGE ? undefined : String(Number(next) + rows.length),
      };
    },
  },
  limits: {
    scopes: [
      { name: "rest", kind: "decay", isForReads: true, ...REST_COUNTER },
      { name: "pair", kind: "decay", ...PAIR_COUNTER },
    ],
    entry(kind, { marketId, ageMs }) {
      if (kind === "cancelAll") return [{ scope: "rest", weight: 1 }];
      // A cancel raises the counter, the more the younger the order, and is not refused by it.
      if (kind === "cancel")
        return [{ scope: "pair", weight: cancelCost(ageMs), market: marketId, neverWaits: true }];
      return [{ scope: "pair", weight: kind === "place" ? 1 : amendCost(ageMs), market: marketId }];
    },
    read: (kind) => [{ scope: "rest", weight: READ_COST[kind] }],
    observe({ body }) {
      const errors = errorsOf(body).map(({ code }) => code);
      if (errors.some((code) => code.startsWith("EGeneral:Temporary lockout")))
        return { silenceMs: LOCKOUT_MS, scope: "rest" };
      const refused = errors.some((code) => code.startsWith("EAPI:Rate limit exceeded"));
      return refused ? { silenceMs: REFUSED_MS, scope: "rest" } : undefined;
    },
  },
  errorRows: KRAKEN_ERRORS,
  errorsOf,
  confirmsPrivate(message) {
    const { method, success, result } = recordOf(message);
    return method === "subscribe" && success === true && recordOf(result)["channel"] === "executions";
  },
  sequenceOf(message) {
    const { channel, sequence } = recordOf(message);
    return channel === "executions" && typeof sequence === "number" ? sequence : undefined;
  },
  heartbeat: "messages",
  readPrivate(message, symbolOf) {
    const { channel, data } = recordOf(message);
    if (channel !== "executions" || data === undefined) return undefined;
    return listOf(data).flatMap((row) => readExecution(recordOf(row), symbolOf));
  },
  deadMansSwitch: (timeoutSeconds) => ({
    endpoint: "privatePostCancelAllOrdersAfter",
    params: { timeout: String(timeoutSeconds) },
  }),
};

const READ_COST = {
  order: 2,
  openOrders: 1,
  balances: 1,
  trades: 2,
  time: 0,
  book: 0,
  token: 1,
  deadMan: 1,
} as const;

/** Until three requests have decayed, and as long as a lockout lasts. */
const REFUSED_MS = 10_000;
const LOCKOUT_MS = 900_000;

/** What an order's age adds to the pair's counter, in the venue's steps. */
function amendCost(ageMs: number): number {
  if (ageMs < 5_000) return 4;
  if (ageMs < 10_000) return 3;
  return ageMs < 15_000 ? 2 : 1;
}

function cancelCost(ageMs: number): number {
  if (ageMs < 5_000) return 8;
  if (ageMs < 10_000) return 6;
  if (ageMs < 15_000) return 5;
  if (ageMs < 45_000) return 4;
  if (ageMs < 90_000) return 2;
  return ageMs < 300_000 ? 1 : 0;
}

function socketUrl(instance: CcxtInstance): string {
  const url = recordOf(recordOf(instance.urls.api)["ws"])["privateV2"];
  if (typeof url !== "string") throw new Error("invariant: ccxt's kraken has no URL of its private socket");
  return url;
}

function deadlineOf({ expiresAtMs }: Pick<PlaceTerms, "expiresAtMs">): string {
  return new Date(Math.floor(expiresAtMs)).toISOString();
}

/** Its sockets want sizes and prices as JSON numbers: ours are written digit by digit, and never were one. */
function withPlainNumbers(json: string): string {
  return json.replaceAll(/"(order_qty|limit_price)":"(\d+(?:\.\d+)?)"/g, '"$1":$2');
}

function errorsOf(answer: unknown) {
  const { error } = recordOf(answer);
  const texts =
    typeof error === "string" ? [error] : listOf(error).filter((text) => typeof text === "string");
  return texts.map((text) => ({ code: text, text }));
}

async function readResult(
  instance: CcxtInstance,
  endpoint: string,
  params: object,
): Promise<Record<string, unknown>> {
  return recordOf(recordOf(await callEndpoint(instance, endpoint, params))["result"]);
}

function firstOrder(
  rows: Record<string, unknown>,
  instance: CcxtInstance,
  clientId?: string,
): RawOrder | undefined {
  const found = Object.entries(rows).find(
    ([, row]) => clientId === undefined || recordOf(row)["cl_ord_id"] === clientId,
  );
  return found === undefined ? undefined : readOrder(found[0], recordOf(found[1]), instance);
}

function readOrder(txid: string, row: Record<string, unknown>, instance: CcxtInstance): RawOrder {
  const terms = recordOf(row["descr"]);
  const pair = textIn(terms, "pair");
  const market = marketOf(instance, pair);
  const status = textIn(row, "status");
  return {
    symbol: market?.symbol ?? pair,
    marketId: market?.id ?? pair,
    clientId: textAt(row, "cl_ord_id") ?? "",
    venueOrderId: txid,
    side: sideIn(terms, "type"),
    status: statusOf(status),
    price: textIn(terms, "price"),
    size: textIn(row, "vol"),
    filled: textIn(row, "vol_exec"),
  };
}

function statusOf(text: string): OrderStatus {
  const status = STATUS[text];
  if (status === undefined) throw new AnswerError(`kraken says "${text}" of an order`);
  return status;
}

/** REST names a pair in any of three ways. */
function marketOf(instance: CcxtInstance, pair: string): { id: string; symbol: string } | undefined {
  const byId = instance.markets_by_id?.[pair]?.[0];
  if (byId !== undefined) return byId;
  return Object.values(instance.markets ?? {}).find(
    ({ info }) => info["altname"] === pair || info["wsname"] === pair,
  );
}

function assetOf(instance: CcxtInstance, id: string): string {
  return instance.safeCurrencyCode(id) ?? id;
}

function readListedTrade(txid: string, row: Record<string, unknown>, instance: CcxtInstance) {
  const market = marketOf(instance, textIn(row, "pair"));
  if (market === undefined) return [];
  const [, quote = ""] = market.symbol.split("/");
  return [
    {
      symbol: market.symbol,
      tradeId: txid,
      venueOrderId: textIn(row, "ordertxid"),
      clientId: textAt(row, "cl_ord_id"),
      side: sideIn(row, "type"),
      price: textIn(row, "price"),
      size: textIn(row, "vol"),
      liquidity: row["maker"] === true ? ("maker" as const) : ("taker" as const),
      venueAtMs: numberIn(row, "time") * 1_000,
      feeAsset: quote,
      fee: textIn(row, "fee"),
    },
  ];
}

function readExecution(row: Record<string, unknown>, symbolOf: SymbolOf): PrivateNote[] {
  const symbol = textAt(row, "symbol") ?? "";
  const status = textAt(row, "order_status");
  const news: PrivateNote = {
    type: "order",
    symbol,
    news: {
      clientId: textAt(row, "cl_ord_id"),
      venueOrderId: textIn(row, "order_id"),
      side: textAt(row, "side") === undefined ? undefined : sideIn(row, "side"),
      status: status === undefined ? undefined : statusOf(status),
      price: textAt(row, "limit_price"),
      size: textAt(row, "order_qty"),
      filled: textAt(row, "cum_qty"),
      refusal: /post.only/i.test(textAt(row, "reason") ?? "") ? "POST_ONLY_WOULD_TAKE" : undefined,
    },
  };
  if (row["exec_type"] !== "trade") return [news];
  if (symbolOf(symbol) === undefined) return [];
  const fee = recordOf(listOf(row["fees"])[0]);
  return [
    {
      type: "fill",
      fill: {
        symbol,
        tradeId: textIn(row, "exec_id"),
        venueOrderId: textIn(row, "order_id"),
        clientId: textAt(row, "cl_ord_id"),
        side: sideIn(row, "side"),
        price: textIn(row, "last_price"),
        size: textIn(row, "last_qty"),
        liquidity: row["liquidity_ind"] === "m" ? "maker" : "taker",
        venueAtMs: Date.parse(textIn(row, "timestamp")),
        feeAsset: textAt(fee, "asset") ?? symbol.split("/")[1] ?? "",
        fee: textAt(fee, "qty") ?? "0",
      },
    },
    news,
  ];
}
