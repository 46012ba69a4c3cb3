/** The slow part of quoting, once a second: order sizes, skew slope and risk aversion of a market. */
import type { ParamValues } from "../../contract/params.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";
import { volatilityStatus } from "../estimate/volatility.ts";
import { bpsOf } from "../../contract/units.ts";
import { sessionSkewSlope } from "./avellanedaStoikov.ts";
import { halfSpreadCore, skewSlope, type VenueFlow } from "./glft.ts";
import { halfLifeSeconds, inventorySd, reversionSpeed, slopeForInventorySd } from "./inventoryDynamics.ts";
import { gammaForSlope } from "./riskAversion.ts";

export function calibrateModel(engine: Engine, market: MarketState): void {
  const { state } = engine;
  const { fair, volatility, params } = market;
  const status = volatilityStatus(volatility, state.nowUs);
  market.model = undefined;
  if (fair === undefined || volatility.valuePerSqrtS === undefined || status === "COLD" || status === "STALE")
    return;

  const quoted: InstrumentState[] = [];
  const venues: VenueFlow[] = [];
  for (const index of market.instruments) {
    const inst = state.instruments[index];
    if (inst === undefined || !inst.definition.quoted) continue;
    const orderBase = (state.deskParams.capital * inst.params.orderNotionalPct) / 100 / fair;
    inst.orderLots = Math.floor(orderBase / inst.lotBase + 1e-9);
    quoted.push(inst);
    venues.push({
      A: inst.params.fillRatePerMinute / 60,
      k: 1e4 / (inst.params.fillDecayBps * fair),
      orderSize: Math.max(inst.orderLots, 1) * inst.lotBase,
      cost: makerFrac(engine, inst) * fair + bpsOf(fair, inst.params.adverseSelectionBps),
    });
  }
  if (venues.length === 0) return;

  const sigma = volatility.valuePerSqrtS;
  const limitBase = (state.deskParams.capital * params.assetMaxPct) / 100 / fair;
  const targetSlope = slopeForInventorySd((limitBase * params.targetInventorySdPct) / 100, venues);
  const gamma = solveRiskAversion(params, targetSlope, sigma, venues);
  if (gamma === undefined) return;
  const slope =
    params.model === "glft"
      ? skewSlope({ gamma, sigma, venues })
      : sessionSkewSlope({ gamma, sigma, secondsLeft: params.sessionSeconds / 2 });
  const halfLifeS = halfLifeSeconds(reversionSpeed({ gamma, slope, venues }));
  market.model = {
    sigmaPerSqrtS: sigma,
    gamma,
    slope,
    limitBase,
    inventorySdBase: inventorySd(slope, venues),
    halfLifeS,
  };
  for (const [i, inst] of quoted.entries()) {
    const venue = venues[i];
    if (venue !== undefined) inst.coreHalfSpread = halfSpreadCore(gamma, venue.orderSize, venue.k);
  }
}

/** γ as set, or the one whose skew slope meets the target: GLFT's, or the mean of γσ²τ over a session. */
function solveRiskAversion(
  params: ParamValues,
  targetSlope: number,
  sigma: number,
  venues: readonly VenueFlow[],
): number | undefined {
  if (params.riskAversionSource === "direct") return params.riskAversionPerQuote;
  if (params.model === "glft") return gammaForSlope({ slope: targetSlope, sigma, venues });
  return targetSlope / ((sigma * sigma * params.sessionSeconds) / 2);
}

function makerFrac(engine: Engine, inst: InstrumentState): number {
  return engine.config.accounts[inst.account]?.fees.makerFrac ?? 0;
}
