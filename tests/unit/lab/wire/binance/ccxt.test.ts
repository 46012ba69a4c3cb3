/** Unmodified ccxt.pro against the front-end over real sockets: every call that a desk makes of this venue. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveBinance } from "./served.ts";
import type { Binance, ServedBinance } from "./served.ts";

const SYMBOL = "BTC/USDT";

let served: ServedBinance;
let client: Binance;

beforeAll(async () => {
  served = await serveBinance();
  client = await served.client();
  await client.loadMarkets();
  quiet();
});

afterAll(() => served.close());

/** Others quote 59,990.00 and 60,010.00, 1 BTC on each side and more behind; what was taken before is there again. */
function quiet(): void {
  served.market({ kind: "snapshot", instrument: 0, bids: [], asks: [] });
  served.market({
    kind: "snapshot",
    instrument: 0,
    bids: [5_999_000, 100_000, 5_998_000, 200_000],
    asks: [6_001_000, 100_000, 6_002_000, 200_000],
  });
}

describe("markets and account over REST", () => {
  it("loads markets with filters, types and precision", () => {
    const market = client.market(SYMBOL);
    expect(market).toMatchObject({ id: "BTCUSDT", spot: true, active: true });
    expect(market.precision).toMatchObject({ price: 0.01, amount: 0.00001 });
    expect(market.limits.cost?.min).toBe(5);
  });

  it("loads currencies and margin pairs with the options that ccxt has by itself", async () => {
    const other = await served.client({ fetchCurrencies: true, fetchMargins: true });
    const markets = await other.loadMarkets();
    expect(Object.keys(markets)).toEqual([SYMBOL]);
    expect(other.currencies["BTC"]).toMatchObject({ active: true, deposit: true, withdraw: true });
  });

  it("tells time, status, balance, fees, order book, trades and tickers", async () => {
    const earliestMs = Math.floor(served.core.nowUs() / 1_000);
    const toldMs = (await client.fetchTime()) as number;
    expect(toldMs).toBeGreaterThanOrEqual(earliestMs);
    expect(toldMs).toBeLessThanOrEqual(served.core.nowUs() / 1_000);
    expect(await client.fetchStatus()).toMatchObject({ status: "ok" });
    const balance = await client.fetchBalance();
    expect(balance["BTC"]).toEqual({ free: 100, used: 0, total: 100 });
    expect((await client.fetchTradingFees())[SYMBOL]).toMatchObject({ maker: 0.001, taker: 0.001 });
    expect(await client.fetchTradingFee(SYMBOL)).toMatchObject({ maker: 0.001 });
    expect((await client.fetchOrderBook(SYMBOL)).bids[0]).toEqual([59_990, 1]);
    served.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 100 });
    expect((await client.fetchTrades(SYMBOL)).at(-1)).toMatchObject({
      side: "buy",
      price: 60_010,
      amount: 0.001,
    });
    expect(await client.fetchTicker(SYMBOL)).toMatchObject({ bid: 59_990, last: 60_010 });
    expect(await client.fetchBidsAsks([SYMBOL])).toHaveProperty([SYMBOL, "ask"], 60_010);
    quiet();
  });

  it("tells deposits and withdrawals, and what the key may do", async () => {
    const [deposit] = await client.fetchDeposits("BTC");
    expect(deposit).toMatchObject({ currency: "BTC", amount: 100, status: "ok", type: "deposit" });
    expect(await client.fetchWithdrawals("BTC")).toEqual([]);
    const restrictions = (await client.sapiGetAccountApiRestrictions()) as Record<string, unknown>;
    expect(restrictions["enableWithdrawals"]).toBe(false);
  });
});

