/** Unmodified ccxt.pro against the front-end over real sockets: every call that a desk makes of this venue. */
import ccxt from "ccxt";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rfc3339 } from "../../../../../server/lab/wire/kraken/time.ts";
import { serveKraken, SYMBOL } from "./served.ts";
import type { Kraken, ServedKraken } from "./served.ts";

let served: ServedKraken;
let client: Kraken;

beforeAll(async () => {
  served = await serveKraken();
  quiet();
  client = await served.client();
});

afterAll(() => served.close());

beforeEach(() => {
  served.core.cancelAll(0);
  quiet();
});

/** Others quote 59,990.0 and 60,010.0, 1 BTC on each side and 2 behind; what was taken before is there again. */
function quiet(): void {
  served.market({ kind: "snapshot", instrument: 0, bids: [], asks: [] });
  served.market({
    kind: "snapshot",
    instrument: 0,
    bids: [599_900, 100_000, 599_800, 200_000],
    asks: [600_100, 100_000, 600_200, 200_000],
  });
}

/** ccxt types prices and sizes as numbers and takes exact texts. */
const exact = (text: string): number => text as unknown as number;

const open = (): string[] => served.core.openOrders(0).map(({ clientId }) => clientId);

const take = (side: "buy" | "sell", sizeLots: number): void =>
  served.market({ kind: "take", instrument: 0, side, sizeLots });

/** ccxt says that an order may have no id. */
const idOf = async (placed: Promise<{ id?: unknown }>): Promise<string> => String((await placed).id);

/** An order to buy that rests, and its txid. */
async function resting(clientOrderId: string, price = 59_000): Promise<string> {
  return idOf(client.createOrder(SYMBOL, "limit", "buy", 0.01, price, { postOnly: true, clientOrderId }));
}

/** What the stream of a watch gives until it has what is waited for. */
async function until<T>(watch: () => Promise<T>, isIt: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await watch();
    if (isIt(value)) return value;
  }
}

describe("markets and account", () => {
  it("loads the market under its unified name", () => {
    const market = client.market(SYMBOL);
    expect(market).toMatchObject({
      id: "XXBTZUSD",
      base: "BTC",
      quote: "USD",
      active: true,
      maker: 0.0025,
      taker: 0.004,
    });
    expect(market.precision).toMatchObject({ price: 0.1, amount: 0.00001 });
    expect(market.limits).toMatchObject({ amount: { min: 0.00005 }, cost: { min: 0.5 } });
    expect(Object.keys(client.currencies)).toEqual(expect.arrayContaining(["BTC", "USD"]));
  });

  it("tells time, status, fees, balance, book and ticker", async () => {
    // It tells whole seconds.
    const earliestMs = Math.floor(served.core.nowUs() / 1_000_000) * 1_000;
    const toldMs = (await client.fetchTime()) as number;
    expect(toldMs).toBeGreaterThanOrEqual(earliestMs);
    expect(toldMs).toBeLessThanOrEqual(served.core.nowUs() / 1_000);
    expect(await client.fetchStatus()).toMatchObject({ status: "ok" });
    expect(await client.fetchTradingFee(SYMBOL)).toMatchObject({ maker: 0.0025, taker: 0.004 });
    await resting("bal1", 50_000);
    const { BTC, USD } = (await client.fetchBalance()) as unknown as Record<string, Record<string, number>>;
    expect(BTC?.["used"]).toBe(0);
    expect(USD?.["used"]).toBeCloseTo(501.25, 6);
    expect((await client.fetchOrderBook(SYMBOL)).bids[0]?.slice(0, 2)).toEqual([59_990, 1]);
    expect(await client.fetchTicker(SYMBOL)).toMatchObject({ bid: 59_990, ask: 60_010 });
    take("buy", 100);
    expect((await client.fetchTrades(SYMBOL)).at(-1)).toMatchObject({
      side: "buy",
      price: 60_010,
      amount: 0.001,
    });
  });

  it("tells the ledger and deposits", async () => {
    expect((await client.fetchLedger("BTC"))[0]).toMatchObject({
      currency: "BTC",
      amount: 100,
      direction: "in",
    });
    expect(await client.fetchDeposits("USD")).toMatchObject([
      { currency: "USD", amount: 1_000_000, status: "ok" },
    ]);
    expect(await client.fetchWithdrawals("BTC")).toEqual([]);
  });

  it("shows whether a key may withdraw", async () => {
    const permissionsOf = async (kraken: Kraken): Promise<unknown> =>
      ((await kraken.privatePostGetApiKeyInfo()) as KeyInfo).result.permissions;
    expect(await permissionsOf(client)).not.toContain("withdraw-funds");
    expect(await permissionsOf(await served.client("guard"))).toContain("withdraw-funds");
  });
});

interface KeyInfo {
  readonly result: { readonly permissions: string[] };
}

