"use client";

import { useSyncExternalStore } from "react";
import { compareCursors, formatCursor, parseCursor, type NoticeLine } from "../../server/contract/lines.ts";
import { useLines } from "../stream/live.tsx";

const SEEN_KEY = "crossdesk alerts seen";

let seen: string | null | undefined;
const listeners = new Set<() => void>();

/** Alerts that want a person and that nobody at this browser has marked as seen. */
export function useUnseenAlerts(): number {
  const lines = useLines("alerts");
  const seenText = useSyncExternalStore(subscribe, readSeen, () => null);
  const cursor = seenText === null ? undefined : parseCursor(seenText);
  return (lines ?? []).filter(
    (line) => wantsPerson(line) && (cursor === undefined || compareCursors(line.cursor, cursor) > 0),
  ).length;
}

export function wantsPerson(line: NoticeLine): boolean {
  return line.severity !== "info";
}

/** Everything up to this line has been read here. */
export function markAlertsSeen(upTo: NoticeLine): void {
  seen = formatCursor(upTo.cursor);
  localStorage.setItem(SEEN_KEY, seen);
  for (const listener of listeners) listener();
}

function readSeen(): string | null {
  seen ??= localStorage.getItem(SEEN_KEY);
  return seen;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
