/**
 * The exact stationary quotes of Guéant, Lehalle and Fernandez-Tapia (MFE 7, 2013, theorem 2), where
 * the closed form of `glft.ts` is a small-inventory expansion. With inventory of n = −Q…Q orders of Δ,
 * f is the ground eigenvector of the tridiagonal M = diag(αn²) − η·offdiag, α = kγσ²Δ/2 and
 * η = A·(1+γΔ/k)^−(1+k/(γΔ))·e^(−k·cost), and
 *   δ_bid(n) = ln(1+γΔ/k)/(γΔ) + cost + ln(f_n/f_n+1)/k,      δ_ask(n) = δ_bid(−n).
 */
import { halfSpreadCore, liquidity, type VenueFlow } from "./glft.ts";

/** Orders of inventory on either side: far more than any risk budget holds, and still about 0.1 ms of work. */
export const ORDERS_MAX = 200;

/** Newton needs about ten; a step that leaves the bracket becomes a halving, of which 60 exhaust a double. */
const ITERATIONS_MAX = 60;

/** How far from fair value each side stands, by inventory. */
export interface DistanceTable {
  /** Q: the table ends where one more order would exceed it. */
  readonly ordersMax: number;
  readonly orderSize: number;
  /** δ_bid at n = −Q … Q−1, in price; δ_ask(n) is δ_bid(−n). */
  readonly bid: Float64Array;
}

export interface SpectralQuotes extends DistanceTable {
  /** Lowest eigenvalue of M, 1/s: −λ₀ is the rate at which expected utility grows. */
  readonly lambda0: number;
  /** λ₁ − λ₀, 1/s: the speed at which inventory forgets where it was. */
  readonly spectralGap: number;
}

export interface SpectralProblem {
  readonly flow: VenueFlow;
  readonly gamma: number;
  /** price/√s */
  readonly sigma: number;
  readonly ordersMax: number;
}

/**
 * Solves for λ₀ by inverse iteration on one entry, which is Newton on the last pivot of M − λ, with a
 * bracket around it. M is even in n, so n = 0…Q decides. Only the ratios f_n+1/f_n are formed, each from the one
 * outside it: f itself would underflow, the ratios never do and lose no digits.
 */
export function spectralQuotes(problem: SpectralProblem): SpectralQuotes {
  const { flow, ordersMax } = problem;
  const { alpha, eta } = matrixOf(problem);
  const ratios = new Float64Array(ordersMax);
  // The even vectors see both neighbours of n = 0; the odd ones are 0 there, and λ₁ belongs to the first of them.
  const lambda1 = lowestRoot((lambda) => firstPivot(lambda, alpha, eta, ratios), {
    low: -2 * eta,
    high: alpha,
  });
  const lambda0 = lowestRoot(
    (lambda) => {
      const { value, slope } = firstPivot(lambda, alpha, eta, ratios);
      if (!(value > 0)) return { value, slope };
      return {
        value: -lambda - (2 * eta * eta) / value,
        slope: -1 + (2 * eta * eta * slope) / (value * value),
      };
    },
    { low: -2 * eta, high: Math.min(0, lambda1) },
  );
  firstPivot(lambda0, alpha, eta, ratios);
  const base = halfSpreadCore(problem.gamma, flow.orderSize, flow.k) + flow.cost;
  const bid = new Float64Array(2 * ordersMax);
  for (let n = 0; n < ordersMax; n++) {
    const step = Math.log(ratios[n] ?? NaN) / flow.k;
    bid[ordersMax + n] = base - step;
    bid[ordersMax - 1 - n] = base + step;
  }
  return { ordersMax, orderSize: flow.orderSize, bid, lambda0, spectralGap: lambda1 - lambda0 };
}

/** Distances at an inventory of `q` base units less its target, linear between whole orders, flat beyond the table. */
export function distancesAt(table: DistanceTable, q: number): { bid: number; ask: number } {
  const orders = q / table.orderSize;
  return { bid: bidAt(table, orders), ask: bidAt(table, -orders) };
}

/**
 * One flow that stands for several venues: its closed-form skew slope and its inventory s.d. are those
 * of all of them pooled (models §5.1), with the fill-weighted mean of k and Δ; costs are inside its A.
 */
export function pooledFlow(venues: readonly VenueFlow[], gamma: number): VenueFlow {
  let pooled = 0;
  let traded = 0;
  let tradedK = 0;
  let tradedSize = 0;
  for (const venue of venues) {
    const volume = venue.A * Math.exp(-venue.k * venue.cost) * venue.orderSize;
    pooled += liquidity(venue, gamma);
    traded += volume;
    tradedK += volume * venue.k;
    tradedSize += volume * venue.orderSize;
  }
  const flow = { A: 1, k: tradedK / traded, orderSize: tradedSize / traded, cost: 0 };
  return { ...flow, A: pooled / liquidity(flow, gamma) };
}

/** α and η of M, 1/s. */
export function matrixOf({ flow, gamma, sigma, ordersMax }: SpectralProblem): { alpha: number; eta: number } {
  if (!(Number.isInteger(ordersMax) && ordersMax >= 1 && ordersMax <= ORDERS_MAX))
    throw new RangeError(
      `orders of inventory must be a whole number from 1 to ${ORDERS_MAX}, not ${ordersMax}`,
    );
  const { k, orderSize } = flow;
  const alpha = (k * gamma * sigma * sigma * orderSize) / 2;
  const eta = liquidity(flow, gamma) / (k * orderSize);
  if (!(alpha > 0 && eta > 0 && alpha < Infinity && eta < Infinity))
    throw new RangeError("spectral quotes need positive A, k, order size, volatility and risk aversion");
  return { alpha, eta };
}

/**
 * Eliminates M − λ from n = Q inwards to n = 1: the pivot there and its slope in λ, and in `ratios` the
 * f_n+1/f_n. A pivot that is not positive means that λ is above the lowest eigenvalue.
 */
function firstPivot(
  lambda: number,
  alpha: number,
  eta: number,
  ratios: Float64Array,
): { value: number; slope: number } {
  let ratio = 0;
  let ratioSlope = 0;
  let pivot = 0;
  let slope = 0;
  for (let n = ratios.length; n >= 1; n--) {
    pivot = alpha * n * n - lambda - eta * ratio;
    slope = -1 - eta * ratioSlope;
    if (!(pivot > 0)) return { value: -1, slope: -1 };
    ratio = eta / pivot;
    ratioSlope = (-ratio * slope) / pivot;
    ratios[n - 1] = ratio;
  }
  return { value: pivot, slope };
}

/** The lowest root of a function that is positive at `low`, falls and is concave up to that root, and not positive above. */
function lowestRoot(
  at: (lambda: number) => { readonly value: number; readonly slope: number },
  bracket: { readonly low: number; readonly high: number },
): number {
  let { low, high } = bracket;
  let lambda = low;
  for (let i = 0; i < ITERATIONS_MAX; i++) {
    const { value, slope } = at(lambda);
    if (value > 0) low = lambda;
    else high = lambda;
    const newton = lambda - value / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - lambda) <= 2 * Number.EPSILON * Math.abs(lambda) || next === low || next === high)
      return next;
    lambda = next;
  }
  return lambda;
}

function bidAt({ bid, ordersMax }: DistanceTable, orders: number): number {
  const at = Math.min(Math.max(orders + ordersMax, 0), bid.length - 1);
  const below = Math.floor(at);
  const low = bid[below] ?? NaN;
  const high = bid[Math.min(below + 1, bid.length - 1)] ?? NaN;
  return low + (high - low) * (at - below);
}
