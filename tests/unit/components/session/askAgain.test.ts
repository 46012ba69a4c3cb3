import { environmentManager, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askAgain, isUnread } from "../../../../components/session/askAgain.ts";

const ANSWER_AFTER_MS = 1_000;

const isServer = environmentManager.isServer();
beforeEach(() => {
  vi.useFakeTimers();
  // Where nobody looks, nothing is asked again.
  environmentManager.setIsServer(() => false);
});
afterEach(() => {
  environmentManager.setIsServer(() => isServer);
  vi.useRealTimers();
});

it("asks for what could not be read until it is there, says so all the while, and then asks no more", async () => {
  let asked = 0;
  const client = new QueryClient();
  const query = new QueryObserver<string>(client, {
    queryKey: ["the day's past"],
    queryFn: async () => {
      asked += 1;
      const isAway = asked < 3;
      await new Promise((resolve) => setTimeout(resolve, ANSWER_AFTER_MS));
      if (isAway) throw new Error("the database is away");
      return "the past";
    },
    staleTime: Infinity,
    retry: false,
    refetchInterval: askAgain,
  });
  const end = query.subscribe(() => undefined);
  const seen: string[] = [];
  for (let waitedMs = 0; waitedMs <= 60_000; waitedMs += 500) {
    const result = query.getCurrentResult();
    const now = `${result.data ?? "nothing"}, ${isUnread(result) ? "unread" : "not said"}`;
    if (seen.at(-1) !== now) seen.push(now);
    await vi.advanceTimersByTimeAsync(500);
  }
  end();
  client.clear();
  expect(seen).toEqual(["nothing, not said", "nothing, unread", "the past, not said"]);
  expect(asked).toBe(3);
});
