"use client";

import { useSyncExternalStore } from "react";

/** Below this a table of eight columns would only scroll sideways: rows become items of two lines. */
const NARROW = "(max-width: 767px)";

export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(NARROW).matches,
    () => false,
  );
}

function subscribe(listener: () => void): () => void {
  const media = matchMedia(NARROW);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}
