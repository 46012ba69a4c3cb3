/** The vectors of quoting, inventory and the studies of both papers, computed by our code. */
import { SECONDS_PER_YEAR } from "../../../server/contract/units.ts";
import { ceilToTicks, floorToTicks } from "../../../server/core/decimal.ts";
import {
  indifferencePrices,
  inventoryPenalty,
  reservationPrice,
  sessionHalfSpread,
} from "../../../server/core/quote/avellanedaStoikov.ts";
import { expectedPickOff, stalenessFloor } from "../../../server/core/quote/bounds.ts";
import { halfSpreadCore, liquidity, skewSlope, type VenueFlow } from "../../../server/core/quote/glft.ts";
import { spectralQuotes } from "../../../server/core/quote/glftSpectral.ts";
import { sizeSkew, withinLimit } from "../../../server/core/quote/inventory.ts";
import {
  fillsPerSecond,
  halfLifeSeconds,
  inventorySd,
  reversionSpeed,
  slopeForInventorySd,
} from "../../../server/core/quote/inventoryDynamics.ts";
import {
  driftShift,
  inventoryReversion,
  inventoryTarget,
  investorTarget,
  meanReversionForecast,
  meanReversionShift,
} from "../../../server/core/quote/inventoryTarget.ts";
import { clampPostOnlyTicks } from "../../../server/core/quote/postOnly.ts";
import { gammaForSlope } from "../../../server/core/quote/riskAversion.ts";
import {
  documentHalfSpread,
  documentSkew,
  STRATEGY_DOCUMENT,
} from "../../../server/core/quote/strategyDocument.ts";
import { misplacedValueFrac } from "../../../server/core/quote/tolerance.ts";
import { inventoryHalfLife } from "../../../server/replay/studies/inventoryHalfLife.ts";
import type { SessionMarket, Strategy } from "../../../server/replay/studies/sessionMarket.ts";
import { sessionMoments } from "../../../server/replay/studies/sessionMoments.ts";
import type { VectorChecks } from "../../support/vectors.ts";

interface SessionInputs {
  readonly S: number;
  readonly q: number;
  readonly gamma: number;
  readonly sigma: number;
  readonly tau: number;
  readonly k: number;
}

interface OuInputs {
  readonly theta: number;
  readonly mu: number;
  readonly S: number;
  readonly sigma: number;
}

interface TableInputs {
  readonly T: number;
  readonly sigma: number;
  readonly dt: number;
  readonly A: number;
  readonly k: number;
  readonly gammas: readonly number[];
}

interface GlftInputs {
  readonly sigma: number;
  readonly A: number;
  readonly k: number;
  readonly gamma: number;
  readonly Delta: number;
  readonly q: number;
  readonly mu?: number;
  readonly cost?: number;
  readonly impact?: number;
}

/** Targets without a limit that could cap them. */
const UNLIMITED = Infinity;

const sessionQuotes = ({ S, q, gamma, sigma, tau, k }: SessionInputs) => {
  const session = { gamma, sigma, secondsLeft: tau };
  const reservation = reservationPrice(S, q, session);
  const halfSpread = sessionHalfSpread(1, k, session);
  return {
    reservation,
    halfSpread,
    spread: 2 * halfSpread,
    bid: reservation - halfSpread,
    ask: reservation + halfSpread,
  };
};

const sessionTable = (inputs: TableInputs) => {
  const { T, sigma, dt, A, k, gammas } = inputs;
  const rowOf = (strategy: Strategy, market: SessionMarket) => {
    const { spread, profitMean, profitSd, finalQMean, finalQSd } = sessionMoments(strategy, market);
    return { spread, profit: profitMean, std_profit: profitSd, final_q: finalQMean, std_final_q: finalQSd };
  };
  const rows = gammas.map((gamma) => {
    const market = { gamma, sigma, A, k, sessionS: T, steps: Math.round(T / dt) };
    const row = { sym: rowOf("symmetric", market), inv: rowOf("inventory", market) };
    return [Number.isInteger(gamma) ? gamma.toFixed(1) : String(gamma), row];
  });
  return Object.fromEntries(rows);
};

/** Impact that is caused by our own fills costs half of it (GLFT sec. 5.2). */
const glftQuotes = (inputs: GlftInputs) => {
  const { sigma, A, k, gamma, Delta: orderSize, q, mu = 0, impact = 0 } = inputs;
  const cost = (inputs.cost ?? 0) + impact / 2;
  const slope = skewSlope({ gamma, sigma, venues: [{ A, k, orderSize, cost }] });
  const kappaPerS = inventoryReversion({ gamma, sigma, slope });
  const shift = driftShift({ driftPerS: mu, fadePerS: 0 }, kappaPerS);
  const qStar = inventoryTarget(shift, { slope, limitBase: UNLIMITED });
  const c1 = halfSpreadCore(gamma, orderSize, k);
  const halfSpread = c1 + cost + (slope * orderSize) / 2;
  const skew = slope * (q - qStar);
  return { c1, slope, qStar, deltaBid: halfSpread + skew, deltaAsk: halfSpread - skew, halfSpread, skew };
};

