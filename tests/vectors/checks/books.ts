/** The reference numbers of the queue, the books and what is reported of them, from our code. */
import {
  createAttribution,
  fill,
  mark,
  read,
  type FillCategory,
} from "../../../server/core/ledger/attribution.ts";
import { valueOf } from "../../../server/core/ledger/compensatedSum.ts";
import { applyTrade, createPosition } from "../../../server/core/ledger/position.ts";
import { chanceBehind, frontAfterDepth } from "../../../server/lab/exchange/queue.ts";
import {
  applyFifoTrade,
  createFifoPosition,
  fifoUnrealisedAtoms,
} from "../../../server/replay/report/fifoPosition.ts";
import { performanceOf } from "../../../server/replay/report/performance.ts";
import { obligationShares } from "../../../server/replay/report/quoteObligation.ts";
import { splitRevaluation } from "../../../server/replay/report/revaluationSplit.ts";
import type { VectorChecks } from "../../support/vectors.ts";

export const booksChecks: VectorChecks = {
  queue_model: (inputs: { front: number; prevQty: number; newQty: number; cumTrade: number; n: number }) => ({
    prob: chanceBehind(inputs.front, inputs.prevQty - inputs.front, inputs.n),
    front: frontAfterDepth(inputs.front, {
      prevLots: inputs.prevQty,
      newLots: inputs.newQty,
      tradedLots: inputs.cumTrade,
      exponent: inputs.n,
    }),
  }),

  inventory_avg_fifo: ({ trades, marks }: { trades: [number, number, number][]; marks: number[] }) => {
    const average = createPosition();
    const fifo = createFifoPosition();
    let cumFees = 0;
    return {
      steps: trades.map(([qty, price, fee], i) => {
        const trade = {
          side: qty > 0 ? ("buy" as const) : ("sell" as const),
          quantityAtoms: atoms(Math.abs(qty)),
          valueAtoms: atoms(Math.abs(qty) * price),
          atUs: i,
        };
        applyTrade(average, trade);
        applyFifoTrade(fifo, trade);
        cumFees += fee;
        const markPrice = marks[i] ?? NaN;
        const position = units(average.quantityAtoms);
        const worthAtoms = atoms(position * markPrice);
        const realisedAvg = units(average.realisedAtoms);
        const unrealisedAvg = units(worthAtoms - average.costAtoms);
        return {
          qty,
          price,
          mark: markPrice,
          position,
          avgCost: position === 0 ? 0 : units(average.costAtoms) / position,
          realisedAvg,
          unrealisedAvg,
          realisedFifo: units(fifo.realisedAtoms),
          unrealisedFifo: units(fifoUnrealisedAtoms(fifo, worthAtoms)),
          fifoLots: fifo.lots.map((lot) => [
            units(lot.quantityAtoms),
            units(lot.costAtoms) / units(lot.quantityAtoms),
          ]),
          cumFees,
          totalGross: realisedAvg + unrealisedAvg,
          totalNet: realisedAvg + unrealisedAvg - cumFees,
        };
      }),
    };
  },

  pnl_attribution: (inputs: {
    horizonMarkout: number;
    T: number;
    M: [number, number][];
    events: {
      t: number;
      cat: string;
      side: number;
      qty: number;
      px: number;
      fee: number;
      feeBase?: number;
    }[];
    funding: { t: number; cash: number }[];
  }) => {
    const book = createAttribution();
    const marks = inputs.M.map(([t, price]) => ({ atUs: t * 1e6, price }));
    const steps = [
      ...inputs.M.map(([t, price]) => ({ t, run: () => mark(book, price) })),
      ...inputs.events.map(({ t, cat, side, qty, px, fee, feeBase }) => ({
        t,
        run: () =>
          fill(book, {
            side: side > 0 ? "buy" : "sell",
            quantityBase: qty,
            priceQuote: px,
            feeQuote: fee,
            feeBase: feeBase ?? 0,
            category: CATEGORIES[cat] ?? "reduce",
          }),
      })),
    ].sort((a, b) => a.t - b.t);
    for (const { run } of steps) run();
    const view = read(book);
    // Spot alone is traded: funding is cash beside the books.
    const funding = inputs.funding.reduce((sum, { cash }) => sum + cash, 0);
    const split = splitRevaluation(
      view?.revaluation ?? NaN,
      {
        marks,
        fills: inputs.events
          .filter(({ cat }) => cat === "maker")
          .map(({ t, side, qty }) => ({
            atUs: t * 1e6,
            side: side > 0 ? "buy" : "sell",
            quantityBase: qty,
          })),
      },
      { horizonUs: inputs.horizonMarkout * 1e6, untilUs: inputs.T * 1e6 },
    );
    return {
      buckets: {
        spreadCapture: view?.spreadCapture,
        arbitrage: view?.arbitrage,
        hedging: view?.hedging,
        makerFees: view?.makerFees,
        takerFees: view?.takerFees,
        ...split,
        funding,
      },
      revaluation: view?.revaluation,
      finalQ: valueOf(book.quantityBase),
      finalCash: valueOf(book.cashQuote) + funding,
      total: (view?.total ?? NaN) + funding,
    };
  },

  metrics: ({
    dailyPnl,
    capital,
    daysPerYear,
  }: {
    dailyPnl: number[];
    capital: number;
    daysPerYear: number;
  }) => {
    const performance = performanceOf(dailyPnl, { capital, daysPerYear, autocorrelationLags: 2 });
    return {
      sharpeDaily: performance.sharpeDaily,
      sharpeAnnual: performance.sharpeAnnual,
      seAnnual: performance.stderrAnnual,
      acf: performance.autocorrelations,
      sharpeAnnualLo: performance.sharpeAnnualRobust,
      maxDrawdownAbs: performance.maxDrawdown,
      maxDrawdownPct: performance.maxDrawdownFrac,
      winRate: performance.winRate,
    };
  },

  uptime: (inputs: {
    intervals: [number, number, boolean, number][];
    maxSpreadBps: number;
    total: number;
  }) => {
    const intervals = inputs.intervals.map(([startS, endS, twoSided, spreadBps]) => ({
      startS,
      endS,
      twoSided,
      spreadBps,
    }));
    const shares = obligationShares(intervals, { spreadMaxBps: inputs.maxSpreadBps, totalS: inputs.total });
    return { uptime: shares.met, twoSidedShare: shares.twoSided };
  },
};

const CATEGORIES: Readonly<Record<string, FillCategory>> = {
  maker: "maker",
  hedge: "hedge",
  arb: "arbitrage",
};

/** Fine enough that a division of atoms is far below the tolerance. */
const ATOMS_PER_UNIT = 1e15;

function atoms(value: number): bigint {
  return BigInt(Math.round(value * 1e6)) * BigInt(ATOMS_PER_UNIT / 1e6);
}

function units(value: bigint): number {
  return Number(value) / ATOMS_PER_UNIT;
}
