"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Cursor, ParametersLine } from "../../server/contract/lines.ts";
import { compareCursors } from "../../server/contract/lines.ts";
import { useTRPCClient } from "../session/api.tsx";
import { askAgain } from "../session/askAgain.ts";
import { useLines } from "../stream/live.tsx";

const VERSIONS_PER_PAGE = 30;

/** Every version, newest first: what the stream said since on top of what the database has. */
export function usePast() {
  const client = useTRPCClient();
  const audit = useLines("audit");
  const query = useInfiniteQuery({
    queryKey: ["parameters", "past"],
    queryFn: ({ pageParam, signal }) =>
      client.config.history.query({ limit: VERSIONS_PER_PAGE, before: pageParam }, { signal }),
    initialPageParam: undefined as Cursor | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: askAgain,
  });
  const { data } = query;
  const versions = useMemo(
    () =>
      mergePast(
        data?.pages.flatMap(({ rows }) => rows) ?? [],
        audit?.filter((line) => line.type === "parameters") ?? [],
      ),
    [data, audit],
  );
  return { query, versions };
}

/** Each line once, newest first. */
export function mergePast(
  recorded: readonly ParametersLine[],
  live: readonly ParametersLine[],
): readonly ParametersLine[] {
  const all = [...live, ...recorded].toSorted((a, b) => compareCursors(b.cursor, a.cursor));
  return all.filter((line, at) => {
    const before = all[at - 1];
    return before === undefined || compareCursors(before.cursor, line.cursor) !== 0;
  });
}