describe("orders over REST", () => {
  it("places post-only with the exact texts, finds it by its id, and cancels it by either", async () => {
    const params = {
      postOnly: true,
      clientOrderId: "m001",
      deadline: rfc3339(Date.now() * 1_000 + 30_000_000),
    };
    const id = await idOf(
      client.createOrder(SYMBOL, "limit", "buy", exact("0.01000"), exact("59000.1"), params),
    );
    expect(await client.fetchOpenOrders(SYMBOL)).toMatchObject([
      { id, clientOrderId: "m001", status: "open", postOnly: true, price: 59_000.1, amount: 0.01, filled: 0 },
    ]);
    expect((await client.fetchOrder(id, SYMBOL)).info).toMatchObject({
      vol: "0.01000",
      descr: { price: "59000.1" },
    });
    await client.cancelOrder(id, SYMBOL);
    expect(await client.fetchOrder(id, SYMBOL)).toMatchObject({ status: "canceled" });
    await expect(client.cancelOrder(id, SYMBOL)).rejects.toThrow(ccxt.OrderNotFound);
    await resting("m002");
    await client.cancelOrder("", SYMBOL, { clientOrderId: "m002" });
    expect(open()).toEqual([]);
  });

  it("takes with IOC, and tells the trade with its fee", async () => {
    const id = await idOf(
      client.createOrder(SYMBOL, "limit", "buy", 1.5, 60_010, {
        timeInForce: "IOC",
        clientOrderId: "h1",
      }),
    );
    expect(await client.fetchOrder(id, SYMBOL)).toMatchObject({
      status: "expired",
      filled: 1,
      average: 60_010,
      amount: 1.5,
    });
    expect((await client.fetchMyTrades(SYMBOL)).at(-1)).toMatchObject({
      order: id,
      side: "buy",
      takerOrMaker: "taker",
      price: 60_010,
      amount: 1,
      fee: { cost: 240.04, currency: "USD" },
    });
  });

  it("amends in place under the same id", async () => {
    const id = await resting("m003");
    await client.editOrder(id, SYMBOL, "limit", "buy", 0.02, 59_001.5);
    expect(await client.fetchOpenOrders(SYMBOL)).toMatchObject([
      { id, clientOrderId: "m003", amount: 0.02, price: 59_001.5 },
    ]);
  });

  it("places and cancels batches, and everything of the account", async () => {
    const terms = { symbol: SYMBOL, type: "limit", side: "buy", amount: 0.01 } as const;
    const placed = await client.createOrders([
      { ...terms, price: 59_000 },
      { ...terms, price: 58_000 },
      { ...terms, price: 57_000 },
    ]);
    await client.cancelOrders(placed.slice(0, 2).map(({ id }) => String(id)));
    expect(open()).toHaveLength(1);
    await client.cancelAllOrders();
    expect(open()).toEqual([]);
  });

  it("cancels everything by the dead-man's switch unless it is refreshed", async () => {
    const pass = (seconds: number): void => {
      served.moveClock(seconds * 1_000);
      served.front.tick();
    };
    await resting("m004");
    await client.cancelAllOrdersAfter(60_000);
    pass(30);
    await client.cancelAllOrdersAfter(60_000);
    pass(31);
    expect(open()).toEqual(["m004"]);
    pass(29);
    expect(open()).toEqual([]);
    await client.cancelAllOrdersAfter(0);
    pass(-90);
  });

  it.each([
    { name: "too little money", volume: 1_000, price: 59_000, params: {}, error: ccxt.InsufficientFunds },
    {
      name: "too little size",
      volume: exact("0.00001"),
      price: 59_000,
      params: {},
      error: ccxt.InvalidOrder,
    },
    {
      name: "a post-only that takes",
      volume: 1,
      price: 60_010,
      params: { postOnly: true },
      error: ccxt.ExchangeError,
    },
    {
      name: "a passed deadline",
      volume: 1,
      price: 59_000,
      params: { deadline: "2020-01-01T00:00:00Z" },
      error: ccxt.ExchangeError,
    },
    {
      name: "a wrong id",
      volume: 1,
      price: 59_000,
      params: { clientOrderId: "x".repeat(40) },
      error: ccxt.ExchangeError,
    },
  ])("refuses $name in words that ccxt knows", async ({ volume, price, params, error }) => {
    await expect(client.createOrder(SYMBOL, "limit", "buy", volume, price, params)).rejects.toThrow(error);
    expect(open()).toEqual([]);
  });

  it("refuses a nonce that does not rise", async () => {
    const stuck = await served.client("guard");
    await stuck.fetchBalance();
    stuck.nonce = () => 1;
    await expect(stuck.fetchBalance()).rejects.toThrow(ccxt.InvalidNonce);
  });
});

