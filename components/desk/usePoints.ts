"use client";

import { useMemo, useRef } from "react";

/** A day of ten-second points, or more than two hours of seconds. */
const POINTS_MAX = 8_640;

interface Point {
  readonly atS: number;
}

/**
 * History as it was asked for once, and what the stream has said since, one point per step. The list is a
 * new one only when a step is over, so that charts draw once a step and not with every message.
 */
export function usePoints<P extends Point>(
  history: readonly P[] | undefined,
  latest: P | undefined,
  stepS: number,
): readonly P[] {
  const since = useRef<readonly P[]>([]);
  const step = latest === undefined ? undefined : Math.floor(latest.atS / stepS);
  return useMemo(() => {
    if (latest !== undefined && step !== undefined) {
      const atS = step * stepS;
      // A replay that starts again begins in the past: what came after is another run's.
      const before = since.current.filter((point) => point.atS < atS);
      since.current = [...before, { ...latest, atS }].slice(-POINTS_MAX);
    }
    const end = history?.at(-1)?.atS ?? -Infinity;
    return [...(history ?? []), ...since.current.filter(({ atS }) => atS > end)].slice(-POINTS_MAX);
    // One list per step: what came within it is not shown before it is over.
  }, [history, step, stepS]);
}
