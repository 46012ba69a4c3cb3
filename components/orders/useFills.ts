"use client";

import { useEffect, useMemo, useRef } from "react";
import type { Cursor, FillLine } from "../../server/contract/lines.ts";
import { compareCursors } from "../../server/contract/lines.ts";
import { LINES_KEPT_MAX } from "../stream/protocol.ts";
import { useLines } from "../stream/live.tsx";
import type { Filters } from "./filters.ts";
import { useHistory, useReadFills } from "./history.ts";
import { matchesFill, mergeNewest } from "./mergedLines.ts";
import { reaches, useRecorded } from "./useRecorded.ts";

/** A tab keeps so many lines of the stream: well before the oldest of them goes, the history is read again. */
const REREAD_AFTER = LINES_KEPT_MAX / 2;

/** Recorded fills with those of the stream on top, newest first, without a gap between. */
export function useFills(filters: Filters) {
  const lines = useLines("fills");
  const read = useReadFills(filters);
  const { query, rows: recorded, missing } = useHistory("fills", filters, read);
  const live = useMemo(() => lines?.filter((line) => matchesFill(filters, line)) ?? [], [lines, filters]);
  const rows = useMemo(() => mergeNewest(recorded, live), [recorded, live]);

  const readUpTo = useRef<Cursor>(undefined);
  const { dataUpdatedAt, isFetching, refetch } = query;
  useEffect(() => {
    readUpTo.current = lines?.at(-1)?.cursor;
    // What the stream had said when the history was read, not what it says since.
  }, [dataUpdatedAt]);
  const since = countAfter(lines ?? [], readUpTo.current);
  const shouldRead = dataUpdatedAt > 0 && !isFetching && since >= REREAD_AFTER;
  useEffect(() => {
    if (shouldRead) void refetch();
  }, [shouldRead, refetch]);

  const { upTo, trouble } = useRecorded();
  // The stream began, or its oldest lines were dropped, after what the database has.
  const gap =
    (lines?.length ?? 0) >= LINES_KEPT_MAX && !reaches(upTo, lines?.[0]?.cursor) ? lines?.[0] : undefined;
  return { query, missing, rows, live, read, trouble, gapBeforeUs: gap?.atUs };
}

function countAfter(lines: readonly FillLine[], after: Cursor | undefined): number {
  if (after === undefined) return 0;
  return lines.filter(({ cursor }) => compareCursors(cursor, after) > 0).length;
}
