"use client";

import { useEffect, useState } from "react";
import { useLive } from "../stream/live.tsx";

/** A command to the engine on its way into the quotes. Times are the browser's. */
export interface Applied {
  readonly what: string;
  readonly sentAtMs: number;
  readonly acceptedAtMs: number;
  readonly version: number;
  readonly quotingAtMs: number | undefined;
}

/** What was applied last, and when the quotes that the engine wants were all decided under it. */
export function useApplied() {
  const [applied, setApplied] = useState<Applied>();
  const quoting = useLive("desk")?.value.quotingVersion;
  const isQuoting = applied !== undefined && quoting !== undefined && quoting >= applied.version;
  const isNew = isQuoting && applied.quotingAtMs === undefined;
  useEffect(() => {
    if (isNew) setApplied((now) => now && { ...now, quotingAtMs: Date.now() });
  }, [isNew]);
  return { applied, setApplied };
}
