/** Flow, adverse selection and learning: the reference numbers from our own code. */
import {
  advance,
  capturedEdge,
  createMarkouts,
  observeFill,
  type MarkedFill,
  type Markout,
} from "../../../server/core/estimate/adverse/markouts.ts";
import {
  createLossAverage,
  learnLoss,
  meanOf,
  shrunkMean,
} from "../../../server/core/estimate/adverse/lossAverage.ts";
import { classifyBulk } from "../../../server/core/estimate/flow/bulkVolume.ts";
import { invert, multiply, solveAdjustments } from "../../../server/core/estimate/flow/microPriceSolve.ts";
import {
  createOrderFlow,
  observeQuotes,
  orderFlowEvent,
  type BestQuotes,
} from "../../../server/core/estimate/flow/orderFlowImbalance.ts";
import {
  createTradeImbalance,
  observeTrade,
  rawImbalance,
} from "../../../server/core/estimate/flow/tradeImbalance.ts";
import { createVpin, observeVolume, readVpin } from "../../../server/core/estimate/flow/vpin.ts";
import { bookImbalance, weightedMid } from "../../../server/core/estimate/flow/weightedMid.ts";
import { documentRule, halfGiven, lossGiven } from "../../../server/core/quote/probabilityRule.ts";
import type { Side } from "../../../server/contract/units.ts";
import { classifierMetrics } from "../../../server/replay/learning/classifierMetrics.ts";
import { fitIsotonic } from "../../../server/replay/learning/isotonic.ts";
import { purgedSplit } from "../../../server/replay/learning/purgedSplit.ts";
import type { VectorChecks } from "../../support/vectors.ts";

const HOUR_S = 3_600;

type Trades = readonly (readonly [Side, number])[];

function ofiCks({ quotes }: { quotes: readonly (readonly [number, number, number, number])[] }) {
  const tops = quotes.map(([bid, bidSize, ask, askSize]): BestQuotes => ({ bid, bidSize, ask, askSize }));
  const state = createOrderFlow();
  // All at one instant: nothing decays.
  for (const top of tops) observeQuotes(state, 0, top, 1);
  const e = tops.slice(1).map((top, at) => orderFlowEvent(tops[at] ?? top, top));
  return { e, ofi: state.flow, avgDepth: state.depth, ofiNormalised: state.flow / state.depth };
}

function tradeImbalance({ trades }: { trades: Trades }) {
  const state = createTradeImbalance();
  for (const [aggressor, size] of trades) observeTrade(state, { atUs: 0, aggressor, size }, 60);
  return { buy: state.buy, sell: state.sell, imbalance: rawImbalance(state) };
}

function vpin({ trades, bucket, n }: { trades: Trades; bucket: number; n: number }) {
  const state = createVpin(bucket, n);
  for (const [side, size] of trades)
    observeVolume(state, 0, side === "buy" ? size : 0, side === "sell" ? size : 0);
  const oldest = [...state.buys.slice(state.next), ...state.buys.slice(0, state.next)];
  return { buckets: oldest.map((buy) => [buy, bucket - buy]), vpin: readVpin(state, 0).value };
}

interface MicroPriceInputs {
  Q: readonly (readonly number[])[];
  pDown: readonly number[];
  pUp: readonly number[];
  afterDown: readonly number[];
  afterUp: readonly number[];
  step: number;
}

function microPrice({ Q, pDown, pUp, afterDown, afterUp, step }: MicroPriceInputs) {
  const size = Q.length;
  const at = (list: readonly number[], i: number) => list[i] ?? 0;
  const moving = Q.map((_, x) =>
    Q.map((_row, y) => at(pDown, x) * at(afterDown, y) + at(pUp, x) * at(afterUp, y)),
  );
  const expected = Q.map((_, x) => (at(pUp, x) - at(pDown, x)) * step);
  const stillUntil = invert(
    Float64Array.from(Q.flatMap((row, x) => row.map((q, y) => (x === y ? 1 : 0) - q))),
    size,
  );
  const columns = Q.map((_, y) =>
    multiply(
      stillUntil,
      Float64Array.from(moving, (row) => at(row, y)),
      size,
    ),
  );
  // What the product solves: the states below balance, from the probabilities of all transitions.
  const { adjustments } = solveAdjustments({
    rows: 1,
    columns: size,
    counts: Float64Array.from(Q[0] ?? [], (q, y) => q + at(moving[0] ?? [], y)),
    moves: Float64Array.of(at(expected, 0)),
    moveSquares: Float64Array.of(0),
    rowOf: () => 0,
    signOf: (state) => (state === 0 ? 1 : state === 1 ? 0 : -1),
    nPrior: 0,
  });
  const low = adjustments[0] ?? NaN;
  return {
    G1: [...multiply(stillUntil, Float64Array.from(expected), size)],
    B: Q.map((_, x) => columns.map((column) => column[x])),
    Gstar: [low, 0, -low],
  };
}

