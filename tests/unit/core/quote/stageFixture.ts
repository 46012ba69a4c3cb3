/** A quote on its way through the stages, in round numbers. */
import { ParamValues } from "../../../../server/contract/params.ts";
import type { QuoteContext } from "../../../../server/core/quote/context.ts";
import type { MarketModel } from "../../../../server/core/quote/model.ts";
import { STAGES } from "../../../../server/core/quote/stages.ts";

/** Everything that a stage reads, so that no default decides a test. */
const PARAMS = ParamValues.parse({
  capital: 1e6,
  model: "glft",
  spreadMultiplier: 1,
  spreadAddBps: 0,
  halfSpreadMaxBps: 50,
  obligation: false,
  pickOffZ: 1,
  sniperFeeBps: 1,
  skewMaxBps: 20,
  venueSkewBps: 0.5,
  levelStepOfDecay: 0.5,
  documentPenaltyBps: 10,
});

export const MODEL: MarketModel = {
  name: "glft",
  sigmaPerSqrtS: 2,
  gamma: 1e-5,
  slope: 0.5,
  limitBase: 5,
  inventorySdBase: 1,
  halfLifeS: 60,
  fillsPerMinute: 10,
  coreHalfSpread: Float64Array.of(4),
};

export const SESSION: MarketModel = { ...MODEL, name: "avellaneda-stoikov" };
export const DOCUMENT: MarketModel = { ...MODEL, name: "strategy-document", gamma: undefined, slope: 0.002 };

/** Fair value 20,000, so that a basis point is 2; before the stages nothing is priced. */
export function contextOf(
  change: Partial<QuoteContext> = {},
  params: Partial<ParamValues> = {},
): QuoteContext {
  return {
    params: { ...PARAMS, ...params },
    model: MODEL,
    mid: 20_003,
    fair: 20_000,
    basis: 1,
    rate: 1,
    k: 0.25,
    costBid: 0.6,
    costAsk: 0.6,
    orderBase: 0.1,
    coreHalfSpread: 4,
    makerFrac: 0.0001,
    exposedS: 0.1,
    secondsLeft: 1_000,
    excessBase: 0,
    targetBase: 0,
    venueShare: 0,
    tickQuote: 0.01,
    externalBidTicks: 1_990_000,
    externalAskTicks: 2_010_000,
    spectral: undefined,
    hedgeBid: undefined,
    hedgeAsk: undefined,
    level: 0,
    inventoryShift: 0,
    bid: 0,
    ask: 0,
    bidTicks: 0,
    askTicks: 0,
    off: undefined,
    bidOff: undefined,
    askOff: undefined,
    bidSizeFactor: 1,
    askSizeFactor: 1,
    atObligation: false,
    ...change,
  };
}

/** One stage on a quote of 19,996/20,004, which stands around 20,000. */
export function apply(
  name: string,
  change: Partial<QuoteContext> = {},
  params: Partial<ParamValues> = {},
): QuoteContext {
  const stage = STAGES.find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`there is no stage ${name}`);
  const context = contextOf({ basis: 0, bid: 19_996, ask: 20_004, ...change }, params);
  stage.apply(context);
  return context;
}
