import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TestSocket } from "../../../../support/wireVenue.ts";
import { binance } from "./venue.ts";
import type { Asked, Body } from "./venue.ts";

function listen(venue: Asked, ...streams: string[]): TestSocket {
  const socket = venue.connect("/ws");
  if (socket === undefined) throw new Error("no stream is served");
  socket.send({ method: "SUBSCRIBE", params: streams, id: 1 });
  expect(socket.take()).toEqual([{ result: null, id: 1 }]);
  return socket;
}

const bid = (venue: Asked, priceTicks: number, sizeLots: number): void =>
  venue.market({ kind: "delta", instrument: 0, bids: [priceTicks, sizeLots], asks: [] });

describe("a stream socket", () => {
  it("answers each request with its id", () => {
    const venue = binance();
    const socket = listen(venue, "btcusdt@trade", "btcusdt@depth");
    socket.send({ method: "LIST_SUBSCRIPTIONS", id: "x" });
    socket.send({ method: "UNSUBSCRIBE", params: ["btcusdt@trade"], id: 3 });
    socket.send({ method: "LIST_SUBSCRIPTIONS", id: 4 });
    expect(socket.take()).toEqual([
      { result: ["btcusdt@trade", "btcusdt@depth"], id: "x" },
      { result: null, id: 3 },
      { result: ["btcusdt@depth"], id: 4 },
    ]);
    venue.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 3 });
    expect(socket.take()).toEqual([]);
  });

  it.each([
    { name: "is no JSON", message: "{", code: 3 },
    { name: "is no request", message: "[]", code: 2 },
    { name: "has an unknown method", message: '{"method":"GUESS","id":1}', code: 2 },
    { name: "names streams by number", message: '{"method":"SUBSCRIBE","params":[1],"id":1}', code: 2 },
    {
      name: "sets an unknown property",
      message: '{"method":"SET_PROPERTY","params":["a",1],"id":1}',
      code: 0,
    },
  ])("refuses what $name", ({ message, code }) => {
    const socket = binance().connect("/ws");
    socket?.send(message);
    expect(socket?.take()).toMatchObject([{ error: { code } }]);
  });

  it("comes raw or combined, by its path or when asked", () => {
    const venue = binance();
    const raw = venue.connect("/ws/btcusdt@bookTicker/ethusdt@bookTicker");
    const combined: Body[] = [];
    connectAt(venue, combined, "/stream", "streams=btcusdt@bookTicker/btcusdt@trade");
    bid(venue, 5_999_100, 7);
    expect(raw?.take()).toMatchObject([{ s: "BTCUSDT", b: "59991.00000000", B: "0.00007000" }]);
    expect(combined).toMatchObject([{ stream: "btcusdt@bookTicker", data: { s: "BTCUSDT" } }]);
    raw?.send({ method: "SET_PROPERTY", params: ["combined", true], id: 1 });
    raw?.take();
    bid(venue, 5_999_200, 7);
    expect(raw?.take()).toMatchObject([{ stream: "btcusdt@bookTicker", data: { b: "59992.00000000" } }]);
  });

  it("is cut off for more than five messages a second, and after a day", () => {
    const venue = binance();
    const socket = venue.connect("/ws");
    for (let n = 0; n < 6; n++) socket?.send({ method: "LIST_SUBSCRIPTIONS", id: n });
    expect(socket?.closed).toEqual({ code: 1008, reason: "Too many requests" });
    const patient = venue.connect("/ws");
    const api = venue.api();
    for (let n = 0; n < 20; n++) {
      patient?.send({ method: "LIST_SUBSCRIPTIONS", id: n });
      venue.setNow(venue.nowUs() + 250_000);
    }
    expect(patient?.closed).toBeUndefined();
    venue.setNow(venue.nowUs() + 86_400_000_000);
    venue.front.tick();
    expect(patient?.closed).toMatchObject({ code: 1001 });
    expect(api.closed).toMatchObject({ code: 1001 });
  });

  it("is served at no other path", () => {
    const venue = binance();
    for (const path of ["/", "/api/v3/time", "/wsx", "/ws-api/v1"])
      expect(venue.connect(path)).toBeUndefined();
  });
});

