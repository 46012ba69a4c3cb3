"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "./api.tsx";

/** Asked this often, once for all who want to know; the recorder says how it is each second. */
const REFETCH_MS = 5_000;

/** Whether the past can be read, and how far it is written. */
export function useDatabase() {
  const trpc = useTRPC();
  return useQuery(
    trpc.system.database.queryOptions(undefined, { refetchInterval: REFETCH_MS, staleTime: 0 }),
  );
}
