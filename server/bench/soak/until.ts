import { setTimeout as sleep } from "node:timers/promises";

/** Asks again and again whether it is so; false when it has not come to that in time. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  waitMs: number,
  everyMs = 100,
): Promise<boolean> {
  for (const endMs = performance.now() + waitMs; performance.now() < endMs; await sleep(everyMs))
    if (await isSo()) return true;
  return false;
}
