/** The first price of every base asset in a recording, to turn notionals into sizes. */
import type { RecordedEvent } from "./events.ts";
import type { Recording } from "./reader.ts";

export function firstPrices(recording: Recording, fromUs: number): Map<string, number> {
  const { instruments } = recording.manifest;
  const bases = new Set(instruments.map(({ definition }) => definition.base));
  const prices = new Map<string, number>();
  const cursor = recording.read({ fromUs });
  for (let event = cursor.next(); event !== undefined && prices.size < bases.size; event = cursor.next()) {
    const definition = instruments[event.instrument]?.definition;
    if (definition === undefined || prices.has(definition.base)) continue;
    const ticks = priceTicksOf(event);
    if (ticks !== undefined) prices.set(definition.base, ticks * Number(definition.tick));
  }
  return prices;
}

function priceTicksOf(event: RecordedEvent): number | undefined {
  switch (event.kind) {
    case "snapshot":
    case "delta":
    case "top":
      return event.bids[0];
    case "touch":
      return event.bidTicks;
    case "print":
      return event.priceTicks;
    case "alive":
    case "gap":
      return undefined;
  }
}
