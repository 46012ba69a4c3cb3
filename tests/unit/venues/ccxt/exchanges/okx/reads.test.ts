import { expect, it, vi } from "vitest";
import { okxReads } from "../../../../../../server/venues/ccxt/exchanges/okx/reads.ts";
import type { CcxtInstance } from "../../../../../../server/venues/ccxt/gateway/ccxt.ts";

const NOW_MS = 1_700_000_000_000;
const HOUR_MS = 3_600_000;

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
  vi.useRealTimers();
});
