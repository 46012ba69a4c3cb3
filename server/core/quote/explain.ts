import type { OffReason } from "../../contract/reasons.ts";
import type { QuoteExplanation, StageContribution } from "../../contract/views.ts";
import type { Engine, QuoteSlot } from "../state.ts";
import { prepareContext } from "./decide.ts";
import { STAGES } from "./stages.ts";

/** The quote of an instrument as the list of its stages; undefined while there is nothing to price from. */
export function explainQuote(engine: Engine, instrument: number, level = 0): QuoteExplanation | undefined {
  const inst = engine.state.instruments[instrument];
  const market = inst?.market === undefined ? undefined : engine.state.markets[inst.market];
  if (inst === undefined || market === undefined) return undefined;
  const context = prepareContext(engine, inst, market);
  if (context === undefined) return undefined;
  context.level = level;
  const stages: StageContribution[] = [];
  // Reporting currency per unit of the amounts: up to the conversion they are in it, from there on in quote currency.
  let rate = 1;
  for (const stage of STAGES) {
    const { bid, ask } = context;
    stage.apply(context);
    const isConversion = stage.name === "conversion";
    if (isConversion) rate = context.rate;
    const toBps = (amount: number): number => (isConversion ? 0 : ((amount * rate) / context.fair) * 1e4);
    stages.push({
      stage: stage.name,
      bid: context.bid - bid,
      ask: context.ask - ask,
      bidBps: toBps(context.bid - bid),
      askBps: toBps(context.ask - ask),
      inputs: stage.inputs(context),
    });
  }
  return {
    bid: context.bid,
    ask: context.ask,
    bidTicks: context.bidTicks,
    askTicks: context.askTicks,
    bidOff: offReason(inst.slots[2 * level]),
    askOff: offReason(inst.slots[2 * level + 1]),
    stages,
  };
}

/** What the latest decision, or the gate after it, said about a side. */
function offReason(slot: QuoteSlot | undefined): OffReason | undefined {
  return slot?.reason ?? slot?.refusedFor;
}
