/**
 * Suite `wire`: what the way through ccxt to a venue and back costs. Emulated venues on this machine without latency,
 * and without the limits on requests that they have everywhere else.
 */
import type { Suite } from "./measure.ts";
import { bundleWireBench } from "./wire/bundles.ts";
import { measureOrdersSustained } from "./wire/ordersSustained.ts";
import { measureTickToOrder } from "./wire/tickToOrder.ts";

/** Compiled, and with warm caches: 100 s of them. */
export const WARM_UP_FRAMES = 2_000;

export async function benchWire(onProgress: (done: string) => void, warmUpFrames: number): Promise<Suite> {
  await bundleWireBench();
  const { tickToOrder, ccxtFloor, answered } = await measureTickToOrder(warmUpFrames, onProgress);
  onProgress("orders-sustained and cancel-under-load, a minute; the venues' limits are lifted");
  const { perSecond, cancelUnderLoad } = await measureOrdersSustained();
  return {
    results: [
      tickToOrder,
      // ccxt's share of it; the rest is ours.
      ccxtFloor,
      ...answered.map(({ figure }) => figure),
      { name: "our-share-p50", unit: "ms", value: round(tickToOrder.p50 - ccxtFloor.p50) },
      { name: "our-share-p99", unit: "ms", value: round(tickToOrder.p99 - ccxtFloor.p99) },
      {
        name: "orders-sustained",
        unit: "requests/s at 3 venues, half cancels, limits lifted",
        value: perSecond,
      },
      cancelUnderLoad,
    ],
    budgets: [
      ...answered.map(({ budget }) => budget),
      { name: "tick-to-order", field: "p50", atMost: 2 },
      { name: "tick-to-order", field: "p99", atMost: 8 },
      { name: "tick-to-order", field: "p50", atMost: round(ccxtFloor.p50 + 0.5) },
      { name: "tick-to-order", field: "p99", atMost: round(ccxtFloor.p99 * 1.5) },
      { name: "orders-sustained", field: "value", atLeast: 1_000 },
      { name: "cancel-under-load", field: "p99", atMost: 20 },
    ],
  };
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
