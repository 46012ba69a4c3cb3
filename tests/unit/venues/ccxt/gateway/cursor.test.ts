import { expect, it } from "vitest";
import type { RawFill, RawOrder } from "../../../../../server/venues/ccxt/exchanges/exchange.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { TradeCursor } from "../../../../../server/venues/ccxt/gateway/cursor.ts";
import type { RequestClass } from "../../../../../server/venues/ccxt/ports.ts";
import type { Listed } from "../../../../../server/venues/ccxt/gateway/tracker.ts";

const AT = { index: 0, symbol: "BTC/USDT", marketId: "BTCUSDT", marketInfo: {} } as Listed;

/** A venue that names orders by its own id alone, as Binance does in its list of trades. */
function tell(orders: number) {
  const ids = Array.from({ length: orders }, (_, n) => String(n));
  const names = new Set<string>();
  const asked = { lists: 0, single: 0, told: 0 };
  const kinds: (RequestClass | undefined)[] = [];
  const readSinceMs: number[] = [];
  let room: Promise<void> = Promise.resolve();
  const clock = { nowMs: 1_000 };
  let isFailing = false;
  const { reads, limits } = exchangeOf("binance");
  const cursor = new TradeCursor(
    {
      exchange: {
        limits,
        reads: {
          ...reads,
          trades: (_, { sinceMs }) => {
            readSinceMs.push(sinceMs);
            // A second for each answer.
            clock.nowMs += 1_000;
            if (isFailing) return Promise.reject(new Error("no answer"));
            return Promise.resolve({
              fills: ids.map(
                (venueOrderId) => ({ venueOrderId, symbol: AT.symbol, venueAtMs: 5 }) as RawFill,
              ),
              next: undefined,
            });
          },
        },
      },
      instance: {} as CcxtInstance,
      paid: {
        async read(_, ask, terms) {
          kinds.push(terms?.kind);
          await room;
          return ask();
        },
        recentOrders() {
          asked.lists += 1;
          return Promise.resolve(
            ["of others", ...ids].map(
              (venueOrderId) => ({ venueOrderId, clientId: `q${venueOrderId}` }) as RawOrder,
            ),
          );
        },
      },
      listed: () => [AT],
      fills: {
        isKnown: () => false,
        isAttributed: ({ venueOrderId }) => names.has(venueOrderId),
        attribute: ({ venueOrderId }) => {
          if (!names.has(venueOrderId)) asked.single += 1;
          return Promise.resolve();
        },
        learn: ({ venueOrderId }) => void names.add(venueOrderId),
        accept: () => {
          asked.told += 1;
          return true;
        },
      },
      nowMs: () => clock.nowMs,
      venueNowMs: () => 10,
      onMissed: () => undefined,
    },
    0,
  );
  return {
    names,
    asked,
    kinds,
    clock,
    cursor,
    readSinceMs,
    /** Nothing leaves before it has room. */
    noRoom() {
      let give = (): void => undefined;
      room = new Promise((resolve) => (give = resolve));
      return () => give();
    },
    fail: () => void (isFailing = true),
    since: () => cursor.tellSince(() => 0),
  };
}

it("asks once for the orders of many trades, and learns none that no trade is of", async () => {
  const { names, asked, since } = tell(30);
  await since();
  expect(asked).toEqual({ lists: 1, single: 0, told: 30 });
  expect(names.has("of others")).toBe(false);
  await since();
  expect(asked.lists).toBe(1);
});

it("asks for each where there are few", async () => {
  const { asked, since } = tell(2);
  await since();
  expect(asked).toEqual({ lists: 0, single: 2, told: 2 });
});

it("reads once for all who ask while it is reading, and that reading begins after they asked", async () => {
  const { asked, cursor } = tell(1);
  const first = cursor.read();
  await Promise.resolve();
  const [second, third] = [cursor.read(), cursor.read()];
  await first;
  expect(asked.told).toBe(1);
  await Promise.all([second, third]);
  expect(asked.told).toBe(2);
});

it("tells again once for all who ask before there is room, from the earliest that one of them wants by then", async () => {
  const { asked, cursor, noRoom, readSinceMs } = tell(1);
  const giveRoom = noRoom();
  const first = cursor.tellSince(() => 70);
  let wantedMs = 60;
  const second = cursor.tellSince(() => wantedMs);
  wantedMs = 50;
  giveRoom();
  await Promise.all([first, second]);
  expect({ ...asked, readSinceMs }).toMatchObject({ told: 1, readSinceMs: [50] });
  await cursor.tellSince(() => 80);
  expect(readSinceMs).toEqual([50, 80]);
});

it("begins another telling for whoever asks when one has left, and after one that failed", async () => {
  const { cursor, readSinceMs, fail, since } = tell(1);
  const first = cursor.tellSince(() => 70);
  while (readSinceMs.length === 0) await Promise.resolve();
  await Promise.all([first, cursor.tellSince(() => 60)]);
  expect(readSinceMs).toEqual([70, 60]);
  fail();
  await expect(since()).rejects.toThrow("no answer");
  await expect(since()).rejects.toThrow("no answer");
  expect(readSinceMs).toEqual([70, 60, 0, 0]);
});

it("goes before all questions when a stream waits for it, and so does a reading that others asked for first", async () => {
  const { kinds, cursor } = tell(0);
  const first = cursor.read();
  await Promise.resolve();
  await Promise.all([first, cursor.read(), cursor.read("session")]);
  await cursor.read();
  expect(kinds).toEqual(["query", "session", "query"]);
});

it("says how often it reads, and when the last whole reading began", async () => {
  const { clock, cursor } = tell(0);
  expect(cursor.reads).toEqual({ everyMs: 3_000, readAtUs: undefined });
  const reading = cursor.read();
  expect(cursor.reads.readAtUs).toBeUndefined();
  await reading;
  expect(clock.nowMs).toBe(2_000);
  expect(cursor.reads.readAtUs).toBe(1_000_000);
});

it("does not take a reading that fails for one", async () => {
  const { cursor, fail } = tell(1);
  await cursor.read();
  const { readAtUs } = cursor.reads;
  fail();
  await expect(cursor.read()).rejects.toThrow("no answer");
  expect(cursor.reads.readAtUs).toBe(readAtUs);
});
