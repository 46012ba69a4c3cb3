/** The trades of others that come with a burst of latency: they take one side of every book level by level. */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { WireFault } from "../../../contract/wireFaults.ts";
import type { LabCore } from "../core/venueCore.ts";
import type { HostTime } from "./time.ts";

/** From one round of takers to the next: a brisk market has some ten trades a second. */
const EVERY_US = 100 * MICROS_PER_MS;

export function startBurst(
  core: LabCore,
  time: HostTime,
  { side, forMs }: Extract<WireFault, { kind: "latencyBurst" }>,
): void {
  const endUs = time.nowUs() + forMs * MICROS_PER_MS;

  function takeAll(): void {
    for (const { instrument } of core.listings) {
      const { bids, asks } = core.book(instrument);
      // Never the last level of a side.
      const [limitTicks, sizeLots, next] = side === "buy" ? asks : bids;
      if (limitTicks === undefined || sizeLots === undefined || next === undefined) continue;
      core.moveMarket({
        kind: "take",
        instrument,
        exchangeAtUs: core.steadyUs(),
        side,
        sizeLots,
        limitTicks,
      });
    }
    const nextUs = time.nowUs() + EVERY_US;
    if (nextUs < endUs) time.at(nextUs, takeAll);
  }

  time.at(time.nowUs(), takeAll);
}
