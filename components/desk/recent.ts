"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { compareCursors, type Line } from "../../server/contract/lines.ts";
import { useTRPC } from "../session/api.tsx";
import { askAgain } from "../session/askAgain.ts";
import { useLines } from "../stream/live.tsx";

/** What fits a panel with some scrolling; the rest is on pages of its own. */
const SHOWN = 60;

/** The store is asked once; what comes later is the stream's to say. */
const ONCE = { staleTime: Infinity, refetchInterval: askAgain } as const;

/** Newest fills, oldest first: what the stream has said, after what the store has from before. */
export function useRecentFills() {
  const trpc = useTRPC();
  const stored = useQuery(trpc.orders.fills.queryOptions({ limit: SHOWN }, ONCE));
  return useJoined(stored.data?.rows, useLines("fills"));
}

export function useRecentAlerts() {
  const trpc = useTRPC();
  const stored = useQuery(trpc.system.alerts.queryOptions({ limit: SHOWN }, ONCE));
  return useJoined(stored.data?.rows, useLines("alerts"));
}

function useJoined<L extends Line>(stored: readonly L[] | undefined, live: readonly L[] | undefined) {
  return useMemo(() => joinLines(stored, live), [stored, live]);
}

/** Stored lines come newest first, live ones oldest first; where they overlap the live ones count. */
export function joinLines<L extends Line>(
  stored: readonly L[] | undefined,
  live: readonly L[] | undefined,
): readonly L[] {
  const first = live?.[0]?.cursor;
  const older = (stored ?? []).filter(
    ({ cursor }) => first === undefined || compareCursors(cursor, first) < 0,
  );
  return [...older.toReversed(), ...(live ?? [])].slice(-SHOWN);
}
