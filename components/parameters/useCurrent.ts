"use client";

import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ParamScope } from "../../server/contract/params.ts";
import { useTRPC } from "../session/api.tsx";
import { useLive } from "../stream/live.tsx";
import type { StatesOf } from "./edits.ts";
import { scopeId } from "./scopes.ts";

/** The stream says when a version is new; this heals a page whose stream is dead. */
const REFETCH_MS = 15_000;

/** Parameters as they stand at the shown scope and at every one with edits. */
export function useCurrent(shown: ParamScope, edited: readonly ParamScope[]) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const shownId = scopeId(shown);
  const scopes = [shown, ...edited.filter((scope) => scopeId(scope) !== shownId)];
  const queries = useQueries({
    queries: scopes.map((scope) =>
      trpc.config.current.queryOptions({ scope }, { refetchInterval: REFETCH_MS }),
    ),
  });
  const query = queries[0];

  const pushed = useLive("desk")?.value.paramVersion;
  const isBehind =
    pushed !== undefined && queries.some(({ data }) => data !== undefined && data.version < pushed);
  useEffect(() => {
    if (isBehind) void queryClient.invalidateQueries(trpc.config.current.pathFilter());
  }, [isBehind, pushed, queryClient, trpc]);

  const byScope = new Map(scopes.map((scope, at) => [scopeId(scope), queries[at]?.data?.states]));
  const statesOf: StatesOf = (scope) => byScope.get(scopeId(scope));
  const read = query?.data?.version;
  return {
    query,
    statesOf,
    /** What the values on screen belong to, and the newest that is known of. */
    read,
    latest: read === undefined ? pushed : Math.max(read, pushed ?? read),
  };
}
