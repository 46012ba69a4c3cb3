/** How long the engine's thread stood still, second by second, beside a thread that has nothing to do: this one. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { EngineLink } from "../../contract/link.ts";

export const STALL_MAX_MS = 100;

/** Where an idle thread did not run either for so long, the machine is what stood still. */
const MACHINE_STALL_MS = 50;
const RESOLUTION_MS = 10;

export interface Standstills {
  /** The longest of them all. */
  readonly longestMs: number;
  /** Over the limit while this thread ran. */
  readonly ofEngine: number;
  /** Over the limit while this thread stood still too. */
  readonly ofMachine: number;
}

/** Until it is told to end. */
export function watchStandstills(link: EngineLink): () => Standstills {
  const own = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  own.enable();
  const seen = { longestMs: 0, ofEngine: 0, ofMachine: 0 };
  let isFirst = true;
  const unwatch = link.watch("system", ({ loopStallMs }) => {
    const ownMs = own.max / 1e6 - RESOLUTION_MS;
    own.reset();
    // It may be of before.
    if (!isFirst && loopStallMs > STALL_MAX_MS) {
      if (ownMs > MACHINE_STALL_MS) seen.ofMachine++;
      else seen.ofEngine++;
    }
    if (!isFirst) seen.longestMs = Math.max(seen.longestMs, Math.round(loopStallMs));
    isFirst = false;
  });
  return () => {
    own.disable();
    unwatch();
    return seen;
  };
}