describe("trades and best prices", () => {
  it("come at once", () => {
    const venue = binance();
    const socket = listen(venue, "btcusdt@trade", "btcusdt@aggTrade", "btcusdt@bookTicker");
    venue.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 3 });
    const [trade, aggregate, best] = socket.take() as Body[];
    const { tradeId } = venue.core.trades(0).at(-1) ?? {};
    expect(trade).toMatchObject({ e: "trade", t: tradeId, p: "60010.00000000", q: "0.00003000", m: false });
    expect(aggregate).toMatchObject({ e: "aggTrade", a: tradeId, f: tradeId, l: tradeId });
    expect(best).toMatchObject({ a: "60010.00000000", A: "0.99997000" });
    bid(venue, 5_998_000, 5);
    expect(socket.take()).toEqual([]);
    expect(venue.get("/api/v3/trades", { symbol: "BTCUSDT" }).body).toMatchObject([
      { id: tradeId, isBuyerMaker: false, quoteQty: "1.80030000" },
    ]);
    expect(venue.get("/api/v3/aggTrades", { symbol: "BTCUSDT" }).body).toMatchObject([{ a: tradeId }]);
  });

  it("of own orders carry the number of the fill", () => {
    const venue = binance();
    const socket = listen(venue, "btcusdt@trade");
    const { fills } = venue.rest("t", { type: "LIMIT", timeInForce: "IOC", price: "60010.00" }).body;
    expect(socket.take()).toMatchObject([{ t: fills[0].tradeId, q: "0.01000000" }]);
  });

  it("make a ticker each second in which there were some", () => {
    const venue = binance();
    const socket = listen(venue, "btcusdt@miniTicker", "btcusdt@ticker");
    venue.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 10 });
    venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 30 });
    venue.advanceMs(1_000);
    const [mini, full] = socket.take() as Body[];
    const numbers = {
      o: "60010.00000000",
      c: "59990.00000000",
      h: "60010.00000000",
      l: "59990.00000000",
      v: "0.00040000",
      q: "23.99800000",
    };
    expect(mini).toMatchObject({ e: "24hrMiniTicker", ...numbers });
    expect(full).toMatchObject({ e: "24hrTicker", ...numbers, p: "-20.00000000", P: "-0.033", n: 2 });
    expect(full).toMatchObject({ w: "59995.00000000", Q: "0.00030000" });
    venue.advanceMs(2_000);
    expect(socket.take()).toEqual([]);
    const day = venue.get("/api/v3/ticker/24hr", { symbol: "BTCUSDT" }).body;
    expect(day).toMatchObject({ lastPrice: numbers.c, volume: numbers.v, count: 2, symbol: "BTCUSDT" });
    expect(venue.get("/api/v3/ticker/24hr", { symbols: '["BTCUSDT"]', type: "MINI" }).body).toHaveLength(1);
    venue.setNow(venue.nowUs() + 86_400_000_000);
    expect(venue.get("/api/v3/ticker/24hr", { symbol: "BTCUSDT" }).body).toMatchObject({
      count: 0,
      prevClosePrice: numbers.c,
    });
  });
});

describe("depth", () => {
  it("comes in batches of 100 ms and of a second, each level once, ids in a chain", () => {
    const venue = binance();
    const fast = listen(venue, "btcusdt@depth@100ms");
    const slow = listen(venue, "btcusdt@depth");
    venue.advanceMs(1_000);
    const { lastUpdateId } = venue.get("/api/v3/depth", { symbol: "BTCUSDT" }).body;
    fast.take();
    slow.take();
    bid(venue, 5_999_100, 7);
    bid(venue, 5_999_100, 8);
    bid(venue, 5_999_000, 0);
    expect(fast.take()).toEqual([]);
    venue.advanceMs(100);
    expect(fast.take()).toMatchObject([
      {
        e: "depthUpdate",
        s: "BTCUSDT",
        U: lastUpdateId + 1,
        u: lastUpdateId + 3,
        b: [
          ["59991.00000000", "0.00008000"],
          ["59990.00000000", "0.00000000"],
        ],
        a: [],
      },
    ]);
    venue.advanceMs(100);
    expect(fast.take()).toEqual([]);
    bid(venue, 5_999_200, 1);
    venue.advanceMs(800);
    expect(fast.take()).toMatchObject([{ U: lastUpdateId + 4, u: lastUpdateId + 4 }]);
    expect(slow.take()).toMatchObject([{ U: lastUpdateId + 1, u: lastUpdateId + 4, a: [] }]);
  });

  it("comes as a few best levels too", () => {
    const venue = binance();
    const socket = listen(venue, "btcusdt@depth5@100ms", "btcusdt@depth20");
    bid(venue, 5_999_100, 7);
    venue.advanceMs(1_000);
    const [five, twenty] = socket.take() as Body[];
    expect(five.bids).toEqual([
      ["59991.00000000", "0.00007000"],
      ["59990.00000000", "1.00000000"],
      ["59980.00000000", "2.00000000"],
    ]);
    expect(twenty).toEqual(five);
    expect(venue.get("/api/v3/depth", { symbol: "BTCUSDT", limit: 1 }).body).toEqual({
      lastUpdateId: five.lastUpdateId,
      bids: five.bids.slice(0, 1),
      asks: five.asks.slice(0, 1),
    });
  });

  it("rebuilt by the venue's rules is the venue's book, whatever happens and whenever one joins", () => {
    const Level = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3 }));
    const Step = fc.oneof(
      fc.record({ kind: fc.constant("delta" as const), bids: fc.array(Level), asks: fc.array(Level) }),
      fc.record({ kind: fc.constant("snapshot" as const), bids: fc.array(Level), asks: fc.array(Level) }),
      fc.record({
        kind: fc.constant("take" as const),
        side: fc.constantFrom("buy" as const, "sell" as const),
      }),
      fc.record({ kind: fc.constant("gap" as const) }),
      fc.record({ kind: fc.constant("relist" as const), tick: fc.constantFrom("0.01", "0.1") }),
      fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(10, 60, 100, 230) }),
    );
    fc.assert(
      fc.property(fc.array(Step, { maxLength: 40 }), fc.nat(40), (steps, joinAt) => {
        const venue = binance();
        const socket = listen(venue, "btcusdt@depth@100ms");
        let book: Rebuilt | undefined;
        for (const [at, step] of steps.entries()) {
          apply(venue, step);
          if (at === joinAt) book = rebuilt(venue);
          for (const event of socket.take() as Body[]) book?.apply(event);
        }
        book ??= rebuilt(venue);
        venue.advanceMs(100);
        for (const event of socket.take() as Body[]) book.apply(event);
        const { bids, asks } = venue.get("/api/v3/depth", { symbol: "BTCUSDT" }).body;
        expect(book.levels()).toEqual({ bids, asks });
        expect(bids).toHaveLength(venue.core.book(0).bids.length / 2);
        expect(asks).toHaveLength(venue.core.book(0).asks.length / 2);
      }),
      { numRuns: 60 },
    );
  });
});