describe("orders on the socket", () => {
  it("are placed, amended and cancelled, one and all", async () => {
    const params = { postOnly: true, clientOrderId: "w001" };
    const id = await idOf(
      client.createOrderWs(SYMBOL, "limit", "buy", exact("0.01000"), exact("59000.1"), params),
    );
    expect(await client.fetchOpenOrders(SYMBOL)).toMatchObject([
      { id, clientOrderId: "w001", price: 59_000.1 },
    ]);
    expect(await client.editOrderWs(id, SYMBOL, "limit", "buy", 0.02, 59_000.5)).toMatchObject({ id });
    expect(await client.fetchOpenOrders(SYMBOL)).toMatchObject([{ id, amount: 0.02, price: 59_000.5 }]);
    await client.cancelOrderWs(id);
    await expect(client.cancelOrderWs(id)).rejects.toThrow(ccxt.OrderNotFound);
    await client.createOrderWs(SYMBOL, "limit", "buy", 0.01, 59_000);
    await client.createOrderWs(SYMBOL, "limit", "buy", 0.01, 59_001);
    await client.cancelAllOrdersWs();
    expect(open()).toEqual([]);
    await expect(client.createOrderWs(SYMBOL, "limit", "buy", 1_000, 59_000)).rejects.toThrow(
      /Insufficient funds/,
    );
  });
});

describe("streams", () => {
  it("keeps a book that equals the venue's after hundreds of changes", async () => {
    const watcher = await served.client();
    const side = (direction: 1 | -1): number[] =>
      Array.from({ length: 40 }, (_, i) => [600_000 + direction * (100 + i), 1_000]).flat();
    // ccxt takes the number of asks in the snapshot for the depth: a thin one would cut its book for good.
    served.market({ kind: "snapshot", instrument: 0, bids: side(-1), asks: side(1) });
    await watcher.watchOrderBook(SYMBOL, 25);
    for (let i = 0; i < 300; i++) {
      const at = (i * 7) % 60;
      const lots = i % 5 === 0 ? 0 : 1_000 + i;
      served.market({ kind: "delta", instrument: 0, bids: [599_900 - at, lots], asks: [600_100 + at, lots] });
    }
    served.market({ kind: "delta", instrument: 0, bids: [599_950, 7], asks: [] });
    const { bids, asks } = served.core.book(0);
    const scaled = (flat: readonly number[]): number[][] =>
      flat
        .flatMap((ticks, i) => (i % 2 === 0 ? [[ticks / 10, (flat[i + 1] as number) / 100_000]] : []))
        .slice(0, 25);
    const book = await until(
      () => watcher.watchOrderBook(SYMBOL, 25),
      (value) => JSON.stringify(value.bids) === JSON.stringify(scaled(bids)),
    );
    expect(book.asks).toEqual(scaled(asks));
  });

  it("tells trades and tickers", async () => {
    const watcher = await served.client();
    const trades = watcher.watchTrades(SYMBOL);
    const ticker = watcher.watchTicker(SYMBOL);
    expect(await ticker).toMatchObject({ bid: 59_990, ask: 60_010 });
    take("sell", 500);
    expect((await trades).at(-1)).toMatchObject({ side: "sell", price: 59_990, amount: 0.005 });
  });

  it("tells orders from acceptance to end", async () => {
    const watcher = await served.client();
    await resting("s000");
    const seen: string[] = [];
    const watching = (async () => {
      for (;;)
        for (const order of await watcher.watchOrders()) {
          const { info, status } = order as { info: Record<string, string>; status: string };
          seen.push(`${info["cl_ord_id"]} ${status}`);
          if (status === "canceled") return;
        }
    })();
    // What rested before is told first: from then on it hears everything.
    await expect.poll(() => seen).toEqual(["s000 open"]);
    await resting("s001");
    await expect.poll(() => seen).toContain("s001 open");
    await client.cancelOrder("", SYMBOL, { clientOrderId: "s001" });
    await watching;
    expect(new Set(seen)).toEqual(new Set(["s000 open", "s001 open", "s001 canceled"]));
  });

  it("tells own trades with fee and liquidity, and those before", async () => {
    const watcher = await served.client();
    const before = await watcher.watchMyTrades(SYMBOL);
    expect(before.length).toBeGreaterThan(0);
    const id = await resting("s002", 60_000);
    take("sell", 400);
    const trades = await until(
      () => watcher.watchMyTrades(SYMBOL),
      (value) => value.some(({ order }) => order === id),
    );
    expect(trades.find(({ order }) => order === id)).toMatchObject({
      side: "buy",
      price: 60_000,
      amount: 0.004,
      takerOrMaker: "maker",
      fee: { cost: 0.6, currency: "USD" },
    });
  });

  it("tells balances and how they change", async () => {
    const watcher = await served.client();
    const first = (await watcher.watchBalance()) as unknown as Record<string, { total: number }>;
    const before = first["BTC"]?.total ?? 0;
    const changed = until(
      () => watcher.watchBalance() as unknown as Promise<Record<string, { total: number }>>,
      (value) => value["BTC"]?.total !== before,
    );
    await client.createOrder(SYMBOL, "limit", "buy", 0.25, 60_010, { timeInForce: "IOC" });
    const balance = await changed;
    expect(balance["BTC"]?.total).toBeCloseTo(before + 0.25, 8);
  });
});
