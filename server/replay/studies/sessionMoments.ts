/**
 * The moments of the strategies in `sessionMarket.ts` without simulation: inventory is a Markov chain, and
 * along it the probability and the first two moments of profit obey linear recursions.
 */
import { fillProbability, meanSpread, quotesAt, type SessionMarket, type Strategy } from "./sessionMarket.ts";

export interface SessionMoments {
  readonly spread: number;
  readonly profitMean: number;
  readonly profitSd: number;
  readonly finalQMean: number;
  readonly finalQSd: number;
}

/** Standard deviations of the widest walk (both sides filled every other time, √(n/2)) that the grid holds. */
const GRID_SD = 8;

/** Of every inventory q on −reach…reach: its probability, and the sums of profit and profit² on it. */
interface Chain {
  readonly probability: Float64Array;
  readonly profit: Float64Array;
  readonly profitSquared: Float64Array;
}

export function sessionMoments(strategy: Strategy, market: SessionMarket): SessionMoments {
  const { sigma, sessionS, steps } = market;
  const reach = Math.min(steps, Math.ceil(GRID_SD * Math.sqrt(steps / 2)));
  let chain = emptyChain(reach);
  chain.probability[reach] = 1;
  const varianceStep = (sigma * sigma * sessionS) / steps;
  for (let step = 0; step < steps; step++) {
    const next = emptyChain(reach);
    const { half, skew } = quotesAt(strategy, market, step);
    for (let q = -reach; q <= reach; q++) {
      if (chain.probability[q + reach] === 0) continue;
      const bid = half + skew * q;
      const ask = half - skew * q;
      const bought = fillProbability(market, bid);
      const sold = fillProbability(market, ask);
      const from = q + reach;
      flow(chain, next, { from, to: from, share: (1 - bought) * (1 - sold), gain: 0 });
      flow(chain, next, { from, to: from, share: bought * sold, gain: bid + ask });
      flow(chain, next, { from, to: Math.min(from + 1, 2 * reach), share: bought * (1 - sold), gain: bid });
      flow(chain, next, { from, to: Math.max(from - 1, 0), share: sold * (1 - bought), gain: ask });
    }
    // The price moves after the fills, up or down alike: only the second moment of q·ΔS is left.
    for (let q = -reach; q <= reach; q++) {
      const at = q + reach;
      next.profitSquared[at] =
        (next.profitSquared[at] ?? 0) + q * q * varianceStep * (next.probability[at] ?? 0);
    }
    chain = next;
  }
  return momentsOf(chain, meanSpread(strategy, market));
}

function emptyChain(reach: number): Chain {
  const size = 2 * reach + 1;
  return {
    probability: new Float64Array(size),
    profit: new Float64Array(size),
    profitSquared: new Float64Array(size),
  };
}

/** Moves a share of what stands at `from`, each of whose paths earns `gain`. */
function flow(
  of: Chain,
  into: Chain,
  by: { readonly from: number; readonly to: number; readonly share: number; readonly gain: number },
): void {
  const { from, to, share, gain } = by;
  const probability = of.probability[from] ?? 0;
  const profit = of.profit[from] ?? 0;
  const squared = of.profitSquared[from] ?? 0;
  into.probability[to] = (into.probability[to] ?? 0) + share * probability;
  into.profit[to] = (into.profit[to] ?? 0) + share * (profit + gain * probability);
  into.profitSquared[to] =
    (into.profitSquared[to] ?? 0) + share * (squared + 2 * gain * profit + gain * gain * probability);
}

function momentsOf(chain: Chain, spread: number): SessionMoments {
  const reach = (chain.probability.length - 1) / 2;
  let profitMean = 0;
  let profitSquare = 0;
  let finalQMean = 0;
  let finalQSquare = 0;
  for (const [at, probability] of chain.probability.entries()) {
    const q = at - reach;
    profitMean += chain.profit[at] ?? 0;
    profitSquare += chain.profitSquared[at] ?? 0;
    finalQMean += q * probability;
    finalQSquare += q * q * probability;
  }
  // Where nothing varies, rounding may leave less than nothing.
  return {
    spread,
    profitMean,
    profitSd: Math.sqrt(Math.max(0, profitSquare - profitMean * profitMean)),
    finalQMean,
    finalQSd: Math.sqrt(Math.max(0, finalQSquare - finalQMean * finalQMean)),
  };
}
