/** Trading a market's inventory back to its baselines, venue by venue, with reducing IOC orders. */
import type { Effect } from "../../contract/effects.ts";
import { bpsOf } from "../../contract/units.ts";
import { ceilToTicks, floorToTicks } from "../decimal.ts";
import { notice } from "../notices.ts";
import { countRefusal } from "../quote/decide.ts";
import { judge } from "../risk/gate.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";
import { holdingOf } from "./exposure.ts";
import { placeOrder } from "./requests.ts";

/** Time for the answers of one round before the next begins. */
const ROUND_US = 500_000;

/** On the timer, while a flatten is under way. */
export function planFlatten(engine: Engine, market: MarketState, out: Effect[]): void {
  const { flatten } = market;
  if (flatten === undefined || engine.state.nowUs < flatten.nextAtUs) return;
  flatten.nextAtUs = engine.state.nowUs + ROUND_US;
  const open = market.instruments
    .map((index) => engine.state.instruments[index])
    .filter((inst): inst is InstrumentState => inst !== undefined && lotsToReduce(engine, inst) > 0);
  if (open.length === 0 || flatten.attemptsLeft === 0) {
    market.flatten = undefined;
    const text =
      open.length === 0 ? "inventory is back at its baseline" : "gave up: an order could not be filled";
    return notice(out, "FLATTEN", market.market, text);
  }
  // Quotes and the orders of the last round must be gone before a venue's inventory is measured.
  const waiting = open.some((inst) => inst.live.length > 0);
  if (waiting) return;
  flatten.attemptsLeft -= 1;
  for (const inst of open) reduceAt(engine, inst, market, flatten.slippageMaxBps, out);
}

/** One instrument per venue carries its reduction: the first that trades the asset there. */
function lotsToReduce(engine: Engine, inst: InstrumentState): number {
  const first = engine.state.instruments.find(
    (other) => other.account === inst.account && other.market === inst.market && other.definition.quoted,
  );
  if (first !== inst) return 0;
  const atVenue = holdingOf(engine, inst.account, inst.definition.base).inventoryUnits;
  const lots = Math.floor(Math.abs(atVenue) / inst.lotBase + 1e-9);
  return lots >= inst.definition.sizeMinLots ? lots : 0;
}

function reduceAt(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  slippageMaxBps: number,
  out: Effect[],
): void {
  const rate = engine.state.rates.get(inst.definition.quote)?.value;
  if (rate === undefined || market.fair === undefined) return countRefusal(engine, "NO_REFERENCE");
  const side = holdingOf(engine, inst.account, inst.definition.base).inventoryUnits > 0 ? "sell" : "buy";
  const slippage = bpsOf(market.fair, Math.min(slippageMaxBps, inst.params.collarBps));
  const limit = (market.fair + (side === "buy" ? slippage : -slippage)) / rate;
  const verdict = judge(engine, {
    role: "reduce",
    instrument: inst.index,
    side,
    priceTicks: side === "buy" ? floorToTicks(limit, inst.tickQuote) : ceilToTicks(limit, inst.tickQuote),
    sizeLots: lotsToReduce(engine, inst),
  });
  if (!verdict.ok) return countRefusal(engine, verdict.code);
  placeOrder(engine, verdict.order, -1, out);
}