type Step =
  | {
      readonly kind: "delta" | "snapshot";
      readonly bids: readonly (readonly [number, number])[];
      readonly asks: readonly (readonly [number, number])[];
    }
  | { readonly kind: "take"; readonly side: "buy" | "sell" }
  | { readonly kind: "gap" }
  | { readonly kind: "relist"; readonly tick: string }
  | { readonly kind: "wait"; readonly ms: number };

function apply(venue: Asked, step: Step): void {
  switch (step.kind) {
    case "delta":
    case "snapshot": {
      const flat = (levels: Iterable<readonly [number, number]>, from: number, sign: 1 | -1): number[] =>
        [...new Map(levels)].sort(([a], [b]) => a - b).flatMap(([off, size]) => [from + sign * off, size]);
      const bids = flat(step.bids, 5_999_000, -1);
      return venue.market({ kind: step.kind, instrument: 0, bids, asks: flat(step.asks, 6_001_000, 1) });
    }
    case "take":
      return venue.market({ kind: "take", instrument: 0, side: step.side, sizeLots: 2 });
    case "gap":
      return venue.market({ kind: "gap", instrument: 0 });
    case "relist":
      return venue.core.relist(0, { tick: step.tick });
    case "wait":
      return venue.advanceMs(step.ms);
  }
}

interface Rebuilt {
  apply(event: Body): void;
  levels(): { readonly bids: string[][]; readonly asks: string[][] };
}

/** From a snapshot on, as the venue's documentation tells clients to do it; throws on a gap. */
function rebuilt(venue: Asked): Rebuilt {
  const snapshot = venue.get("/api/v3/depth", { symbol: "BTCUSDT", limit: 1_000 }).body;
  const sides = { b: new Map<string, string>(snapshot.bids), a: new Map<string, string>(snapshot.asks) };
  let lastId = snapshot.lastUpdateId as number;
  let isFirst = true;
  const sorted = (side: Map<string, string>, sign: 1 | -1): string[][] =>
    [...side].sort(([a], [b]) => sign * (Number(a) - Number(b)));
  return {
    apply(event) {
      if (event.u <= lastId) return;
      if (isFirst ? event.U > lastId + 1 : event.U !== lastId + 1)
        throw new Error(`a gap from ${lastId} to ${event.U}`);
      isFirst = false;
      lastId = event.u as number;
      for (const side of ["b", "a"] as const)
        for (const [price, size] of event[side] as [string, string][])
          if (Number(size) === 0) sides[side].delete(price);
          else sides[side].set(price, size);
    },
    levels: () => ({ bids: sorted(sides.b, -1), asks: sorted(sides.a, 1) }),
  };
}

/** A socket with a query, which the venue in memory does not pass on. */
function connectAt(venue: Asked, received: Body[], path: string, query: string): void {
  const handler = venue.front.connect({
    path,
    query,
    send: (text) => received.push(JSON.parse(text)),
    close: () => undefined,
  });
  expect(handler).toBeDefined();
}
