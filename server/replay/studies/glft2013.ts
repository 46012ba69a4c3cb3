/** Bid distances of Guéant, Lehalle and Fernandez-Tapia (MFE 7, 2013) by closed form, eigenvector and equations. */
import { z } from "zod";
import { UserError } from "../../contract/errors.ts";
import { halfSpreadCore, skewSlope } from "../../core/quote/glft.ts";
import { finiteHorizonQuotes, HORIZON_STEPS_MAX, horizonSteps } from "../../core/quote/glftOde.ts";
import { ORDERS_MAX, spectralQuotes, type SpectralProblem } from "../../core/quote/glftSpectral.ts";
import {
  FIGURE_1_REFERENCE,
  FIGURE_4_REFERENCE,
  REFERENCE_TOLERANCE_TICKS,
  type Reference,
} from "./glftReference.ts";
import { defineStudy, modelNumber, type Chart, type Check, type StudyResult, type Table } from "./study.ts";

/** Parameters of the paper: ticks and seconds, orders of one. */
interface Market {
  readonly sigma: number;
  readonly A: number;
  readonly k: number;
  readonly gamma: number;
}

/** Figure 1 (bottom), the default; and figure 4 (right), where volatility is high for the flow there is. */
const FIGURE_1: Market = { sigma: 0.3, A: 0.9, k: 0.3, gamma: 0.01 };
const FIGURE_4: Market = { sigma: 1, A: 0.2, k: 0.3, gamma: 0.01 };
const Q = 30;
const T = 600;

const Options = z.object({
  sigma: modelNumber().default(FIGURE_1.sigma).describe("volatility, ticks/√s"),
  A: modelNumber().default(FIGURE_1.A).describe("fill rate of each side at distance 0, 1/s"),
  k: modelNumber().default(FIGURE_1.k).describe("decay of the fill rate with distance, 1/tick"),
  gamma: modelNumber().default(FIGURE_1.gamma).describe("risk aversion, 1/currency"),
  Q: z.int().min(1).max(ORDERS_MAX).default(Q).describe("inventory limit, in orders of one"),
  T: modelNumber().default(T).describe("horizon of the equations, s"),
});

/** Inventories shown on either side, where the limit leaves room for them. */
const SHOWN = 10;

/** Where hardly any risk is left, distances differ by less than they are rounded. */
const ROUNDING_FRAC = 1e-12;

interface BidRow {
  readonly q: number;
  readonly closed: number;
  readonly spectral: number;
  readonly ode: number;
}

export const glft2013 = defineStudy({
  name: "glft-2013",
  summary:
    "optimal bid distance by inventory: closed form, exact eigenvector and finite horizon of the paper",
  options: Options,
  run(options): StudyResult {
    const { Q: limit, T: horizonS, ...market } = options;
    const rows = rowsOf(market, limit, horizonS);
    const isPaper = limit === Q && horizonS === T && isSame(market, FIGURE_1);
    const json = { ...market, Q: limit, T: horizonS, rows };
    if (!isPaper)
      return {
        json,
        checks: [riseCheck("these parameters", rows)],
        tables: [tableOf(market, rows)],
        charts: [chartOf(market, rows)],
      };
    const others = rowsOf(FIGURE_4, Q, T);
    return {
      json: { ...json, others: [{ ...FIGURE_4, rows: others }] },
      checks: [
        riseCheck("figure 1", rows),
        referenceCheck("figure 1", rows, FIGURE_1_REFERENCE),
        riseCheck("figure 4", others),
        referenceCheck("figure 4", others, FIGURE_4_REFERENCE),
      ],
      tables: [tableOf(market, rows, FIGURE_1_REFERENCE), tableOf(FIGURE_4, others, FIGURE_4_REFERENCE)],
      charts: [chartOf(market, rows), chartOf(FIGURE_4, others)],
    };
  },
});

function isSame(a: Market, b: Market): boolean {
  return a.sigma === b.sigma && a.A === b.A && a.k === b.k && a.gamma === b.gamma;
}