const skewedSizes = (inputs: {
  readonly base: number;
  readonly Q: number;
  readonly Qmax: number;
  readonly qStar: number;
  readonly beta: number;
}) => {
  const { base, Q, Qmax, qStar, beta } = inputs;
  const { bid, ask } = sizeSkew({ base, q: Q, qStar, qMax: Qmax, beta });
  return { bidSize: bid, askSize: ask };
};

export const quotingChecks: VectorChecks = {
  as_quotes_0: sessionQuotes,
  as_quotes_1: sessionQuotes,
  as_quotes_2: sessionQuotes,
  as_quotes_3: sessionQuotes,
  as_seed_wrong: (inputs: SessionInputs) => {
    const { bid, ask } = sessionQuotes(inputs);
    return { bid, ask };
  },
  as_indifference: ({ S, q, gamma, sigma, tau }: SessionInputs) => {
    const session = { gamma, sigma, secondsLeft: tau };
    const { bid, ask } = indifferencePrices(S, { q, orderSize: 1 }, session);
    return { rAsk: ask, rBid: bid, mid: reservationPrice(S, q, session) };
  },
  as_penalty: ({ q, gamma, sigma, tau }: SessionInputs) => ({
    penalty: inventoryPenalty(q, { gamma, sigma, secondsLeft: tau }),
  }),
  as_table_exact: sessionTable,

  ou_target: ({
    theta,
    mu,
    S,
    gamma,
    sigma,
    tau,
  }: OuInputs & { readonly gamma: number; readonly tau: number }) => {
    const reversion = { thetaPerS: theta, mean: mu };
    const { myopic, horizon } = investorTarget(reversion, S, { gamma, sigma, secondsLeft: tau });
    const drift = theta * (mu - S);
    // The vector repeats the strategy document's formula beside the right ones; nothing of ours computes it.
    return { drift, qMyopic: myopic, qHorizon: horizon, seedWrong: -drift / sigma ** 2 };
  },
  ou_expected: ({ theta, mu, S, sigma, h }: OuInputs & { readonly h: number }) => {
    const forecast = meanReversionForecast({ thetaPerS: theta, mean: mu }, { price: S, sigma, seconds: h });
    const { mean, variance, expectedMove } = forecast;
    return { mean, var: variance, expectedMove, halfLife: halfLifeSeconds(theta) };
  },
  alpha_target: ({ sigma, A, k, gamma, theta, mu, S }: OuInputs & Omit<GlftInputs, "mu">) => {
    const slope = skewSlope({ gamma, sigma, venues: [{ A, k, orderSize: 1, cost: 0 }] });
    const kappa = inventoryReversion({ gamma, sigma, slope });
    const reversion = { thetaPerS: theta, mean: mu };
    const shift = meanReversionShift(reversion, S, kappa);
    return {
      slope,
      kappa,
      shift,
      qStar: inventoryTarget(shift, { slope, limitBase: UNLIMITED }),
      qStarMyopic: investorTarget(reversion, S, { gamma, sigma, secondsLeft: 0 }).myopic,
    };
  },

  glft_closed_0: glftQuotes,
  glft_closed_1: glftQuotes,
  glft_closed_2: glftQuotes,
  glft_closed_3: glftQuotes,
  glft_closed_4: glftQuotes,
  glft_closed_5: glftQuotes,
  glft_btc: (inputs: GlftInputs & { S: number; annualVol: number; makerFeeBps: number }) => {
    const sigma = (inputs.S * inputs.annualVol) / Math.sqrt(SECONDS_PER_YEAR);
    return { sigma, ...glftQuotes({ ...inputs, sigma, cost: (inputs.S * inputs.makerFeeBps) / 1e4 }) };
  },
  glft_spectral: (inputs: Omit<GlftInputs, "q"> & { readonly Q: number; readonly q: readonly number[] }) => {
    const { sigma, A, k, gamma, Q, q } = inputs;
    const flow = { A, k, orderSize: 1, cost: 0 };
    const { bid, lambda0, spectralGap } = spectralQuotes({ flow, gamma, sigma, ordersMax: Q });
    return {
      deltaBid: q.map((n) => bid[Q + n]),
      deltaAsk: q.map((n) => bid[Q - n]),
      lambda0,
      spectralGap,
    };
  },
  glft_inventory_stats: ({ sigma, A, k, gamma, Delta }: GlftInputs) => {
    const venues = [{ A, k, orderSize: Delta, cost: 0 }];
    const slope = skewSlope({ gamma, sigma, venues });
    const quoting = { slope, venues, halfSpreads: [halfSpreadCore(gamma, Delta, k)] };
    const kappaQ = reversionSpeed(quoting);
    return {
      slope,
      lambda0: fillsPerSecond(quoting),
      sdInventory: inventorySd(slope, venues),
      kappaQ,
      halfLife: halfLifeSeconds(kappaQ),
    };
  },
  gamma_from_inventory_sd: (inputs: GlftInputs & { readonly targetSd: number }) => {
    const venues = [{ A: inputs.A, k: inputs.k, orderSize: inputs.Delta, cost: 0 }];
    const slope = slopeForInventorySd(inputs.targetSd, venues);
    return { slope, gamma: gammaForSlope({ slope, sigma: inputs.sigma, venues }) };
  },
  multi_venue_skew: (inputs: {
    readonly venues: readonly { readonly A: number; readonly k: number }[];
    readonly Delta: number;
    readonly gamma: number;
    readonly sigma: number;
    readonly qByVenue: readonly number[];
  }) => {
    const { Delta: orderSize, gamma, sigma } = inputs;
    const venues: VenueFlow[] = inputs.venues.map(({ A, k }) => ({ A, k, orderSize, cost: 0 }));
    const slopePooled = skewSlope({ gamma, sigma, venues });
    const aggregateQ = inputs.qByVenue.reduce((sum, q) => sum + q, 0);
    const half = venues.map(({ k }) => halfSpreadCore(gamma, orderSize, k) + (slopePooled * orderSize) / 2);
    return {
      alpha2Delta: venues.map((venue) => liquidity(venue, gamma)),
      slopePooled,
      aggregateQ,
      deltaBid: half.map((each) => each + slopePooled * aggregateQ),
      deltaAsk: half.map((each) => each - slopePooled * aggregateQ),
      slopeSingle: venues.map((venue) => skewSlope({ gamma, sigma, venues: [venue] })),
    };
  },

  size_skew_0: skewedSizes,
  size_skew_1: skewedSizes,
  size_skew_2: skewedSizes,
  size_skew_3: skewedSizes,
  size_skew_4: skewedSizes,
  limit_check: ({ cases }: { readonly cases: readonly (readonly [number, number, number, number])[] }) => ({
    ok: cases.map(([q, openSameSide, x, limit]) =>
      withinLimit(q, q + x + Math.sign(x) * openSameSide, limit),
    ),
  }),
  post_only: (inputs: { bid: number; ask: number; bestBid: number; bestAsk: number; tick: number }) => {
    const { bid, ask, bestBid, bestAsk, tick } = inputs;
    const bestBidTicks = Math.round(bestBid / tick);
    const bestAskTicks = Math.round(bestAsk / tick);
    return {
      bid: clampPostOnlyTicks("buy", floorToTicks(bid, tick), bestAskTicks) * tick,
      ask: clampPostOnlyTicks("sell", ceilToTicks(ask, tick), bestBidTicks) * tick,
    };
  },
  requote_tolerance: ({ k, eps }: { readonly k: number; readonly eps: readonly number[] }) => ({
    ratio: eps.map((displacement) => misplacedValueFrac(k, displacement)),
  }),
  staleness_pickoff: (inputs: { sigma: number; tau: number; half: number; sniperFee: number; z: number }) => {
    const exposure = { sigma: inputs.sigma, latencyS: inputs.tau, sniperFee: inputs.sniperFee };
    const { loss, hitProbability } = expectedPickOff({ ...exposure, halfSpread: inputs.half });
    return {
      expectedLoss: loss,
      probHit: hitProbability,
      floor: stalenessFloor({ ...exposure, z: inputs.z }),
    };
  },
  inventory_halflife: ({ q, dt }: { readonly q: readonly number[]; readonly dt: number }) => {
    const measured = inventoryHalfLife(q, dt);
    return { b: measured?.persistence, halfLife: measured?.halfLifeS };
  },
  /** The document's limit is 1,000 units; a quote of ours stands for about a second. */
  seed_python_wrong: (inputs: { mid: number; volatility: number; position: number }) => {
    const { mid, volatility, position } = inputs;
    const halfSpread = documentHalfSpread({
      fair: mid,
      baseSpreadFrac: STRATEGY_DOCUMENT.baseSpreadFrac,
      sigma: (mid * volatility) / Math.sqrt(SECONDS_PER_YEAR),
      horizonS: 1,
    });
    const skew = documentSkew(mid, position / 1_000, STRATEGY_DOCUMENT.penaltyFrac);
    return { halfSpread, bid: mid - halfSpread + skew, ask: mid + halfSpread + skew };
  },
};