interface MarkoutInputs {
  fills: readonly { t: number; side: 1 | -1; px: number; qty: number }[];
  mid: readonly (readonly [number, number])[];
  h: readonly number[];
}

function markouts({ fills, mid, h }: MarkoutInputs) {
  const state = createMarkouts(h);
  const made: MarkedFill[] = [];
  const done: Markout[] = [];
  let fair: number | undefined;
  for (const [seconds, price] of [...mid, [Infinity, 0] as const]) {
    done.push(...advance(state, seconds * 1e6, fair));
    fair = price;
    for (const { t, side, px, qty } of fills)
      if (t === seconds)
        made.push({
          atUs: t * 1e6,
          side: side === 1 ? "buy" : "sell",
          fair,
          price: px,
          feePerUnit: 0,
          sizeBase: qty,
          orderBase: 1,
          sigmaPerSqrtS: 1,
          instrument: 0,
        });
    for (const fill of made) if (fill.atUs === seconds * 1e6) observeFill(state, fill);
  }
  const of = (fill: MarkedFill) =>
    Object.fromEntries(done.filter((d) => d.fill === fill).map((d) => [String(d.horizonS), d.markout]));
  const longest = done.filter((d) => d.horizonS === 5);
  const qty = longest.reduce((sum, d) => sum + d.fill.sizeBase, 0);
  return {
    perFill: made.map((fill) => ({
      effHalf: capturedEdge(fill),
      markout: of(fill),
      realised: Object.fromEntries(
        Object.entries(of(fill)).map(([horizon, markout]) => [horizon, capturedEdge(fill) + markout]),
      ),
    })),
    qtyWeightedMarkout5: longest.reduce((sum, d) => sum + d.fill.sizeBase * d.markout, 0) / qty,
  };
}

function advShrunk({ losses, priorMean, n0 }: { losses: readonly number[]; priorMean: number; n0: number }) {
  const state = createLossAverage();
  for (const loss of losses) learnLoss(state, 0, loss, HOUR_S);
  const mean = meanOf(state);
  const shrunk = shrunkMean({ mean, n: state.n }, 1, priorMean, n0);
  return { mean, shrunk, addOn: Math.max(0, shrunk) };
}

interface RuleInputs {
  p: number;
  half: number;
  size: number;
  L1: number;
  G0: number;
  baseline: number;
  minHalf: number;
}

function probabilityRule({ p, half, size, L1, G0, baseline, minHalf }: RuleInputs) {
  const seed = documentRule(p, { half, size });
  const expLoss = lossGiven(p, { lossIfAdverse: L1, gainIfNot: G0 });
  return {
    seedHalf: seed.half,
    seedSize: seed.size,
    expLoss,
    principledHalf: halfGiven(expLoss, { half, baseline, halfMin: minHalf }),
  };
}

interface SplitInputs {
  t: readonly number[];
  h: number;
  embargo: number;
  testStart: number;
  testEnd: number;
}

interface ScoredInputs {
  y: readonly number[];
  p: readonly number[];
}

export const flowChecks: VectorChecks = {
  ofi_cks: ofiCks,
  trade_imbalance: tradeImbalance,
  vpin,
  bvc: ({ volume, dP, sigmaDP }: { volume: number; dP: number; sigmaDP: number }) =>
    classifyBulk({ volume, change: dP, sd: sigmaDP }),
  weighted_mid: ({
    bid,
    bidQty,
    ask,
    askQty,
  }: {
    bid: number;
    bidQty: number;
    ask: number;
    askQty: number;
  }) => {
    const top = { bid, bidSize: bidQty, ask, askSize: askQty };
    return { imbalance: bookImbalance(top), weightedMid: weightedMid(top) };
  },
  micro_price: microPrice,
  markouts,
  adv_shrunk: advShrunk,
  ml_quote_0: probabilityRule,
  ml_quote_1: probabilityRule,
  ml_quote_2: probabilityRule,
  ml_quote_3: probabilityRule,
  ml_quote_4: probabilityRule,
  ml_metrics: ({ y, p }: ScoredInputs) => classifierMetrics(y, p),
  isotonic: ({ y, p }: ScoredInputs) => ({
    blocks: fitIsotonic(p, y).map(({ from, to, value }) => [from, to, value]),
  }),
  purged_split: ({ t, ...window }: SplitInputs) => purgedSplit(t, window),
};
