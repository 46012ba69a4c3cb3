"use client";

import { useQuery } from "@tanstack/react-query";
import type { Cursor } from "../../server/contract/lines.ts";
import { useTRPC } from "../session/api.tsx";
import { errorText } from "../session/queryState.ts";

/** How far the past is written is asked for this often; the recorder is a tenth of a second behind when all is well. */
const REFETCH_MS = 5_000;

export interface Recorded {
  /** Of the last event whose lines are in the database; undefined while that is not known. */
  readonly upTo: { readonly epoch: number; readonly seq: number } | undefined;
  /** What a person should know of the past's trouble; undefined when there is none. */
  readonly trouble: string | undefined;
}

export function useRecorded(): Recorded {
  const trpc = useTRPC();
  const { data, error } = useQuery(
    trpc.system.database.queryOptions(undefined, { refetchInterval: REFETCH_MS, staleTime: 0 }),
  );
  if (error !== null) return { upTo: undefined, trouble: errorText(error) };
  const trouble = data?.text ?? data?.recorder?.failure;
  return { upTo: data?.position, trouble };
}

/** Whether lines from `oldest` on leave nothing out after what is recorded. */
export function reaches(upTo: Recorded["upTo"], oldest: Cursor | undefined): boolean {
  if (oldest === undefined || upTo === undefined) return true;
  return upTo.epoch > oldest.epoch || (upTo.epoch === oldest.epoch && upTo.seq >= oldest.seq);
}
