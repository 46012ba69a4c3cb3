/** The strategies of `sessionMarket.ts` on seeded paths. */
import { randomStream } from "../../lab/random.ts";
import { fillProbability, quotesAt, type SessionMarket, type Strategy } from "./sessionMarket.ts";

export interface SessionPaths {
  readonly profits: number[];
  readonly finalQs: number[];
}

/** One path, before each step. Distances of the quotes are from the price. */
export interface PathPoint {
  readonly atS: number;
  readonly price: number;
  readonly q: number;
  readonly bid: number;
  readonly ask: number;
}

/** Where every path starts, as in the paper; nothing but the picture of a path depends on it. */
const START_PRICE = 100;

/** Paths between two words of progress. */
const PATHS_PER_SLICE = 100;

/** Every strategy meets the same prices and the same luck: both draw from streams of the same names. */
export function sessionPaths(
  strategy: Strategy,
  market: SessionMarket,
  run: { readonly seed: number; readonly paths: number; progress(paths: number): void },
): SessionPaths {
  const step = createStepper(strategy, market, run.seed);
  const profits: number[] = [];
  const finalQs: number[] = [];
  const path = { price: START_PRICE, cash: 0, q: 0 };
  for (let done = 0; done < run.paths; done++) {
    path.price = START_PRICE;
    path.cash = 0;
    path.q = 0;
    for (let i = 0; i < market.steps; i++) step(path, i);
    profits.push(path.cash + path.q * path.price);
    finalQs.push(path.q);
    if (done % PATHS_PER_SLICE === 0) run.progress(done);
  }
  return { profits, finalQs };
}

/** The first path of a run, step by step. */
export function firstPath(strategy: Strategy, market: SessionMarket, seed: number): PathPoint[] {
  const step = createStepper(strategy, market, seed);
  const path = { price: START_PRICE, cash: 0, q: 0 };
  return Array.from({ length: market.steps }, (_, i) => {
    const { half, skew } = quotesAt(strategy, market, i);
    const { price, q } = path;
    const atS = (market.sessionS * i) / market.steps;
    step(path, i);
    return { atS, price, q, bid: price - half - skew * q, ask: price + half - skew * q };
  });
}

interface Path {
  price: number;
  cash: number;
  q: number;
}

function createStepper(
  strategy: Strategy,
  market: SessionMarket,
  seed: number,
): (path: Path, step: number) => void {
  const streamOf = (what: string): (() => number) => randomStream(seed, `session study: ${what}`).uniform;
  const [price, buys, sells] = [streamOf("price"), streamOf("buys"), streamOf("sells")];
  const move = market.sigma * Math.sqrt(market.sessionS / market.steps);
  const quotes = Array.from({ length: market.steps }, (_, i) => quotesAt(strategy, market, i));
  return (path, step) => {
    const { half = 0, skew = 0 } = quotes[step] ?? {};
    const bid = half + skew * path.q;
    const ask = half - skew * path.q;
    const bought = buys() < fillProbability(market, bid);
    const sold = sells() < fillProbability(market, ask);
    if (bought) {
      path.q += 1;
      path.cash -= path.price - bid;
    }
    if (sold) {
      path.q -= 1;
      path.cash += path.price + ask;
    }
    path.price += price() < 0.5 ? move : -move;
  };
}
