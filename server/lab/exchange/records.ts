/** What happens when a record of the market arrives at the exchange. */
import type { DepthRecord, MarketRecord, PrintRecord, TakeRecord } from "../ports.ts";
import { applyDepth } from "./depth.ts";
import type { Call } from "./execution.ts";
import { publishChanges, publishSnapshot } from "./feed.ts";
import type { InstrumentMarket } from "./market.ts";
import { allocatePrint, fillCrossed, take } from "./matching.ts";

/** A record that changes nothing in sight still shows that the channel is alive. What is delisted has no channel. */
export function applyRecord(market: InstrumentMarket, record: MarketRecord, call: Call): void {
  if (market.definition.status === "DELISTED") return;
  switch (record.kind) {
    case "snapshot":
    case "delta":
    case "top":
      return applyDepthRecord(market, record, call);
    case "print":
      return applyPrint(market, record, call);
    case "take":
      return applyTake(market, record, call);
    case "gap":
      market.published = false;
      return publishStatus(market, "gap", call);
    case "alive":
      return publishStatus(market, "alive", call);
  }
}

function applyDepthRecord(market: InstrumentMarket, record: DepthRecord, call: Call): void {
  applyDepth(market, record);
  if (trades(market)) fillCrossed(market, call);
  if (!market.published) publishSnapshot(market, call.output);
  else if (!publishChanges(market, call.output)) publishStatus(market, "alive", call);
}

function applyPrint(market: InstrumentMarket, print: PrintRecord, call: Call): void {
  if (!trades(market)) return publishStatus(market, "alive", call);
  allocatePrint(market, print, call);
  const { priceTicks, sizeLots, aggressor } = print;
  call.output.public({ type: "trade", instrument: market.instrument, priceTicks, sizeLots, aggressor });
  publishChanges(market, call.output);
}

function applyTake(market: InstrumentMarket, record: TakeRecord, call: Call): void {
  if (!trades(market)) return publishStatus(market, "alive", call);
  const { side, sizeLots, limitTicks } = record;
  if (take(market, { side, sizeLots, limitTicks }, call) === 0) return publishStatus(market, "alive", call);
  publishChanges(market, call.output);
}

/** While it is halted books move and nobody trades. */
function trades({ definition }: InstrumentMarket): boolean {
  return definition.status === "TRADING";
}

function publishStatus(market: InstrumentMarket, status: "alive" | "gap", call: Call): void {
  call.output.public({ type: "feed", instrument: market.instrument, status });
}
