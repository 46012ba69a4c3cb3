import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { krakenClient } from "./client.ts";
import type { KrakenClient } from "./client.ts";
import { createMirror } from "./mirror.ts";
import type { BookMessage } from "./mirror.ts";

const DECIMALS = { price: 2, size: 5 };

function connected(client: KrakenClient) {
  const socket = client.connect("/v2");
  if (socket === undefined) throw new Error("no socket");
  socket.take();
  return socket;
}

const bookOf = (client: KrakenClient, depth: number) => {
  const { bids, asks } = client.core.book(0);
  const scaled = (flat: readonly number[]) =>
    flat.slice(0, 2 * depth).map((value, at) => (at % 2 === 0 ? value / 100 : value / 100_000));
  return { bids: scaled(bids), asks: scaled(asks) };
};

describe("the book", () => {
  it("is told with every digit of the pair's precision, and with the checksum", () => {
    const client = krakenClient();
    const texts: string[] = [];
    const socket = client.front.connect({
      path: "/v2",
      send: (text) => void texts.push(text),
      close: () => undefined,
    });
    socket?.message('{"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10}}');
    expect(texts.at(-1)).toMatch(
      /^\{"channel":"book","type":"snapshot","data":\[\{"symbol":"BTC\/USD","bids":\[\{"price":59990\.00,"qty":1\.00000\},\{"price":59980\.00,"qty":2\.00000\}\],"asks":\[.*\],"checksum":\d+,"timestamp":"2026-01-01T00:00:00\.000000Z"\}\]\}$/,
    );
  });

  it("is told as empty when the venue has lost its own", () => {
    const client = krakenClient();
    const socket = connected(client);
    socket.send({ method: "subscribe", params: { channel: "book", symbol: ["BTC/USD"], depth: 10 } });
    const mirror = createMirror(10, DECIMALS);
    client.market({ kind: "gap", instrument: 0 });
    for (const message of socket.take())
      if ((message as BookMessage).channel === "book") expect(mirror.apply(message)).toBe(true);
    expect([mirror.bids, mirror.asks]).toEqual([[], []]);
  });

  it.each([10, 25, 100])("can be kept at depth %i through hundreds of changes", (depth) => {
    const change = fc.record({
      side: fc.constantFrom("bids" as const, "asks" as const),
      at: fc.integer({ min: 0, max: 60 }),
      lots: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 100, maxLength: 300 }), (changes) => {
        const client = krakenClient();
        const socket = connected(client);
        socket.send({ method: "subscribe", params: { channel: "book", symbol: ["BTC/USD"], depth } });
        const mirror = createMirror(depth, DECIMALS);
        for (const { side, at, lots } of changes) {
          const level = [side === "bids" ? 5_999_000 - at : 6_001_000 + at, lots];
          client.market({ kind: "delta", instrument: 0, bids: [], asks: [], [side]: level });
          for (const message of socket.take())
            if ((message as BookMessage).channel === "book") expect(mirror.apply(message)).toBe(true);
          expect({ bids: mirror.bids, asks: mirror.asks }).toEqual(bookOf(client, depth));
        }
      }),
      { numRuns: 4 },
    );
  });

  it("tells the worst level as removed while the depth is not full, and not when it falls out", () => {
    const client = krakenClient();
    const socket = connected(client);
    socket.send({ method: "subscribe", params: { channel: "book", symbol: ["BTC/USD"], depth: 10 } });
    const bidsAfter = (bids: readonly number[]): unknown => {
      socket.take();
      client.market({ kind: "delta", instrument: 0, bids, asks: [] });
      return (socket.take()[0] as BookMessage).data[0]?.bids;
    };
    expect(bidsAfter([5_998_000, 0])).toEqual([{ price: 59_980, qty: 0 }]);
    expect(bidsAfter([1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((i) => [5_990_000 - i, 1]))).toHaveLength(9);
    expect(bidsAfter([5_999_100, 3])).toEqual([{ price: 59_991, qty: 0.00003 }]);
    // With the best gone, the one that had fallen out is told again.
    expect(bidsAfter([5_999_100, 0])).toEqual([
      { price: 59_991, qty: 0 },
      { price: 59_899.91, qty: 0.00001 },
    ]);
  });

  it("shows our own orders to everyone", () => {
    const client = krakenClient();
    const socket = connected(client);
    socket.send({ method: "subscribe", params: { channel: "book", symbol: ["BTC/USD"] } });
    socket.take();
    client.add({ price: "60000" });
    expect(socket.take()).toMatchObject([
      { type: "update", data: [{ bids: [{ price: 60_000, qty: 0.01 }], asks: [] }] },
    ]);
  });

  it("begins anew with a snapshot when the tick changes", () => {
    const client = krakenClient();
    const socket = connected(client);
    socket.send({ method: "subscribe", params: { channel: "book", symbol: ["BTC/USD"] } });
    client.core.relist(0, { tick: "0.1" });
    client.snapshot([599_900, 5], [600_100, 5]);
    const books = socket
      .take()
      .filter((message) => (message as BookMessage).channel === "book") as BookMessage[];
    const last = books.at(-1);
    expect(last).toMatchObject({ type: "snapshot" });
    expect(createMirror(10, { price: 1, size: 5 }).apply(last)).toBe(true);
  });
});

