import ccxt from "ccxt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { randomStream } from "../../../../../server/lab/random.ts";
import { eventually } from "../../../../support/eventually.ts";
import { serveOkx } from "./served.ts";
import type { Okx, ServedOkx } from "./served.ts";

const SYMBOL = "BTC/USDT";
/** 60,000.0 in ticks. */
const MID = 600_000;

/** ccxt says that an id may be missing; one of an order that was placed is not. */
function idOf({ id }: { readonly id?: string | undefined }): string {
  if (id === undefined) throw new Error("an order without an id");
  return id;
}

let served: ServedOkx;
let client: Okx;

beforeEach(async () => {
  served = await serveOkx();
  served.market({ kind: "snapshot", instrument: 0, bids: [MID - 1, 100_000], asks: [MID + 1, 100_000] });
  client = await served.client();
  await client.loadMarkets();
});

afterEach(() => served.close());

/** Polls what another thread of events brings about. */
async function until(condition: () => boolean): Promise<void> {
  await eventually(() => expect(condition()).toBe(true), { interval: 10 });
}

function take(side: "buy" | "sell", sizeLots: number, limitTicks: number): void {
  served.market({ kind: "take", instrument: 0, side, sizeLots, limitTicks });
}

describe("ccxt over REST", () => {
  it("loads the market, the time, the fees and the balance", async () => {
    const market = client.market(SYMBOL);
    expect(market).toMatchObject({
      id: "BTC-USDT",
      active: true,
      spot: true,
      instIdCode: 10_000,
      precision: { price: 0.1, amount: 0.00001 },
      limits: { amount: { min: 0.00001 } },
    });
    expect(Math.abs(((await client.fetchTime()) ?? 0) - Date.now())).toBeLessThan(5_000);
    expect(await client.fetchTradingFee(SYMBOL)).toMatchObject({ maker: 0.0008, taker: 0.001 });
    expect(await client.fetchStatus()).toMatchObject({ status: "ok" });
    await client.createOrder(SYMBOL, "limit", "buy", 0.01, 50_000);
    const balance = await client.fetchBalance();
    expect(balance["BTC"]).toEqual({ free: 100, used: 0, total: 100 });
    // 500 and the fee on it are set aside.
    expect(balance["USDT"]).toEqual({ free: 999_499.6, used: 500.4, total: 1_000_000 });
  });

  it("sends exact texts, and orders of each kind", async () => {
    client.number = String as unknown as Okx["number"];
    const quote = await client.createOrder(SYMBOL, "limit", "buy", "0.01000" as never, "59999.9" as never, {
      clientOrderId: "abc1",
      postOnly: true,
      stpMode: "cancel_taker",
    });
    expect(quote).toMatchObject({ clientOrderId: "abc1" });
    const fetched = await client.fetchOrder(idOf(quote), SYMBOL);
    expect(fetched).toMatchObject({
      id: quote.id,
      clientOrderId: "abc1",
      status: "open",
      postOnly: true,
      price: "59999.9",
      amount: "0.01",
      filled: "0",
    });
    expect(fetched.info).toMatchObject({ ordType: "post_only", stpMode: "cancel_taker", tdMode: "cash" });
    const hedge = await client.createOrder(SYMBOL, "limit", "sell", 0.5, 59_999.9, { timeInForce: "IOC" });
    expect(await client.fetchOrder(idOf(hedge), SYMBOL)).toMatchObject({
      status: "closed",
      filled: "0.5",
      average: "59999.9",
    });
    const rejected = await client.createOrder(SYMBOL, "limit", "buy", 0.01, 60_000.1, { postOnly: true });
    expect(await client.fetchOrder(idOf(rejected), SYMBOL)).toMatchObject({
      status: "canceled",
      filled: "0",
    });
  });

  it("places many, of which some fail", async () => {
    const order = { symbol: SYMBOL, type: "limit", side: "buy", amount: 0.01 } as const;
    const placed = await client.createOrders([
      { ...order, price: 50_000, params: { clientOrderId: "a" } },
      { ...order, amount: 1_000, price: 50_000, params: { clientOrderId: "b" } },
      { ...order, price: 51_000, params: { clientOrderId: "c" } },
    ]);
    expect(placed.map(({ clientOrderId, status }) => ({ clientOrderId, status }))).toEqual([
      { clientOrderId: "a", status: undefined },
      { clientOrderId: "b", status: "rejected" },
      { clientOrderId: "c", status: undefined },
    ]);
    expect(placed[1]?.info).toMatchObject({ sCode: "51008" });
    const open = await client.fetchOpenOrders(SYMBOL);
    expect(new Set(open.map(({ clientOrderId }) => clientOrderId))).toEqual(new Set(["a", "c"]));
    await client.cancelOrders(open.map(idOf), SYMBOL);
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([]);
  });

  it("amends in place and cancels by either id", async () => {
    const id = idOf(await client.createOrder(SYMBOL, "limit", "buy", 0.01, 50_000, { clientOrderId: "a" }));
    const edited = await client.editOrder(id, SYMBOL, "limit", "buy", 0.02, 50_001);
    expect(edited.id).toBe(id);
    expect(await client.fetchOrder("", SYMBOL, { clientOrderId: "a" })).toMatchObject({
      id,
      price: 50_001,
      amount: 0.02,
    });
    await client.cancelOrder(id, SYMBOL);
    await client.createOrder(SYMBOL, "limit", "buy", 0.01, 50_000, { clientOrderId: "b" });
    await client.cancelOrder("", SYMBOL, { clientOrderId: "b" });
    expect(served.core.openOrders(0)).toEqual([]);
    await expect(client.cancelOrder(id, SYMBOL)).rejects.toBeInstanceOf(ccxt.OrderNotFound);
    await expect(client.fetchOrder("12345", SYMBOL)).rejects.toBeInstanceOf(ccxt.OrderNotFound);
  });

  it("pages through own trades, newest first, with fees above 0 for what is paid", async () => {
    await client.createOrder(SYMBOL, "limit", "buy", 0.05, 60_000);
    for (let i = 0; i < 5; i++) take("sell", 1_000, MID);
    const trades = await client.fetchMyTrades(SYMBOL);
    expect(trades).toHaveLength(5);
    expect(trades.every(({ takerOrMaker, amount }) => takerOrMaker === "maker" && amount === 0.01)).toBe(
      true,
    );
    expect(trades[0]?.fee).toEqual({ cost: 0.48, currency: "USDT" });
    const first = await client.fetchMyTrades(SYMBOL, undefined, 2);
    const older = await client.fetchMyTrades(SYMBOL, undefined, 100, {
      after: (first[0]?.info as { billId: string } | undefined)?.billId,
    });
    expect([...older, ...first].map(({ id }) => id)).toEqual(["1", "2", "3", "4", "5"]);
    expect(
      await client.fetchMyTrades(SYMBOL, undefined, undefined, { begin: String(Date.now() + 60_000) }),
    ).toEqual([]);
  });

  it("sets and ends the countdown", async () => {
    await client.createOrder(SYMBOL, "limit", "buy", 0.01, 50_000);
    const pass = (seconds: number): void => {
      for (let i = 0; i < seconds; i++) {
        served.moveClock(1_000);
        served.front.tick();
      }
    };
    await client.cancelAllOrdersAfter(10_000);
    pass(8);
    await client.cancelAllOrdersAfter(10_000);
    pass(8);
    expect(served.core.openOrders(0)).toHaveLength(1);
    pass(3);
    expect(served.core.openOrders(0)).toEqual([]);
  });

  it("reads deposits, withdrawals and the ledger, which is the balance", async () => {
    expect(await client.fetchDeposits("USDT")).toMatchObject([
      { currency: "USDT", amount: 1_000_000, status: "ok" },
    ]);
    served.core.requestWithdrawal(0, "USDT", 100n * 10n ** 8n);
    expect(await client.fetchWithdrawals("USDT")).toMatchObject([
      { currency: "USDT", amount: 100, status: "pending" },
    ]);
    await client.createOrder(SYMBOL, "limit", "buy", 0.5, 60_000.1, { timeInForce: "IOC" });
    const entries = await client.fetchLedger();
    const sum = entries
      .filter(({ currency }) => currency === "USDT")
      .reduce((total, { amount = 0 }) => total + amount, 0);
    const balance = await client.fetchBalance();
    expect(sum).toBeCloseTo(balance["USDT"]?.total ?? NaN, 6);
  });

  const refusals: {
    name: string;
    order: readonly [number, number];
    error: new (...args: never[]) => Error;
  }[] = [
    { name: "too little money", order: [1_000, 50_000], error: ccxt.InsufficientFunds },
    { name: "an id twice", order: [0.01, 50_000], error: ccxt.InvalidOrder },
  ];
  it.each(refusals)("maps $name", async ({ name, order: [amount, price], error }) => {
    const clientOrderId = "same";
    if (name === "an id twice")
      await client.createOrder(SYMBOL, "limit", "buy", 0.01, 50_000, { clientOrderId });
    await expect(
      client.createOrder(SYMBOL, "limit", "buy", amount, price, { clientOrderId }),
    ).rejects.toBeInstanceOf(error);
  });

  it("maps keys, clocks, bans, maintenance and errors of its own", async () => {
    const balance = (from: Okx): Promise<unknown> => from.fetchBalance();
    const stranger = await served.client({ apiKey: "x", secret: "y", passphrase: "z" });
    stranger.setMarkets(client.markets);
    await expect(balance(stranger)).rejects.toBeInstanceOf(ccxt.AuthenticationError);
    served.moveClock(31_000);
    await expect(balance(client)).rejects.toBeInstanceOf(ccxt.InvalidNonce);
    served.moveClock(-31_000);
    served.front.fault({ kind: "internalError" });
    await expect(client.createOrder(SYMBOL, "limit", "buy", 0.01, 50_000)).rejects.toBeInstanceOf(
      ccxt.ExchangeNotAvailable,
    );
    expect(served.core.openOrders(0)).toHaveLength(1);
    served.front.fault({ kind: "ban", forMs: 60_000 });
    await expect(balance(client)).rejects.toBeInstanceOf(ccxt.RateLimitExceeded);
    served.front.fault({ kind: "ban", forMs: 0 });
    served.front.fault({ kind: "maintenance", forMs: 60_000 });
    await expect(balance(client)).rejects.toBeInstanceOf(ccxt.OnMaintenance);
    expect(await client.fetchStatus()).toMatchObject({ status: "maintenance" });
  });
});

