/** What a market's quotes follow from, solved once a second: γ, the skew slope and c₁ of every venue. */
import type { ParamValues } from "../../contract/params.ts";
import type { QuotingModel } from "../../contract/params/model.ts";
import { bpsOf } from "../../contract/units.ts";
import { sessionSkewSlope } from "./avellanedaStoikov.ts";
import { halfSpreadCore, skewSlope, type VenueFlow } from "./glft.ts";
import {
  fillsPerSecond,
  halfLifeSeconds,
  inventorySd,
  reversionSpeed,
  slopeForInventorySd,
} from "./inventoryDynamics.ts";
import { gammaForSlope } from "./riskAversion.ts";
import { documentHalfSpread } from "./strategyDocument.ts";

export interface MarketModel {
  readonly name: QuotingModel;
  readonly sigmaPerSqrtS: number;
  /** 1/quote currency; undefined where the model knows no risk aversion. */
  readonly gamma: number | undefined;
  /** Price per base unit by which the quotes' centre moves; of a model with sessions, that of their middle. */
  readonly slope: number;
  /** Limit of the asset, in base units at the fair value of the last calibration. */
  readonly limitBase: number;
  /** Where inventory settles under these quotes, and how fast; undefined where nothing pulls it back. */
  readonly inventorySdBase: number | undefined;
  readonly halfLifeS: number | undefined;
  /** Expected fills of both sides over all venues while flat. */
  readonly fillsPerMinute: number;
  /** c₁ in price, by position in the market; 0 where it is not quoted. */
  readonly coreHalfSpread: Float64Array;
}

/** Flow at a venue that is quoted, and its position in the market. */
export interface MemberFlow extends VenueFlow {
  readonly member: number;
  readonly params: ParamValues;
  /** Decay where the quote stands, 1/price: c₁ follows it, inventory's slope the k of all flow. */
  readonly localK: number;
}

export interface ModelInputs {
  readonly params: ParamValues;
  readonly fair: number;
  readonly sigma: number;
  readonly limitBase: number;
  readonly venues: readonly MemberFlow[];
  /** Instruments of the market, the references included. */
  readonly members: number;
}

/** Undefined when no γ gives the wanted inventory, or when costs leave no flow that could be quoted for. */
export function solveModel(name: QuotingModel, inputs: ModelInputs): MarketModel | undefined {
  const { params, fair, sigma, limitBase, venues } = inputs;
  const coreHalfSpread = new Float64Array(inputs.members);
  let gamma: number | undefined;
  let slope: number;
  if (name === "strategy-document") {
    slope = bpsOf(fair, params.documentPenaltyBps) / limitBase;
    for (const venue of venues)
      coreHalfSpread[venue.member] = documentHalfSpread({
        fair,
        sigma,
        baseSpreadFrac: venue.params.documentSpreadBps / 1e4,
        horizonS: venue.params.quoteLifeMinMs / 1e3,
      });
  } else {
    gamma = solveRiskAversion(name, inputs);
    if (gamma === undefined) return undefined;
    slope = slopeUnder(name, gamma, inputs);
    for (const { member, orderSize, localK } of venues)
      coreHalfSpread[member] = halfSpreadCore(gamma, orderSize, localK);
  }
  // Costs of many 1/k leave next to no fills, and a slope without measure: a price it moves is none any more.
  if (!venues.every(({ orderSize }) => slope * orderSize < fair)) return undefined;
  const quoting = { slope, venues, halfSpreads: venues.map(({ member }) => coreHalfSpread[member] ?? 0) };
  return {
    name,
    sigmaPerSqrtS: sigma,
    gamma,
    slope,
    limitBase,
    inventorySdBase: slope > 0 ? finite(inventorySd(slope, venues)) : undefined,
    halfLifeS: slope > 0 ? finite(halfLifeSeconds(reversionSpeed(quoting))) : undefined,
    fillsPerMinute: 60 * 2 * fillsPerSecond(quoting),
    coreHalfSpread,
  };
}

/** Where nothing is ever filled, nothing pulls inventory back. */
const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/** γ as set, or the one whose skew slope meets the target: GLFT's, or the mean of γσ²τ over a session. */
function solveRiskAversion(name: QuotingModel, inputs: ModelInputs): number | undefined {
  const { params, sigma, venues, limitBase } = inputs;
  if (params.riskAversionSource === "direct") return params.riskAversionPerQuote;
  const slope = slopeForInventorySd((limitBase * params.targetInventorySdPct) / 100, venues);
  if (name !== "avellaneda-stoikov") return gammaForSlope({ slope, sigma, venues });
  return slope / ((sigma * sigma * params.sessionSeconds) / 2);
}

function slopeUnder(name: QuotingModel, gamma: number, { params, sigma, venues }: ModelInputs): number {
  if (name === "symmetric") return 0;
  if (name === "avellaneda-stoikov")
    return sessionSkewSlope({ gamma, sigma, secondsLeft: params.sessionSeconds / 2 });
  return skewSlope({ gamma, sigma, venues });
}
