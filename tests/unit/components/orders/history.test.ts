import { environmentManager, InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ASKED_AGAIN } from "../../../../components/orders/history.ts";

beforeEach(() => {
  vi.useFakeTimers();
  environmentManager.setIsServer(() => false);
});
afterEach(() => {
  vi.useRealTimers();
  environmentManager.setIsServer(() => true);
});

it("the past is asked for every five seconds while it cannot be read, and not any more after that", async () => {
  let isAway = true;
  let asked = 0;
  const observer = new InfiniteQueryObserver(new QueryClient(), {
    queryKey: ["past"],
    queryFn: () => {
      asked += 1;
      return isAway ? Promise.reject(new Error("the database does not answer")) : Promise.resolve("rows");
    },
    initialPageParam: undefined,
    getNextPageParam: () => undefined,
    ...ASKED_AGAIN,
  });
  const stop = observer.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(10_100);
  expect(asked).toBe(3);
  expect(observer.getCurrentResult().status).toBe("error");
  isAway = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(observer.getCurrentResult().data?.pages).toEqual(["rows"]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(4);
  stop();
});