describe("ccxt.pro over sockets", () => {
  it("keeps the core's book through hundreds of changes, and after a gap", async () => {
    const random = randomStream(3, "ccxt book");
    let errors = 0;
    let isDone = false;
    const watching = (async () => {
      while (!isDone)
        try {
          await client.watchOrderBook(SYMBOL);
        } catch {
          errors++;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
    })();
    const stir = (): void => {
      const levels = (direction: 1 | -1): number[] =>
        Array.from({ length: 12 }, (_, at) => at + 1).flatMap((offset) =>
          random.uniform() < 0.5
            ? [MID + direction * offset, random.uniform() < 0.3 ? 0 : 1 + Math.floor(random.uniform() * 1e5)]
            : [],
        );
      served.market({ kind: "delta", instrument: 0, bids: levels(-1), asks: levels(1) });
    };
    const equals = (): boolean => {
      const book = client.orderbooks[SYMBOL] as { bids: number[][]; asks: number[][] } | undefined;
      if (book === undefined) return false;
      const { bids, asks } = served.core.book(0);
      const flat = (levels: readonly (readonly number[])[]): number[] =>
        levels.flatMap(([price = 0, size = 0]) => [Math.round(price * 10), Math.round(size * 1e5)]);
      return flat(book.bids).join() === bids.join() && flat(book.asks).join() === asks.join();
    };
    for (let i = 0; i < 300; i++) {
      stir();
      if (i % 30 === 0) await new Promise((resolve) => setTimeout(resolve, 12));
    }
    await until(equals);
    expect(errors).toBe(0);
    served.front.fault({ kind: "gap", instrument: 0 });
    for (let i = 0; i < 5 || errors === 0; i++) {
      stir();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await until(equals);
    isDone = true;
    stir();
    await watching;
  });

  it("places, amends and cancels, by either id", async () => {
    const placed = await client.createOrderWs(SYMBOL, "limit", "buy", 0.01, 50_000, {
      clientOrderId: "a",
      postOnly: true,
    });
    expect(placed).toMatchObject({ clientOrderId: "a" });
    expect(served.core.openOrders(0)).toMatchObject([{ venueOrderId: placed.id, timeInForce: "POST_ONLY" }]);
    const edited = await client.editOrderWs(idOf(placed), SYMBOL, "limit", "buy", 0.02, 50_001, {
      expTime: String(Date.now() + 30_000),
    });
    expect(edited.id).toBe(placed.id);
    expect(served.core.openOrders(0)).toMatchObject([{ sizeLots: 2_000, priceTicks: 500_010 }]);
    expect(await client.cancelOrderWs(idOf(placed), SYMBOL)).toMatchObject({ id: placed.id });
    await client.createOrderWs(SYMBOL, "limit", "buy", 0.01, 50_000, { clientOrderId: "b" });
    await client.cancelOrderWs("", SYMBOL, { clientOrderId: "b" });
    expect(served.core.openOrders(0)).toEqual([]);
    // The class that ccxt makes of it does not tell: the code is in the text.
    await expect(client.cancelOrderWs("b", SYMBOL)).rejects.toThrow("51400");
    await expect(client.createOrderWs(SYMBOL, "limit", "buy", 1_000, 50_000)).rejects.toThrow("51008");
  });

  it("cancels many, although ccxt never hears the answer", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++)
      ids.push(idOf(await client.createOrder(SYMBOL, "limit", "buy", 0.01, 50_000 + i)));
    // ccxt 4.5.84 has no handler for the answer to batch-cancel-orders: the call is pending until the socket closes.
    let isAnswered = false;
    const pending = client.cancelOrdersWs(ids, SYMBOL).then(
      () => (isAnswered = true),
      () => undefined,
    );
    await until(() => served.core.openOrders(0).length === 0);
    expect(isAnswered).toBe(false);
    await client.close();
    await pending;
  });

  it("tells trades, own orders, own trades and balances", async () => {
    const trades = client.watchTrades(SYMBOL);
    const orders = client.watchOrders(SYMBOL);
    const myTrades = client.watchMyTrades(SYMBOL);
    const balance = client.watchBalance();
    expect((await balance)["USDT"]).toMatchObject({ total: 1_000_000 });
    // Asked for after the trades and on the same socket: when it is here they are subscribed.
    await client.watchTicker(SYMBOL);
    const { id } = await client.createOrder(SYMBOL, "limit", "buy", 0.01, 60_000, { clientOrderId: "own" });
    expect(await orders).toMatchObject([{ id, clientOrderId: "own", status: "open", symbol: SYMBOL }]);
    const filled = client.watchOrders(SYMBOL);
    const changed = client.watchBalance();
    take("sell", 1_000, MID);
    expect(await trades).toMatchObject([{ price: 60_000, amount: 0.01, side: "sell" }]);
    expect(await filled).toMatchObject([{ id, status: "closed", filled: 0.01 }]);
    // The venue's sign: ccxt does not turn it round here.
    expect(await myTrades).toMatchObject([
      {
        id: "1",
        order: id,
        takerOrMaker: "maker",
        price: 60_000,
        amount: 0.01,
        fee: { cost: -0.48, currency: "USDT" },
      },
    ]);
    await changed;
    await until(() => (client.balance as Record<string, { total?: number }>)["BTC"]?.total === 100.01);
  });

  it("serves the other books to anyone, and those of higher fee tiers to nobody", async () => {
    await expect(client.watchOrderBook(SYMBOL, 50)).rejects.toThrow("64003");
    const plain = await served.client();
    await plain.loadMarkets();
    expect((await plain.watchOrderBook(SYMBOL, 5)).asks[0]?.slice(0, 2)).toEqual([60_000.1, 1]);
    expect((await plain.watchOrderBook(SYMBOL, 1)).asks[0]?.slice(0, 2)).toEqual([60_000.1, 1]);
    expect(await plain.watchTicker(SYMBOL)).toMatchObject({ bid: 59_999.9, ask: 60_000.1 });
  });
});
