/**
 * How far the venue's clock is ahead of ours, from one question. The answer was made between sending and receiving, and
 * its time is rounded down to the venue's grain: what is known already stays when it fits into that.
 */
import type { CcxtInstance } from "./ccxt.ts";

/** Rejects when the venue does not say its time. */
export async function measureSkewUs(
  instance: Pick<CcxtInstance, "fetchTime">,
  {
    grainMs,
    knownUs,
    nowUs,
  }: { readonly grainMs: number; readonly knownUs: number; readonly nowUs: () => number },
): Promise<number> {
  const sentAtUs = nowUs();
  const venueUs = Number(await instance.fetchTime()) * 1_000;
  if (!Number.isFinite(venueUs)) throw new Error("the venue does not say its time");
  const least = venueUs - nowUs();
  const most = venueUs + grainMs * 1_000 - sentAtUs;
  return knownUs >= least && knownUs <= most ? knownUs : (least + most) / 2;
}
