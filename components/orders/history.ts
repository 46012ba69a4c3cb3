"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Cursor, FillLine, OrderLine } from "../../server/contract/lines.ts";
import { useTRPCClient } from "../session/api.tsx";
import { statusInput, withFilter, type Filters } from "./filters.ts";

/** Several screens of rows. */
const ROWS_PER_PAGE = 200;

/** A database that was away is back on the page without a click. */
const RETRY_MS = 5_000;

/** Nothing but this asks again: a notice stands until the past is read, and is not in the way after it. */
export const ASKED_AGAIN = {
  retry: false,
  refetchInterval: ({ state }: { readonly state: { readonly status: string } }) =>
    state.status === "error" ? RETRY_MS : (false as const),
};

/** The most that the API gives at once. */
const EXPORT_PER_PAGE = 1_000;

/** What a spreadsheet opens without trouble, and a browser holds without one. */
export const EXPORT_ROWS_MAX = 100_000;

interface Page<T> {
  readonly rows: readonly T[];
  readonly next: Cursor | undefined;
}

type ReadPage<T> = (
  page: { readonly limit: number; readonly before: Cursor | undefined },
  signal?: AbortSignal,
) => Promise<Page<T>>;

export function useReadOrders(filters: Filters): ReadPage<OrderLine> {
  const client = useTRPCClient();
  const { status, ...rest } = withFilter(filters, { liquidity: undefined });
  return (page, signal) =>
    client.orders.list.query(
      { ...rest, ...statusInput(status), ...page },
      signal === undefined ? {} : { signal },
    );
}

export function useReadFills(filters: Filters): ReadPage<FillLine> {
  const client = useTRPCClient();
  const rest = withFilter(filters, { status: undefined });
  return (page, signal) =>
    client.orders.fills.query({ ...rest, ...page }, signal === undefined ? {} : { signal });
}

/** Newest first, older ones page by page. */
export function useHistory<T>(name: string, filters: Filters, read: ReadPage<T>) {
  const query = useInfiniteQuery({
    queryKey: ["orders", name, filters],
    queryFn: ({ pageParam, signal }) => read({ limit: ROWS_PER_PAGE, before: pageParam }, signal),
    initialPageParam: undefined as Cursor | undefined,
    getNextPageParam: (page) => page.next,
    // Opened again, it begins with what is newest; fifty pages of yesterday are not read again.
    gcTime: 0,
    refetchOnReconnect: false,
    ...ASKED_AGAIN,
  });
  const { data, error, status } = query;
  // Asking again clears the error of a first reading: what is missing stays missing until it is read.
  const [missing, setMissing] = useState<unknown>(null);
  if (status === "error" && missing !== error) setMissing(error);
  if (status === "success" && missing !== null) setMissing(null);
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  return { query, rows, missing };
}

/** Everything that the filter lets through, up to the bound; `onProgress` hears the count. */
export async function readAll<T>(
  read: ReadPage<T>,
  onProgress: (count: number) => void,
  rowsMax = EXPORT_ROWS_MAX,
): Promise<{ readonly rows: readonly T[]; readonly isCut: boolean }> {
  const rows: T[] = [];
  let before: Cursor | undefined;
  while (rows.length < rowsMax) {
    const page = await read({ limit: Math.min(EXPORT_PER_PAGE, rowsMax - rows.length), before });
    rows.push(...page.rows);
    onProgress(rows.length);
    if (page.next === undefined) return { rows, isCut: false };
    before = page.next;
  }
  return { rows, isCut: true };
}
