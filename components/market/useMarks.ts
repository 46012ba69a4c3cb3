"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { LadderView } from "../../server/contract/link.ts";
import { useTRPC } from "../session/api.tsx";
import { useLines } from "../stream/live.tsx";
import { marksOf, mergeLines, type SecondMarks } from "./marks.ts";

/** The newest of all markets, as many as a page of the store has: where more fill in an hour, the chart has fewer. */
const FILLS_STORED = 1_000;
const VERSIONS_STORED = 50;
/** The stream keeps its newest lines only: the store fills up what it has let go. */
const REFETCH_MS = 60_000;

/** Fills and parameter versions of a market by second: the store's past and what the stream has said since. */
export function useMarks(ladders: readonly LadderView[] | undefined): ReadonlyMap<number, SecondMarks> {
  const trpc = useTRPC();
  const options = { refetchInterval: REFETCH_MS, refetchOnMount: "always" } as const;
  const stored = useQuery(trpc.orders.fills.queryOptions({ limit: FILLS_STORED }, options)).data?.rows;
  const versions = useQuery(trpc.config.history.queryOptions({ limit: VERSIONS_STORED }, options)).data?.rows;
  const live = useLines("fills");
  const audit = useLines("audit");
  // Rates move with every message; a fill is placed anew only when there is another list to place.
  const key = ladders
    ?.map(({ account, symbol, rate }) => `${account} ${symbol} ${rate !== undefined}`)
    .join();
  return useMemo(
    () =>
      marksOf(
        ladders ?? [],
        mergeLines(stored ?? [], live ?? []),
        mergeLines(versions ?? [], audit?.filter((line) => line.type === "parameters") ?? []),
      ),
    [key, stored, live, versions, audit],
  );
}