describe("faults of the book", () => {
  const followed = () => {
    const client = krakenClient();
    const socket = connected(client);
    socket.send({ method: "subscribe", params: { channel: "book", symbol: ["BTC/USD"] } });
    const mirror = createMirror(10, DECIMALS);
    const books = () => socket.take().filter((message) => (message as BookMessage).channel === "book");
    for (const message of books()) mirror.apply(message);
    const move = (lots: number): unknown[] => {
      client.market({ kind: "delta", instrument: 0, bids: [5_999_000, lots], asks: [] });
      return books();
    };
    return { client, mirror, move };
  };

  it("leave out a change, which the next checksum shows", () => {
    const { client, mirror, move } = followed();
    client.front.fault({ kind: "gap", instrument: 1 });
    expect(move(1)).toHaveLength(1);
    client.front.fault({ kind: "gap", instrument: 0 });
    client.market({ kind: "delta", instrument: 0, bids: [5_998_500, 7], asks: [] });
    const [message, ...more] = move(2);
    expect(more).toEqual([]);
    expect(mirror.apply(message)).toBe(false);
  });

  it("carry a wrong checksum once", () => {
    const { client, mirror, move } = followed();
    client.front.fault({ kind: "badChecksum", instrument: 0 });
    expect(move(1).map((message) => mirror.apply(message))).toEqual([false]);
    expect(move(2).map((message) => mirror.apply(message))).toEqual([true]);
  });

  it("keep a level that is gone, at every depth, under the checksum of the true book", () => {
    const client = krakenClient();
    const views = [10, 100].map((depth) => {
      const socket = connected(client);
      socket.send({ method: "subscribe", params: { channel: "book", symbol: ["BTC/USD"], depth } });
      const mirror = createMirror(depth, DECIMALS);
      const apply = (): boolean[] =>
        (socket.take() as BookMessage[]).filter(({ channel }) => channel === "book").map(mirror.apply);
      expect(apply()).toEqual([true]);
      return { mirror, apply };
    });
    const told = (bids: readonly number[], asks: readonly number[] = []): boolean[] => {
      client.market({ kind: "delta", instrument: 0, bids, asks });
      return views.flatMap(({ apply }) => apply());
    };
    client.front.fault({ kind: "ghostLevel", instrument: 0 });
    // Nothing is gone yet.
    expect(told([5_999_000, 1])).toEqual([true, true]);
    expect(told([5_999_000, 0], [6_001_000, 5])).toEqual([false, false]);
    for (const { mirror } of views) {
      expect(mirror.bids.slice(0, 2)).toEqual([59_990, 0.00001]);
      expect(mirror.asks.slice(0, 2)).toEqual([60_010, 0.00005]);
    }
    // It was one: the next that is gone is told, and the ghost stays until its price is told again.
    expect(told([5_998_000, 0])).toEqual([false, false]);
    expect(told([5_999_000, 3])).toEqual([true, true]);
  });

  it("cross it once, with a checksum that agrees, and take it back", () => {
    const { client, mirror, move } = followed();
    client.front.fault({ kind: "crossedBook", instrument: 0 });
    expect(move(1).map((message) => mirror.apply(message))).toEqual([true]);
    expect(mirror.bids[0]).toBeGreaterThan(mirror.asks[0] as number);
    expect(move(2).map((message) => mirror.apply(message))).toEqual([true]);
    expect({ bids: mirror.bids, asks: mirror.asks }).toEqual(bookOf(client, 10));
  });
});
