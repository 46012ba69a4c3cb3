"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "./api.tsx";

/** Another tab may have signed in anew. */
const REFETCH_MS = 60_000;

/** Who is signed in, and until when. */
export function useSession() {
  return useQuery(useTRPC().system.session.queryOptions(undefined, { refetchInterval: REFETCH_MS })).data;
}
