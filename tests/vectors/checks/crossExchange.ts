/** The vectors of hedging and arbitrage, computed by our code from books in ticks and lots. */
import { applySnapshot, createBook, type Book } from "../../../server/core/book/book.ts";
import {
  continuousUrgency,
  liquidationCost,
  liquidationPath,
  urgency,
} from "../../../server/core/hedge/almgrenChriss.ts";
import {
  arbitrageThreshold,
  createArbitrage,
  isWorthwhile,
  sizeArbitrage,
} from "../../../server/core/hedge/arbitrage.ts";
import {
  balancedFillVariance,
  diffusionBand,
  hedgeExcess,
  internalisationBand,
  linearBand,
} from "../../../server/core/hedge/band.ts";
import { fundingPayment, fundingRate } from "../../../server/core/hedge/funding.ts";
import { hedgedAsk, hedgedBid } from "../../../server/core/hedge/hedgedQuote.ts";
import { createHedgeSplit, splitHedge } from "../../../server/core/hedge/hedgeSplit.ts";
import { chooseHedgeVenue, hedgeCost } from "../../../server/core/hedge/hedgeVenue.ts";
import { takePrice, type TakerVenue } from "../../../server/core/hedge/takerVenue.ts";
import { ceilToTicks, floorToTicks } from "../../../server/core/decimal.ts";
import { documentCrossShift } from "../../../server/core/quote/strategyDocument.ts";
import type { VectorChecks } from "../../support/vectors.ts";

type Levels = readonly (readonly [price: number, size: number])[];

interface VectorBook {
  readonly bids: Levels;
  readonly asks: Levels;
}

interface VectorVenue extends VectorBook {
  readonly name: string;
  readonly taker: number;
  readonly latency: number;
}

/** All books of the vectors lie on this grid. */
const TICK = 0.01;
const LOT = 0.1;

const NONE_OF_OURS = { priceTicks: [], remainingLots: [] };

function bookOf({ bids, asks }: VectorBook): Book {
  const flat = (levels: Levels) =>
    levels.flatMap(([price, size]) => [Math.round(price / TICK), Math.round(size / LOT)]);
  const book = createBook();
  const refusal = applySnapshot(book, flat(bids), flat(asks));
  if (refusal !== undefined) throw new Error(`the vector's book is ${refusal}`);
  return book;
}

function venueOf(levels: VectorBook, takerFrac: number): TakerVenue {
  return {
    book: bookOf(levels),
    ownBids: NONE_OF_OURS,
    ownAsks: NONE_OF_OURS,
    tickReporting: TICK,
    lotBase: LOT,
    takerFrac,
  };
}

const hedgeVenueOf = (venue: VectorVenue) => ({
  ...venueOf(venue, venue.taker),
  latencyS: venue.latency,
  basis: 0,
  fundingPerBase: 0,
});

const sideOf = (sign: number) => (sign > 0 ? "buy" : "sell");

