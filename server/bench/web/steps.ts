/** How long the engine's steps take, from what it says of itself once a second. */
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineLink } from "../../contract/link.ts";

export interface StepWindow {
  /** Median over the window of the engine's own p99, which stands on about the last second. */
  readonly stepP99Us: number;
  readonly eventsPerSecond: number;
}

/** Watches until `isOver`, which is asked twice a second. */
export async function watchSteps(
  link: Pick<EngineLink, "watch">,
  isOver: () => boolean | Promise<boolean>,
): Promise<StepWindow> {
  const p99s: number[] = [];
  const rates: number[] = [];
  const unwatch = link.watch("system", ({ stepP99Us, eventsPerSecond }) => {
    if (stepP99Us !== undefined) p99s.push(stepP99Us);
    rates.push(eventsPerSecond);
  });
  try {
    while (!(await isOver())) await sleep(500);
  } finally {
    unwatch();
  }
  return { stepP99Us: median(p99s), eventsPerSecond: median(rates) };
}

/** The upper one of two in the middle. Throws without values. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error("there is no median of nothing");
  return middle;
}
