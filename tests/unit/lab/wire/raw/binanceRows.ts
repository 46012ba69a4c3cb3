import { get, number, post, remove, some, text, unsigned } from "./rows.ts";
import type { Row } from "./rows.ts";

const BTCUSDT = { symbol: "BTCUSDT" };
const BID = {
  ...BTCUSDT,
  side: "BUY",
  newOrderRespType: "FULL",
  type: "LIMIT_MAKER",
  quantity: "0.01",
  price: "50000",
};
const order = "/api/v3/order";
const named = { ...BTCUSDT, origClientOrderId: "mm1x0001" };
const placed = { symbol: "BTCUSDT", orderId: number, status: "NEW", executedQty: "0.00000000" };

export const BINANCE: readonly Row[] = [
  ["time", unsigned(get("/api/v3/time")), 200, { serverTime: number }],
  [
    "exchangeInfo",
    unsigned(get("/api/v3/exchangeInfo")),
    200,
    { symbols: [{ symbol: "BTCUSDT", status: "TRADING" }, {}] },
  ],
  ["depth", unsigned(get("/api/v3/depth", BTCUSDT)), 200, { lastUpdateId: number, bids: some, asks: some }],
  ["system status", unsigned(get("/sapi/v1/system/status")), 200, { status: 0, msg: "normal" }],
  ["coins", get("/sapi/v1/capital/config/getall"), 200, some],
  ["margin pairs", get("/sapi/v1/margin/allPairs"), 200, []],
  ["trade fee", get("/sapi/v1/asset/tradeFee", BTCUSDT), 200, [{ symbol: "BTCUSDT", makerCommission: text }]],
  ["account", get("/api/v3/account"), 200, { accountType: "SPOT", balances: some }],
  ["no order", get(order, named), 400, { code: -2013 }],
  [
    "a post-only order",
    post(order, { ...BID, newClientOrderId: "mm1x0001" }),
    200,
    { ...placed, clientOrderId: "mm1x0001", price: "50000.00000000" },
  ],
  [
    "the same id",
    post(order, { ...BID, newClientOrderId: "mm1x0001" }),
    400,
    { code: -2010, msg: "Duplicate order sent." },
  ],
  [
    "open orders",
    get("/api/v3/openOrders", BTCUSDT),
    200,
    [{ clientOrderId: "mm1x0001", origQty: "0.01000000" }],
  ],
  ["an order by our id", get(order, named), 200, placed],
  ["an order by its id", get(order, { ...BTCUSDT, orderId: "ID" }), 200, { clientOrderId: "mm1x0001" }],
  [
    "a change",
    post("/api/v3/order/cancelReplace", {
      ...BID,
      price: "50001",
      newClientOrderId: "mm1x0002",
      cancelReplaceMode: "STOP_ON_FAILURE",
      cancelOrderId: "ID",
    }),
    200,
    { cancelResult: "SUCCESS", newOrderResult: "SUCCESS", newOrderResponse: { price: "50001.00000000" } },
  ],
  [
    "a cancel",
    remove(order, { ...BTCUSDT, origClientOrderId: "mm1x0002" }),
    200,
    { status: "CANCELED", origClientOrderId: "mm1x0002" },
  ],
  ["the cancel of what is gone", remove(order, named), 400, { code: -2011, msg: "Unknown order sent." }],
  ["a cancel of none", remove("/api/v3/openOrders", BTCUSDT), 400, { code: -2011 }],
  [
    "a trade",
    post(order, { ...BTCUSDT, side: "BUY", type: "MARKET", quantity: "0.01", newOrderRespType: "FULL" }),
    200,
    { status: "FILLED", fills: some },
  ],
  ["own trades", get("/api/v3/myTrades", BTCUSDT), 200, some],
  ["a clock that is late", { ...get("/api/v3/account"), offByMs: -60_000 }, 400, { code: -1021 }],
  ["what the venue does not know", unsigned(get("/api/v3/nothing")), 404, {}],
];
