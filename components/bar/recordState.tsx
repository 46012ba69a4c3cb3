"use client";

import { useDatabase } from "../session/useDatabase.ts";
import { Tag } from "../ui/tag.tsx";
import { lagWords, recordTrouble } from "./record.ts";
import { useReadAgain } from "./useReadAgain.ts";

/** Quiet while what happens is recorded; how far behind is in its words on hover. */
export function RecordLight() {
  const { data, error } = useDatabase();
  // Without an answer the bar says already that nobody answers.
  if (data === undefined || error !== null) return null;
  const isFine = recordTrouble(data) === undefined;
  return (
    <span className="text-sm">
      <Tag tone={isFine ? "ok" : "attention"} title={lagWords(data)}>
        <span className="text-secondary">{isFine ? "recorded" : "not recorded"}</span>
      </Tag>
    </span>
  );
}

/** Under the bar of every page while there is trouble. */
export function RecordNote() {
  useReadAgain();
  const { data, error } = useDatabase();
  const trouble = data === undefined || error !== null ? undefined : recordTrouble(data);
  return (
    <div role="status" aria-label="The record">
      {data !== undefined && trouble !== undefined && (
        <p title={lagWords(data)} className="border-t px-3 py-1 text-sm text-attention">
          <span aria-hidden>◐ </span>
          {trouble}
        </p>
      )}
    </div>
  );
}
