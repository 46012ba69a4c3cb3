"use client";

import { useQuery } from "@tanstack/react-query";
import type { EstimatesView } from "../../server/contract/estimates.ts";
import { useTRPC } from "../session/api.tsx";
import { queryState } from "../session/queryState.ts";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import type { PanelState } from "../ui/panelState.ts";
import { useNowSelect } from "../ui/useNow.ts";

/** Estimates move slowly, and every answer prices five models on each venue: no oftener than a person reads. */
const POLL_MS = 1_000;
/** Two answers have not come. */
const LATE_AFTER_MS = 3_000;

export interface Estimates {
  readonly view: EstimatesView | undefined;
  readonly state: PanelState;
}

/** Asked for while somebody looks: a hidden page does not poll. */
export function useEstimates(market: string): Estimates {
  const trpc = useTRPC();
  const live = useLiveState(useLive("desk"));
  const query = useQuery(
    trpc.quotes.estimates.queryOptions(
      { market },
      // The next poll is the retry.
      { refetchInterval: POLL_MS, refetchOnWindowFocus: "always", staleTime: 0, retry: false },
    ),
  );
  const { data, dataUpdatedAt } = query;
  const isLate = useNowSelect((nowMs) => nowMs - dataUpdatedAt > LATE_AFTER_MS);
  return { view: data, state: estimatesState(queryState(query), isLate, live) };
}

/** Figures are as good as their last answer is young, whatever the stream does meanwhile. */
export function estimatesState(query: PanelState, isLate: boolean, live: PanelState): PanelState {
  if (query.status !== "live") return query;
  if (isLate && query.atMs !== undefined)
    return { status: "stale", sinceMs: query.atMs, why: "the engine has not answered since" };
  return live.status === "ended" ? live : query;
}
