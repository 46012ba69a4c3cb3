import { afterEach, expect, it, vi } from "vitest";
import { okxReads } from "../../../../../../server/venues/ccxt/exchanges/okx/reads.ts";
import type { CcxtInstance } from "../../../../../../server/venues/ccxt/gateway/ccxt.ts";

const NOW_MS = 1_700_000_000_000;
const HOUR_MS = 3_600_000;

afterEach(() => void vi.useRealTimers());

it("finds trades that are older than the venue's list of new ones", async () => {
  vi.useFakeTimers();
  const asked: string[] = [];
  const answer = (endpoint: string) => () => {
    asked.push(endpoint);
    return Promise.resolve({ data: [] });
  };
  const instance = {
    milliseconds: () => NOW_MS,
    privateGetTradeFills: answer("fills"),
    privateGetTradeFillsHistory: answer("fills-history"),
  } as unknown as CcxtInstance;
  for (const hours of [1, 48, 72, 500]) {
    const query = {
      symbol: undefined,
      marketId: undefined,
      sinceMs: NOW_MS - hours * HOUR_MS,
      next: undefined,
    };
    const page = okxReads.trades(instance, query);
    await vi.runAllTimersAsync();
    expect(await page).toEqual({ fills: [], next: undefined });
  }
  expect(asked).toEqual(["fills", "fills", "fills-history", "fills-history"]);
});

const ROW = {
  instId: "BTC-USDT",
  ordId: "7",
  clOrdId: "qabc00010000001",
  side: "buy",
  state: "canceled",
  px: "60000.1",
  sz: "0.0001",
  accFillSz: "0.00003",
};

it.each([
  [3, undefined],
  [100, "99"],
])("behind a page of %d orders that have ended since then the next one begins at %s", async (count, next) => {
  const asked: unknown[] = [];
  const instance = {
    markets: {},
    markets_by_id: {},
    privateGetTradeOrdersHistory(params: unknown) {
      asked.push(params);
      return Promise.resolve({ data: Array.from({ length: count }, (_, n) => ({ ...ROW, ordId: `${n}` })) });
    },
  } as unknown as CcxtInstance;
  const found = await okxReads.endedOrders?.(instance, 1_234.5);
  await okxReads.endedOrders?.(instance, 1_234.5, "7");
  const params = { instType: "SPOT", begin: "1234", limit: "100" };
  expect(asked).toEqual([params, { ...params, after: "7" }]);
  expect(found?.next).toBe(next);
  expect(found?.orders).toHaveLength(count);
  expect(found?.orders[0]).toMatchObject({
    clientId: "qabc00010000001",
    venueOrderId: "0",
    status: "CANCELED",
    size: "0.0001",
    filled: "0.00003",
  });
});
