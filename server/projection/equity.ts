/** The desk's P&L and exposure on a fixed grid of engine time. */
import { MICROS_PER_SECOND } from "../contract/units.ts";
import { readMarketPnl, readPnl } from "../core/pnl.ts";
import type { Engine } from "../core/state.ts";
import type { LineList } from "./lineList.ts";

const PERIOD_US = 10 * MICROS_PER_SECOND;

/** The first instant after `nowUs` at which equity is told. */
export function nextEquityAtUs(nowUs: number): number {
  return nowUs - (nowUs % PERIOD_US) + PERIOD_US;
}

export function pushEquity(engine: Engine, out: LineList): void {
  const { state, config } = engine;
  let netExposure = 0;
  let grossExposure = 0;
  for (const { inventoryBase, fair } of state.markets) {
    netExposure += inventoryBase * (fair ?? 0);
    grossExposure += Math.abs(inventoryBase * (fair ?? 0));
  }
  out.push({
    cursor: out.next(),
    atUs: out.atUs,
    type: "equity",
    reportingAsset: config.reportingAsset,
    netExposure,
    grossExposure,
    pnl: readPnl(engine),
    markets: state.markets.map((market) => ({
      market: market.market,
      fair: market.fair,
      inventoryBase: market.inventoryBase,
      pnl: readMarketPnl(market),
    })),
  });
}
