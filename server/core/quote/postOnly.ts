import type { Side } from "../../contract/units.ts";

/**
 * The price nearest to the wanted one that still rests: a bid stays below the best ask of others, an ask
 * above their best bid. Integer ticks of one instrument, the wanted price already rounded away from the
 * market (`floorToTicks` for a bid, `ceilToTicks` for an ask). The clamp moves a quote only outwards, so a
 * bid that was below our ask stays below it.
 */
export function clampPostOnlyTicks(side: Side, wantedTicks: number, oppositeBestTicks: number): number {
  return side === "buy"
    ? Math.min(wantedTicks, oppositeBestTicks - 1)
    : Math.max(wantedTicks, oppositeBestTicks + 1);
}