describe("orders over REST", () => {
  it("places post-only with the exact texts, finds it by either id, and cancels it", async () => {
    const params = { postOnly: true, clientOrderId: "m001", selfTradePrevention: "EXPIRE_TAKER" };
    const order = await client.createOrder(SYMBOL, "limit", "buy", ...exact("0.01000", "59000.01"), params);
    expect(order).toMatchObject({ clientOrderId: "m001", status: "open", postOnly: true, price: 59_000.01 });
    expect(order.info).toMatchObject({
      price: "59000.01000000",
      origQty: "0.01000000",
      selfTradePreventionMode: "EXPIRE_TAKER",
      fills: [],
    });
    expect((await client.fetchOpenOrders(SYMBOL)).map((o) => o.clientOrderId)).toEqual(["m001"]);
    expect(await client.fetchOrder(idOf(order), SYMBOL)).toMatchObject({ clientOrderId: "m001", filled: 0 });
    const found = await client.fetchOrder("", SYMBOL, { clientOrderId: "m001" });
    expect(found.id).toBe(order.id);
    const canceled = await client.cancelOrder("", SYMBOL, { clientOrderId: "m001" });
    expect(canceled).toMatchObject({ id: order.id, status: "canceled" });
    await expect(client.cancelOrder(idOf(order), SYMBOL)).rejects.toThrow("Unknown order sent.");
  });

  it("fills an IOC order up to its price, with its fees, and keeps the fills as trades", async () => {
    const params = { timeInForce: "IOC", clientOrderId: "t001" };
    const order = await client.createOrder(SYMBOL, "limit", "buy", ...exact("1.50000", "60010.00"), params);
    expect(order).toMatchObject({ status: "expired", filled: 1, cost: 60_010, average: 60_010 });
    expect((order as { fees?: unknown }).fees).toEqual([{ currency: "USDT", cost: 60.01 }]);
    const [trade] = await client.fetchMyTrades(SYMBOL);
    expect(trade).toMatchObject({ order: order.id, takerOrMaker: "taker", price: 60_010, amount: 1 });
    const next = { fromId: Number(trade?.id) + 1 };
    expect(await client.fetchMyTrades(SYMBOL, undefined, undefined, next)).toEqual([]);
    quiet();
  });

  it("fills a market order", async () => {
    const order = await client.createOrder(SYMBOL, "market", "sell", 0.5);
    expect(order).toMatchObject({ type: "market", status: "closed", filled: 0.5, average: 59_990 });
    quiet();
  });

  it("edits by cancel and new order, which gets its own id", async () => {
    const first = await client.createOrder(SYMBOL, "limit", "buy", 0.01, 59_000, {
      clientOrderId: "e001",
      postOnly: true,
    });
    const edited = await client.editOrder(idOf(first), SYMBOL, "limit", "buy", 0.02, 59_001, {
      clientOrderId: "e002",
      postOnly: true,
    });
    expect(edited).toMatchObject({ clientOrderId: "e002", status: "open", price: 59_001, amount: 0.02 });
    expect(edited.id).not.toBe(first.id);
    expect(await client.fetchOrder(idOf(first), SYMBOL)).toMatchObject({ status: "canceled" });
    await client.createOrder(SYMBOL, "limit", "sell", 0.01, 61_000);
    const canceled = await client.cancelAllOrders(SYMBOL);
    expect(canceled).toHaveLength(2);
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([]);
    expect((await client.fetchOrders(SYMBOL)).at(-1)).toMatchObject({ status: "canceled", side: "sell" });
  });
});

