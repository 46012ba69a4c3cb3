import { get, post, postList, some, text, unsigned } from "./rows.ts";
import type { Row } from "./rows.ts";

const instId = "BTC-USDT";
const bid = {
  instId,
  side: "buy",
  ordType: "post_only",
  sz: "0.01",
  tdMode: "cash",
  tgtCcy: "base_ccy",
  px: "50000",
};
const done = (data: unknown) => ({ code: "0", data });

export const OKX: readonly Row[] = [
  ["time", unsigned(get("/api/v5/public/time")), 200, done([{ ts: text }])],
  [
    "instruments",
    unsigned(get("/api/v5/public/instruments", { instType: "SPOT" })),
    200,
    done([{ instId, tickSz: text, lotSz: text }, {}]),
  ],
  ["no futures", unsigned(get("/api/v5/public/instruments", { instType: "FUTURES" })), 200, done([])],
  ["status", unsigned(get("/api/v5/system/status")), 200, done([])],
  [
    "book",
    unsigned(get("/api/v5/market/books", { instId, sz: 100 })),
    200,
    done([{ bids: some, asks: some }]),
  ],
  ["coins", get("/api/v5/asset/currencies"), 200, done(some)],
  ["balance", get("/api/v5/account/balance"), 200, done([{ details: some }])],
  [
    "fees",
    get("/api/v5/account/trade-fee", { instType: "SPOT", instId }),
    200,
    done([{ maker: text, taker: text }]),
  ],
  ["no order", get("/api/v5/trade/order", { instId, clOrdId: "mm1x0001" }), 200, { code: "51603" }],
  [
    "a post-only order",
    postList("/api/v5/trade/batch-orders", [{ ...bid, clOrdId: "mm1x0001" }]),
    200,
    done([{ sCode: "0", ordId: text, clOrdId: "mm1x0001" }]),
  ],
  [
    "the same id",
    postList("/api/v5/trade/batch-orders", [{ ...bid, clOrdId: "mm1x0001" }]),
    200,
    { code: "1", data: [{ sCode: "51016" }] },
  ],
  [
    "two at once, one of them wrong",
    postList("/api/v5/trade/batch-orders", [
      { ...bid, clOrdId: "mm1x0002" },
      { ...bid, clOrdId: "mm1x0003", sz: "0" },
    ]),
    200,
    { code: "2", data: [{ sCode: "0" }, { sCode: "51000" }] },
  ],
  [
    "open orders",
    get("/api/v5/trade/orders-pending", { instId }),
    200,
    done([{ clOrdId: "mm1x0002" }, { clOrdId: "mm1x0001", state: "live" }]),
  ],
  [
    "an order by our id",
    get("/api/v5/trade/order", { instId, clOrdId: "mm1x0001" }),
    200,
    done([{ px: "50000", accFillSz: "0" }]),
  ],
  [
    "a change",
    post("/api/v5/trade/amend-order", { instId, clOrdId: "mm1x0001", newSz: "0.01", newPx: "50001" }),
    200,
    done([{ sCode: "0" }]),
  ],
  [
    "a cancel",
    post("/api/v5/trade/cancel-order", { instId, clOrdId: "mm1x0001" }),
    200,
    done([{ sCode: "0" }]),
  ],
  [
    "two cancels, one of what is gone",
    postList("/api/v5/trade/cancel-batch-orders", [
      { instId, clOrdId: "mm1x0002" },
      { instId, clOrdId: "mm1x0001" },
    ]),
    200,
    { code: "2", data: [{ sCode: "0" }, { sCode: "51400" }] },
  ],
  [
    "a trade",
    post("/api/v5/trade/order", { ...bid, ordType: "ioc", px: "90000" }),
    200,
    done([{ sCode: "0" }]),
  ],
  ["own trades", get("/api/v5/trade/fills-history", { instId, instType: "SPOT" }), 200, done(some)],
  [
    "a countdown",
    post("/api/v5/trade/cancel-all-after", { timeOut: 10 }),
    200,
    done([{ triggerTime: text }]),
  ],
  ["a clock that is late", { ...get("/api/v5/account/balance"), offByMs: -60_000 }, 401, { code: "50102" }],
  ["what the venue does not know", unsigned(get("/api/v5/nothing")), 404, { code: "404" }],
];