function rowsOf(market: Market, limit: number, horizonS: number): BidRow[] {
  const { sigma, A, k, gamma } = market;
  const flow = { A, k, orderSize: 1, cost: 0 };
  const problem: SpectralProblem = { flow, gamma, sigma, ordersMax: limit };
  if (!(horizonSteps(problem, horizonS) <= HORIZON_STEPS_MAX))
    throw new UserError(`T = ${horizonS} s is too long for these parameters: lower --T or --Q`);
  const spectral = spectralQuotes(problem);
  const ode = finiteHorizonQuotes(problem, horizonS);
  const slope = skewSlope({ gamma, sigma, venues: [flow] });
  const closedFlat = halfSpreadCore(gamma, 1, k) + slope / 2;
  // At the limit itself there is no bid any more.
  const last = Math.min(SHOWN, limit - 1);
  const rows: BidRow[] = [];
  for (let q = -Math.min(SHOWN, limit); q <= last; q++) {
    const at = q + limit;
    rows.push({
      q,
      closed: closedFlat + slope * q,
      spectral: spectral.bid[at] ?? NaN,
      ode: ode.bid[at] ?? NaN,
    });
  }
  return rows;
}

function riseCheck(of: string, rows: readonly BidRow[]): Check {
  const falls = rows.some((row, at) => {
    const { spectral, ode } = rows[at - 1] ?? row;
    const rounding = ROUNDING_FRAC * (Math.abs(row.spectral) + Math.abs(row.ode));
    return row.spectral < spectral - rounding || row.ode < ode - rounding;
  });
  return { claim: `${of}: the longer the inventory, the lower the bid`, holds: !falls };
}

function referenceCheck(of: string, rows: readonly BidRow[], reference: Reference): Check {
  const holds = [...reference].every(([q, value]) => {
    const row = rows.find((each) => each.q === q);
    return row !== undefined && Math.abs(row.ode - value) <= REFERENCE_TOLERANCE_TICKS;
  });
  return {
    claim: `${of}: the finite horizon agrees with the reference to ${REFERENCE_TOLERANCE_TICKS} ticks`,
    holds,
  };
}

function titleOf({ sigma, A, k, gamma }: Market): string {
  return `Distance of the bid from the price: σ = ${sigma}, A = ${A}, k = ${k}, γ = ${gamma}`;
}

function tableOf(market: Market, rows: readonly BidRow[], reference?: Reference): Table {
  const decimals = 7;
  const referenceColumn = reference === undefined ? [] : [{ title: "reference", decimals }];
  return {
    title: titleOf(market),
    columns: [
      { title: "inventory", decimals: 0 },
      ...referenceColumn,
      { title: "finite horizon", decimals },
      { title: "eigenvector", decimals },
      { title: "closed form", decimals },
      { title: "closed form is off by", decimals },
    ],
    rows: rows.map(({ q, closed, spectral, ode }) => [
      q,
      ...(reference === undefined ? [] : [reference.get(q)]),
      ode,
      spectral,
      closed,
      closed - spectral,
    ]),
    note: "Ticks and seconds, orders of one. The paper prints curves: the reference is an independent computation of its theorem 1. The ask at q stands as far away as the bid at −q.",
  };
}

function chartOf(market: Market, rows: readonly BidRow[]): Chart {
  const values = rows.flatMap(({ q, closed, spectral }) => [
    { q, by: "eigenvector", distance: spectral },
    { q, by: "closed form", distance: closed },
  ]);
  return {
    title: titleOf(market),
    text: "The bid moves away from the price as inventory grows, and comes to it when short; the closed form is the straight line through the middle of the exact curve.",
    spec: {
      data: { values },
      mark: { type: "line", point: { size: 20 } },
      encoding: {
        x: { field: "q", type: "quantitative", title: "inventory", axis: { tickMinStep: 1 } },
        y: { field: "distance", type: "quantitative", title: "ticks", scale: { zero: false } },
        color: { field: "by", type: "nominal", scale: { domain: ["eigenvector", "closed form"] } },
      },
    },
  };
}
