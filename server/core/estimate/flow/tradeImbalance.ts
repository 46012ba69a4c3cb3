/**
 * Who has been trading aggressively: signed volume over volume, from the aggressor flags of the tape,
 * exponentially weighted over time. What the strategy document calls order-flow imbalance; that name
 * belongs to `orderFlowImbalance.ts`.
 */
import type { Side } from "../../../contract/units.ts";
import type { Estimate } from "../estimate.ts";
import { keptFrac, readSigned } from "./signedReading.ts";

/** A few trades are ±1 by chance: nothing below 20 of them, and the rest shrinks by n/(n + 20) (models row 32). */
const N_COLD = 20;
const N_SHRINK = 20;
/** The shrinkage costs less than a sixth from here on. */
const N_TRUSTED = 100;
const STALE_AFTER_S = 60;

export interface TradeImbalance {
  /** Σ w·size of buys and of sells. */
  buy: number;
  sell: number;
  /** Σ w: trades. */
  n: number;
  /** Σ w²·size²: what chance alone makes of the sum of signed sizes. */
  squares: number;
  updatedAtUs: number | undefined;
}

export function createTradeImbalance(): TradeImbalance {
  return { buy: 0, sell: 0, n: 0, squares: 0, updatedAtUs: undefined };
}

export function observeTrade(
  state: TradeImbalance,
  trade: { readonly atUs: number; readonly aggressor: Side; readonly size: number },
  horizonS: number,
): void {
  const kept = keptFrac(trade.atUs - (state.updatedAtUs ?? trade.atUs), horizonS);
  state.buy *= kept;
  state.sell *= kept;
  state[trade.aggressor] += trade.size;
  state.n = state.n * kept + 1;
  state.squares = state.squares * kept * kept + trade.size * trade.size;
  state.updatedAtUs = trade.atUs;
}

/** (buy − sell)/(buy + sell), −1 … 1 and > 0 when buyers lift offers; undefined before a trade. */
export function rawImbalance(state: TradeImbalance): number | undefined {
  const volume = state.buy + state.sell;
  return volume > 0 ? (state.buy - state.sell) / volume : undefined;
}

/** The imbalance shrunk by n/(n + 20), COLD below 20 trades within the horizon. */
export function readTradeImbalance(state: TradeImbalance, atUs: number, horizonS: number): Estimate {
  const kept = state.updatedAtUs === undefined ? 1 : keptFrac(atUs - state.updatedAtUs, horizonS);
  const nEff = state.n * kept;
  const raw = rawImbalance(state);
  const shrink = nEff / (nEff + N_SHRINK);
  return readSigned(
    {
      value: raw === undefined ? undefined : raw * shrink,
      stderr: raw === undefined ? undefined : shrink * byChance(state, raw),
      nEff,
      updatedAtUs: state.updatedAtUs,
    },
    { nCold: N_COLD, nTrusted: N_TRUSTED, staleAfterS: STALE_AFTER_S },
    atUs,
  );
}

/** √(Σw²x²·(1 − I²))/Σw·x: signs drawn independently with mean I. */
function byChance(state: TradeImbalance, raw: number): number {
  return Math.sqrt(state.squares * Math.max(0, 1 - raw * raw)) / (state.buy + state.sell);
}
