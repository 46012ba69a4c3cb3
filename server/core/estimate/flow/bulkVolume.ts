/**
 * Bulk volume classification (Easley, López de Prado and O'Hara 2012): which share of a bar's volume was
 * bought, judged by the bar's price change. Only for tapes without aggressor flags: where there are
 * flags it is worse than them (Andersen and Bondarenko 2014).
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { normalTail } from "../../quote/normal.ts";
import { addReturn, createEwVariance, variancePerSecond, type EwVariance } from "../ewVariance.ts";

/** A change across a longer silence is no bar's. */
const BAR_GAP_MAX = 10;

export interface BulkBars {
  changes: EwVariance;
  /** Last price of the bar before. */
  closed: number | undefined;
  openedAtUs: number | undefined;
  last: number;
  volume: number;
}

export function createBulkBars(): BulkBars {
  return { changes: createEwVariance(), closed: undefined, openedAtUs: undefined, last: 0, volume: 0 };
}

/** V_B = V·Φ(ΔP/σ), with σ the standard deviation of a bar's ΔP; halves while no price has moved. */
export function classifyBulk(bar: {
  readonly volume: number;
  readonly change: number;
  readonly sd: number;
}): {
  buy: number;
  sell: number;
} {
  const z = bar.sd > 0 ? bar.change / bar.sd : 0;
  return { buy: bar.volume * normalTail(-z), sell: bar.volume * normalTail(z) };
}

/**
 * One trade; when it is the first beyond the end of a bar, that bar's volume comes back in its two parts. `barS` is
 * the length of a bar, `horizonS` that over which σ is learned. The first bar only gives a price.
 */
export function observeUnsigned(
  state: BulkBars,
  trade: { readonly atUs: number; readonly price: number; readonly size: number },
  barS: number,
  horizonS: number,
): { buy: number; sell: number } | undefined {
  const { openedAtUs, closed } = state;
  if (openedAtUs === undefined) {
    open(state, trade);
    return undefined;
  }
  const elapsedS = (trade.atUs - openedAtUs) / MICROS_PER_SECOND;
  if (elapsedS < barS) {
    state.last = trade.price;
    state.volume += trade.size;
    return undefined;
  }
  const bar =
    closed === undefined ? undefined : closeBar(state, state.last - closed, elapsedS, barS, horizonS);
  state.closed = state.last;
  open(state, trade);
  return bar;
}

function open(
  state: BulkBars,
  trade: { readonly atUs: number; readonly price: number; readonly size: number },
) {
  state.openedAtUs = trade.atUs;
  state.last = trade.price;
  state.volume = trade.size;
}

function closeBar(state: BulkBars, change: number, elapsedS: number, barS: number, horizonS: number) {
  const dtS = Math.min(elapsedS, BAR_GAP_MAX * barS);
  const perSecond = variancePerSecond(state.changes) ?? 0;
  const bar = classifyBulk({ volume: state.volume, change, sd: Math.sqrt(perSecond * dtS) });
  addReturn(state.changes, horizonS, change, dtS);
  return bar;
}
