"use client";

import type { Cursor } from "../../server/contract/lines.ts";
import { errorText } from "../session/queryState.ts";
import { useDatabase } from "../session/useDatabase.ts";

export interface Recorded {
  /** Of the last event whose lines are in the database; undefined while that is not known. */
  readonly upTo: { readonly epoch: number; readonly seq: number } | undefined;
  /** What a person should know of the past's trouble; undefined when there is none. */
  readonly trouble: string | undefined;
}

export function useRecorded(): Recorded {
  const { data, error } = useDatabase();
  if (error !== null) return { upTo: undefined, trouble: errorText(error) };
  const trouble = data?.text ?? data?.recorder?.failure;
  return { upTo: data?.position, trouble };
}

/** Whether lines from `oldest` on leave nothing out after what is recorded. */
export function reaches(upTo: Recorded["upTo"], oldest: Cursor | undefined): boolean {
  if (oldest === undefined || upTo === undefined) return true;
  return upTo.epoch > oldest.epoch || (upTo.epoch === oldest.epoch && upTo.seq >= oldest.seq);
}
