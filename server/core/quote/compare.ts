/** What every model would quote on the same state. */
import type { ModelQuoteView } from "../../contract/estimates.ts";
import { QUOTING_MODELS, type QuotingModel } from "../../contract/params/model.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";
import { modelInputs } from "./calibrate.ts";
import { prepareContext, whyNoModel } from "./decide.ts";
import { solveModel, type ModelInputs } from "./model.ts";
import { runLevelStages, runModelStages } from "./stages.ts";

export function compareModels(engine: Engine, inst: InstrumentState, market: MarketState): ModelQuoteView[] {
  const inputs = modelInputs(engine, market);
  return QUOTING_MODELS.map((model) => quoteUnder(engine, inst, market, model, inputs));
}

function quoteUnder(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  model: QuotingModel,
  inputs: ModelInputs | undefined,
): ModelQuoteView {
  const solved = inputs && solveModel(model, inputs);
  const context = solved && prepareContext(engine, inst, market, solved);
  if (context === undefined)
    return {
      model,
      bid: undefined,
      ask: undefined,
      halfSpreadBps: undefined,
      centreBps: undefined,
      off: inst.reason ?? whyNoModel(market, inst, engine.state.nowUs),
    };
  runModelStages(context);
  runLevelStages(context);
  const { bid, ask, fair, basis, rate, off } = context;
  // From quote currency, which the stages end in, to bps of fair value.
  const toBps = (1e4 * rate) / fair;
  return {
    model,
    bid,
    ask,
    halfSpreadBps: ((ask - bid) / 2) * toBps,
    centreBps: ((ask + bid) / 2 - (fair + basis) / rate) * toBps,
    off,
  };
}
