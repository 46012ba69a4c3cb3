import type { QuoteExplanation, StageContribution } from "../../contract/views.ts";
import type { Engine } from "../state.ts";
import { createContext } from "./context.ts";
import { STAGES } from "./stages.ts";

/** The quote of an instrument as the list of its stages; undefined while there is nothing to price from. */
export function explainQuote(engine: Engine, instrument: number): QuoteExplanation | undefined {
  const inst = engine.state.instruments[instrument];
  const market = inst?.market === undefined ? undefined : engine.state.markets[inst.market];
  if (inst === undefined || market === undefined) return undefined;
  const context = createContext(engine, inst, market);
  if (context === undefined) return undefined;
  const stages: StageContribution[] = [];
  for (const stage of STAGES) {
    const { bid, ask } = context;
    stage.apply(context);
    stages.push({
      stage: stage.name,
      bid: context.bid - bid,
      ask: context.ask - ask,
      bidBps: ((context.bid - bid) / context.fair) * 1e4,
      askBps: ((context.ask - ask) / context.fair) * 1e4,
      inputs: stage.inputs(context),
    });
  }
  return {
    bid: context.bid,
    ask: context.ask,
    bidTicks: context.bidTicks,
    askTicks: context.askTicks,
    off: inst.reason ?? context.off,
    stages,
  };
}