describe("errors as ccxt takes them", () => {
  const cases: readonly {
    readonly name: string;
    readonly call: () => Promise<unknown>;
    readonly error: string;
    readonly message: string;
  }[] = [
    {
      name: "post-only that would take",
      call: () => client.createOrder(SYMBOL, "limit", "buy", 0.01, 60_010, { postOnly: true }),
      error: "OrderImmediatelyFillable",
      message: "Order would immediately match and take.",
    },
    {
      name: "too little money",
      call: () => client.createOrder(SYMBOL, "limit", "buy", 100, 59_000),
      error: "InsufficientFunds",
      message: "Account has insufficient balance for requested action.",
    },
    {
      name: "below the smallest value",
      call: () => client.createOrder(SYMBOL, "limit", "buy", 0.00001, 59_000),
      error: "BadRequest",
      message: "Filter failure: NOTIONAL",
    },
    {
      name: "an unknown order",
      call: () => client.fetchOrder("999999", SYMBOL),
      error: "OrderNotFound",
      message: "Order does not exist.",
    },
    {
      name: "nothing to cancel",
      call: () => client.cancelAllOrders(SYMBOL),
      error: "OrderNotFound",
      message: "Unknown order sent.",
    },
  ];
  it.each(cases)("$name: $error", async ({ call, error, message }) => {
    const failure = await call().then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(failure?.constructor.name).toBe(error);
    expect(failure?.message).toContain(message);
  });

  it("refuses a wrong secret, a wrong key and a clock that is off", async () => {
    const forged = await served.client({}, { apiKey: "deskKey", secret: "guessed" });
    await expect(forged.fetchBalance()).rejects.toMatchObject({ name: "AuthenticationError" });
    const stranger = await served.client({}, { apiKey: "strangerKey", secret: "guessed" });
    await expect(stranger.fetchBalance()).rejects.toThrow("-2015");
    const late = await served.client();
    late.nonce = () => Date.now() - 5_000;
    await expect(late.fetchBalance()).rejects.toThrow("outside of the recvWindow");
    late.nonce = () => Date.now() + 5_000;
    await expect(late.fetchBalance()).rejects.toMatchObject({ name: "InvalidNonce" });
  });
});

describe("WebSocket API and user stream", () => {
  it("places, edits and cancels on the socket that tells of orders, fills and balances", async () => {
    const own = await served.client();
    await own.loadMarkets();
    await own.authenticate({ type: "spot" });
    const balance = own.watchBalance();
    const orders = own.watchOrders(SYMBOL);
    const placed = await own.createOrderWs(SYMBOL, "limit", "buy", ...exact("0.01000", "59000.00"), {
      clientOrderId: "w001",
      postOnly: true,
    });
    expect(placed).toMatchObject({ clientOrderId: "w001", status: "open" });
    expect(await orders).toMatchObject([{ clientOrderId: "w001", status: "open", id: placed.id }]);
    expect((await balance)["USDT"]).toMatchObject({ used: 590.59 });

    const edited = await own.editOrderWs(idOf(placed), SYMBOL, "limit", "buy", 0.02, 59_001, {
      clientOrderId: "w002",
      postOnly: true,
    });
    expect(edited).toMatchObject({ clientOrderId: "w002", amount: 0.02 });
    expect(
      own.orders?.map((o: { clientOrderId: string; status: string }) => [o.clientOrderId, o.status]),
    ).toEqual([
      ["w001", "canceled"],
      ["w002", "open"],
    ]);
    expect(await own.cancelOrderWs(idOf(edited), SYMBOL)).toMatchObject({ status: "canceled" });
    await own.createOrderWs(SYMBOL, "limit", "sell", 0.01, 61_000, { clientOrderId: "w003" });
    const canceled = await own.cancelOrderWs("", SYMBOL, { clientOrderId: "w003" });
    expect(canceled).toMatchObject({ status: "canceled" });
    await own.createOrderWs(SYMBOL, "limit", "sell", 0.01, 61_000, { clientOrderId: "w004" });
    expect(await own.cancelAllOrdersWs(SYMBOL)).toHaveLength(1);
    await expect(own.cancelAllOrdersWs(SYMBOL)).rejects.toMatchObject({ name: "OrderNotFound" });
  });

  it("tells every fill of own orders", async () => {
    const own = await served.client({ newUpdates: true });
    await own.loadMarkets();
    await own.authenticate({ type: "spot" });
    const first = own.watchMyTrades(SYMBOL);
    await own.createOrderWs(SYMBOL, "limit", "buy", 0.1, 60_005, { clientOrderId: "f001", postOnly: true });
    served.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 4_000 });
    expect(await first).toMatchObject([
      { amount: 0.04, price: 60_005, takerOrMaker: "maker", side: "buy", fee: { currency: "USDT" } },
    ]);
    const second = own.watchMyTrades(SYMBOL);
    served.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 6_000 });
    expect(await second).toMatchObject([{ amount: 0.06 }]);
    const rest = await client.fetchMyTrades(SYMBOL, undefined, 2);
    expect(rest.map(({ id }) => id)).toEqual(own.myTrades?.map(({ id }: { id: string }) => id));
    quiet();
  });
});