export const crossExchangeChecks: VectorChecks = {
  vwap_walk: ({ size, ...levels }: VectorBook & { size: number[] }) => {
    const venue = venueOf(levels, 0);
    return {
      buy: size.map((sizeBase) => takePrice(venue, "buy", sizeBase)),
      sell: size.map((sizeBase) => takePrice(venue, "sell", sizeBase)),
    };
  },

  xemm_quotes: (given: {
    hedgeBidVwap: number;
    hedgeAskVwap: number;
    makerFee: number;
    takerFee: number;
    rho: number;
    slip: number;
    tick: number;
  }) => {
    const { makerFee, takerFee, slip, tick } = given;
    const terms = {
      makerFrac: makerFee,
      takerFrac: takerFee,
      profitFrac: given.rho,
      slippageFrac: slip,
    };
    const bidRaw = hedgedBid(given.hedgeBidVwap, terms);
    const askRaw = hedgedAsk(given.hedgeAskVwap, terms);
    return {
      bidRaw,
      askRaw,
      bid: floorToTicks(bidRaw, tick) * tick,
      ask: ceilToTicks(askRaw, tick) * tick,
      checkBidProfitPerUnit: given.hedgeBidVwap * (1 - slip) * (1 - takerFee) - bidRaw * (1 + makerFee),
      checkAskProfitPerUnit: askRaw * (1 - makerFee) - given.hedgeAskVwap * (1 + slip) * (1 + takerFee),
    };
  },

  arb_size: (given: {
    buyVenue: VectorBook & { taker: number };
    sellVenue: VectorBook & { taker: number };
    riskBufferPerUnit: number;
  }) => {
    const steps: number[][] = [];
    const out = createArbitrage();
    sizeArbitrage(
      venueOf(given.buyVenue, given.buyVenue.taker),
      venueOf(given.sellVenue, given.sellVenue.taker),
      { edgeMin: given.riskBufferPerUnit, sizeMaxBase: Infinity },
      out,
      (...step) => steps.push(step),
    );
    return { size: out.sizeBase, profit: out.profit, steps };
  },

  arb_trigger: (given: {
    netEdge: number;
    sigma: number;
    tauLegs: number;
    z: number;
    pFail: number;
    unwindCost: number;
    rebalanceCost: number;
  }) => {
    const { sigma, z, unwindCost, rebalanceCost } = given;
    const risk = { rebalanceCost, z, sigma, legsS: given.tauLegs, failFrac: given.pFail, unwindCost };
    const arbitrage = { ...createArbitrage(), sizeBase: 1, profit: given.netEdge };
    return { threshold: arbitrageThreshold(risk), fire: isWorthwhile(arbitrage, risk) };
  },

  hedge_venue: (given: {
    venues: VectorVenue[];
    fair: number;
    size: number;
    side: number;
    sigma: number;
  }) => {
    const venues = given.venues.map(hedgeVenueOf);
    const order = {
      side: sideOf(given.side),
      sizeBase: given.size,
      fair: given.fair,
      sigma: given.sigma,
    } as const;
    const best = chooseHedgeVenue(venues, order);
    return {
      cost: venues.map((venue) => hedgeCost(venue, order)),
      best: best === undefined ? undefined : given.venues[best]?.name,
    };
  },

  hedge_split: (given: { venues: VectorVenue[]; size: number; side: number }) => {
    const split = createHedgeSplit(given.venues.length);
    splitHedge(given.venues.map(hedgeVenueOf), sideOf(given.side), given.size, split);
    return {
      alloc: Object.fromEntries(given.venues.map(({ name }, at) => [name, (split.lots[at] ?? 0) * LOT])),
      netCash: split.cash,
    };
  },

  hedge_band: (given: {
    psi: number;
    slope: number;
    lambda0: number;
    Delta: number;
    gamma: number;
    sigma: number;
    Q: number[];
  }) => {
    const inputs = {
      takingCost: given.psi,
      slope: given.slope,
      fillVariancePerS: balancedFillVariance(given.lambda0, given.Delta),
      gamma: given.gamma,
      sigma: given.sigma,
    };
    const band = internalisationBand(inputs);
    return {
      bandLinear: linearBand(inputs),
      bandCubeRoot: diffusionBand(inputs),
      band,
      hedgeQty: given.Q.map((q) => hedgeExcess(q, band)),
    };
  },

  almgren_chriss: (given: {
    X: number;
    T: number;
    N: number;
    sigma: number;
    epsilon: number;
    gamma: number;
    eta: number;
    lambda_: number;
  }) => {
    const order = {
      sizeBase: given.X,
      durationS: given.T,
      steps: given.N,
      sigma: given.sigma,
      fixedCost: given.epsilon,
      permanentImpact: given.gamma,
      temporaryImpact: given.eta,
      riskAversion: given.lambda_,
    };
    const path = liquidationPath(order);
    const { expected, variance } = liquidationCost(order, path);
    return {
      kappa: urgency(order),
      kappaContinuous: continuousUrgency(order),
      x: [...path],
      expectedCost: expected,
      variance,
    };
  },

  funding: (given: { premium: number; interest: number; clamp: number; mark: number; q: number }) => {
    const rate = fundingRate(given.premium, given.interest, given.clamp);
    return { rate, payment: fundingPayment(given.q, given.mark, rate) };
  },

  alpha_cross: (given: { localMid: number; otherFair: number; wLocal: number; half: number }) => {
    const fair = given.localMid + documentCrossShift(given.localMid, given.otherFair, 1 - given.wLocal);
    return {
      fair,
      bid: fair - given.half,
      ask: fair + given.half,
      // What the document's own code adds, for the record: 30 % of a gap upwards, off the ask.
      seedCodeBidAdj: 0,
      seedCodeAskAdj: -0.3 * (given.otherFair - given.localMid),
    };
  },
};
