/** The exact quotes far from flat, for the model that asks for them: solved by the slow loop, read by the stages. */
import type { Engine, MarketState } from "../state.ts";
import { modelInputs } from "./calibrate.ts";
import { halfSpreadCore } from "./glft.ts";
import { ORDERS_MAX, pooledFlow, spectralQuotes } from "./glftSpectral.ts";

/** The table reaches beyond the limit, where the gate lets nothing pass any more. */
const BEYOND_LIMIT_ORDERS = 2;

export function refreshSpectral(engine: Engine, market: MarketState): void {
  const { model } = market;
  const inputs = model?.name === "glft-spectral" ? modelInputs(engine, market) : undefined;
  if (model?.gamma === undefined || inputs === undefined) {
    market.spectral = undefined;
    return;
  }
  const flow = pooledFlow(inputs.venues, model.gamma);
  const ordersMax = Math.min(ORDERS_MAX, Math.ceil(model.limitBase / flow.orderSize) + BEYOND_LIMIT_ORDERS);
  const table = spectralQuotes({ flow, gamma: model.gamma, sigma: model.sigmaPerSqrtS, ordersMax });
  market.spectral = { table, k: flow.k, core: halfSpreadCore(model.gamma, flow.orderSize, flow.k) };
}