describe("market streams", () => {
  it("keeps a book equal to the venue's through hundreds of changes, and after a gap", async () => {
    const own = await served.client({ ws: { cost: 0 } });
    await own.loadMarkets();
    await own.watchOrderBook(SYMBOL);
    for (let n = 0; n < 400; n++) {
      const shift = (n * 37) % 50;
      served.market({
        kind: "delta",
        instrument: 0,
        bids: [5_999_000 - shift, (n * 7) % 900, 5_998_900 - shift, 1_000 + n],
        asks: [6_001_000 + shift, (n * 11) % 900, 6_001_100 + shift, 1_000 + n],
      });
      if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expect.poll(() => levels(own), { timeout: 15_000 }).toEqual(venueLevels());

    const broken = own.watchOrderBook(SYMBOL);
    served.front.fault({ kind: "gap", instrument: 0 });
    let size = 100;
    const failure = await during(broken, () =>
      served.market({ kind: "delta", instrument: 0, bids: [5_999_500, size++], asks: [] }),
    ).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "ChecksumError" });
    await own.close();
    await own.watchOrderBook(SYMBOL);
    served.market({ kind: "delta", instrument: 0, bids: [5_999_700, 79], asks: [] });
    await expect.poll(() => levels(own), { timeout: 15_000 }).toEqual(venueLevels());
    quiet();
  });

  it("tells trades and tickers as they happen", async () => {
    const own = await served.client();
    await own.loadMarkets();
    const trades = own.watchTrades(SYMBOL);
    const ticker = own.watchTicker(SYMBOL);
    const best = own.watchBidsAsks([SYMBOL]);
    await during(Promise.all([trades, ticker, best]), () =>
      served.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 250 }),
    );
    expect(await trades).toMatchObject([{ side: "sell", price: 59_990, amount: 0.0025 }]);
    expect(await best).toHaveProperty([SYMBOL, "bid"], 59_990);
    expect(await ticker).toMatchObject({ last: 59_990 });
    quiet();
  });
});

const AGAIN_MS = 20;

/** Repeats what may come before the venue listens, until the outcome is there. */
async function during<T>(outcome: Promise<T>, repeat: () => void): Promise<T> {
  const timer = setInterval(repeat, AGAIN_MS);
  try {
    return await outcome;
  } finally {
    clearInterval(timer);
  }
}

/** ccxt's types know numbers only; it sends texts as they are. */
function exact(amount: string, price: string): [number, number] {
  return [amount, price] as unknown as [number, number];
}

function idOf({ id }: { readonly id?: string | undefined }): string {
  if (id === undefined) throw new Error("an order without an id");
  return id;
}

type Levels = readonly [bids: readonly number[][], asks: readonly number[][]];

function levels(own: Binance): Levels {
  const book = own.orderbooks[SYMBOL];
  return [book?.bids.slice() ?? [], book?.asks.slice() ?? []] as Levels;
}

function venueLevels(): Levels {
  const { bids, asks } = served.core.book(0);
  return [pairs(bids), pairs(asks)];
}

function pairs(flat: readonly number[]): number[][] {
  const found: number[][] = [];
  for (let i = 0; i < flat.length; i += 2)
    found.push([(flat[i] as number) / 100, (flat[i + 1] as number) / 100_000]);
  return found;
}
