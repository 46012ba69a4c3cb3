"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTRPC, useTRPCClient } from "../session/api.tsx";
import { askAgain } from "../session/askAgain.ts";
import { useLive } from "../stream/live.tsx";
import { secondOfView, secondsOfHistory, withHistory, withSecond, type MarketSecond } from "./seconds.ts";

/** Seconds that the stream skipped are asked for together, this long after the first of them. */
const ASK_MISSED_AFTER_MS = 2_000;

/** The last hour of a market by the second, growing. A new list once a second. */
export function useSeconds(market: string): readonly MarketSecond[] {
  const trpc = useTRPC();
  const desk = useLive("desk")?.value;
  const detail = useLive(`market ${market}`)?.value;
  const { data } = useQuery(
    trpc.quotes.history.queryOptions(
      { market },
      { staleTime: Infinity, refetchOnMount: "always", refetchInterval: askAgain },
    ),
  );
  const history = useMemo(() => (data === undefined ? [] : secondsOfHistory(data)), [data]);
  const [seconds, setSeconds] = useState<readonly MarketSecond[]>([]);
  useEffect(() => setSeconds((known) => withHistory(known, history)), [history]);
  const missed = useMissed(market, (found) => setSeconds((known) => withHistory(known, found)));

  const view = desk?.markets.find((one) => one.market === market);
  const atS = desk === undefined ? undefined : Math.floor(desk.atUs / 1e6);
  const lastS = useRef<number>(undefined);
  useEffect(() => {
    if (view === undefined || desk === undefined || atS === undefined || detail === undefined) return;
    const rateOf = (account: string, symbol: string): number | undefined =>
      detail.ladders.find((one) => one.account === account && one.symbol === symbol)?.rate;
    setSeconds((known) => withSecond(known, secondOfView(view, desk.atUs, rateOf)));
    const from = lastS.current ?? atS;
    lastS.current = atS;
    // Time that goes back is another run's: all of its past is missing here.
    if (atS < from) missed(0);
    else if (atS > from + 1) missed(from);
    // Once a second: what comes within it is the next one's.
  }, [atS, detail === undefined]);
  return seconds;
}

/** Tells that seconds from there on are missing; the engine remembers what a slow or cut stream skipped. */
function useMissed(
  market: string,
  onFound: (seconds: readonly MarketSecond[]) => void,
): (fromS: number) => void {
  const client = useTRPCClient();
  const waiting = useRef<{ fromS: number; timer: ReturnType<typeof setTimeout> }>(undefined);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      clearTimeout(waiting.current?.timer);
      waiting.current = undefined;
    };
  }, []);

  function ask(): void {
    const fromS = waiting.current?.fromS ?? 0;
    waiting.current = undefined;
    client.quotes.history.query({ market, fromS }).then(
      (answer) => onFound(secondsOfHistory(answer)),
      // Until it is answered the chart shows the gap.
      () => miss(fromS),
    );
  }

  function miss(fromS: number): void {
    if (isGone.current) return;
    const timer = waiting.current?.timer ?? setTimeout(ask, ASK_MISSED_AFTER_MS);
    waiting.current = { fromS: Math.min(fromS, waiting.current?.fromS ?? fromS), timer };
  }
  return miss;
}
