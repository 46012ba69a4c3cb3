/** What a path earns and holds, in bps of one lot's notional and in lots, from the end of its warm-up on. */
import type { EngineEvent, FillEvent } from "../../../contract/events.ts";
import { MICROS_PER_SECOND, sideSign } from "../../../contract/units.ts";
import { read as readAttribution, type AttributionView } from "../../../core/ledger/attribution.ts";
import type { Engine, MarketState } from "../../../core/state.ts";
import { randomStream } from "../../../lab/random.ts";
import { splitRevaluation, type MakerFill, type MarkPoint } from "../../report/revaluationSplit.ts";
import { inventoryHalfLife } from "../inventoryHalfLife.ts";
import { ORDER_USD, START_PRICE } from "./worlds.ts";

const MARKOUT_US = 5 * MICROS_PER_SECOND;

export interface PathFigures {
  /** All money in bps·lots, marked at fair value unless it says otherwise. */
  readonly pnl: number;
  readonly revaluation: number;
  readonly fees: number;
  /** Edge of what hedges took, < 0 when they pay for it. */
  readonly taking: number;
  /** Edge of the maker fills against fair value, and against the efficient price, which nobody sees. */
  readonly edge: number;
  readonly trueEdge: number;
  /** P&L marked at the efficient price. */
  readonly truePnl: number;
  /** Revaluation of the same inventories on the same moves of the efficient price in random order. */
  readonly shuffledRevaluation: number;
  /** Σ size·markout over 5 s, kept along the way and computed afterwards. */
  readonly markouts: number;
  readonly adverseSelection: number;
  /** |Σ parts − total| over turnover, the largest that was seen. */
  readonly identityErrorFrac: number;
  /** Lots that our quotes traded. */
  readonly makerLots: number;
  readonly takerLots: number;
  /** Of q once a second; the largest is also looked for at every fill. */
  readonly sumSquares: number;
  readonly seconds: number;
  readonly largest: number;
  /** Hedges, and those after which more than the band and a lot was held. */
  readonly hedges: number;
  readonly hedgesBeyond: number;
  readonly halfLifeS: number | undefined;
  readonly modelHalfLifeS: number | undefined;
}

interface Options {
  readonly seed: number;
  readonly fromUs: number;
  readonly truePriceAt: (atUs: number) => number;
}

const BPS_LOTS_PER_USD = 1e4 / ORDER_USD;
const LOTS_PER_BASE = START_PRICE / ORDER_USD;

export class PathMeasure {
  readonly #market: MarketState;
  readonly #engine: Engine;
  readonly #options: Options;
  #opening: AttributionView | undefined;
  #openingTrueUsd = 0;
  readonly #marks: MarkPoint[] = [];
  readonly #fills: MakerFill[] = [];
  #nextDue = 0;
  readonly #markedAtFill: number[] = [];
  readonly #inventories: number[] = [];
  readonly #truePrices: number[] = [];
  #nextSecondUs: number;
  #markoutsUsd = 0;
  #trueEdgeUsd = 0;
  #identityErrorFrac = 0;
  #makerLots = 0;
  #takerLots = 0;
  #sumSquares = 0;
  #largest = 0;
  #hedges = 0;
  #hedgesBeyond = 0;

  constructor(engine: Engine, options: Options) {
    const market = engine.state.markets[0];
    if (market === undefined) throw new Error("invariant: a world without a market");
    this.#engine = engine;
    this.#market = market;
    this.#options = options;
    this.#nextSecondUs = options.fromUs;
  }

  /** Fair value is then still the one that was in force until the event. */
  before({ atUs }: EngineEvent): void {
    const { fair } = this.#market;
    if (fair === undefined) return;
    for (let fill = this.#fills[this.#nextDue]; fill !== undefined; fill = this.#fills[this.#nextDue]) {
      // What is due at this very instant waits for what happens in it.
      if (fill.atUs + MARKOUT_US >= atUs) return;
      this.#settleMarkout(fill, fair);
    }
  }

  after(event: EngineEvent): void {
    const { fair } = this.#market;
    const { atUs } = event;
    if (fair === undefined || atUs < this.#options.fromUs) return;
    this.#opening ??= this.#open(atUs);
    if (this.#marks.at(-1)?.price !== fair) this.#marks.push({ atUs, price: fair });
    if (event.type === "fill") this.#onFill(event, fair);
    if (event.type === "timer" && atUs >= this.#nextSecondUs) this.#sample(atUs);
  }

  /** Once, at the end. */
  read(): PathFigures {
    const { fair, attribution } = this.#market;
    const opening = this.#opening;
    const closing = readAttribution(attribution);
    if (fair === undefined || opening === undefined || closing === undefined)
      throw new Error("invariant: a path that was never quoted");
    const { nowUs } = this.#engine.state;
    // Fills at the very end have no 5 s after them: their markout is what happened until the end.
    for (const fill of this.#fills.slice(this.#nextDue)) this.#settleMarkout(fill, fair);
    const revaluation = closing.revaluation - opening.revaluation;
    const split = splitRevaluation(
      revaluation,
      { marks: this.#marks, fills: this.#fills },
      { horizonUs: MARKOUT_US, untilUs: nowUs },
    );
    const money = (usd: number): number => usd * BPS_LOTS_PER_USD;
    const change = (part: keyof AttributionView): number => money(closing[part] - opening[part]);
    return {
      pnl: change("total"),
      revaluation: money(revaluation),
      fees: change("makerFees") + change("takerFees"),
      taking: change("hedging") + change("reducing"),
      edge: change("spreadCapture"),
      trueEdge: money(this.#trueEdgeUsd),
      truePnl: money(this.#trueUsd(nowUs) - this.#openingTrueUsd),
      shuffledRevaluation: money(this.#shuffledRevaluation()),
      markouts: money(this.#markoutsUsd),
      adverseSelection: money(split.adverseSelection),
      identityErrorFrac: this.#identityErrorFrac,
      makerLots: this.#makerLots,
      takerLots: this.#takerLots,
      sumSquares: this.#sumSquares,
      seconds: this.#inventories.length,
      largest: this.#largest,
      hedges: this.#hedges,
      hedgesBeyond: this.#hedgesBeyond,
      halfLifeS: inventoryHalfLife(this.#inventories, 1)?.halfLifeS,
      modelHalfLifeS: this.#market.model?.halfLifeS,
    };
  }

  #open(atUs: number): AttributionView | undefined {
    this.#openingTrueUsd = this.#trueUsd(atUs);
    return readAttribution(this.#market.attribution);
  }

  /** Cash and inventory at the efficient price. */
  #trueUsd(atUs: number): number {
    const view = readAttribution(this.#market.attribution);
    const { fair = 0, inventoryBase } = this.#market;
    return (view?.total ?? 0) + inventoryBase * (this.#options.truePriceAt(atUs) - fair);
  }

  #onFill(event: FillEvent, fair: number): void {
    const inst = this.#engine.state.instruments[event.instrument];
    if (inst === undefined) return;
    const quantityBase = event.sizeLots * inst.lotBase;
    const lots = quantityBase * LOTS_PER_BASE;
    const q = this.#market.inventoryBase * LOTS_PER_BASE;
    this.#largest = Math.max(this.#largest, Math.abs(q));
    if (event.liquidity === "taker") {
      this.#takerLots += lots;
      this.#hedges += 1;
      const { hedging, hedgeBandOrders } = this.#market.params;
      const allowed = hedging === "band" ? hedgeBandOrders : 0;
      if (Math.abs(q) > allowed + 1) this.#hedgesBeyond += 1;
      return;
    }
    this.#makerLots += lots;
    const price = event.priceTicks * inst.tickQuote;
    const truePrice = this.#options.truePriceAt(event.venueAtUs);
    this.#trueEdgeUsd += sideSign(event.side) * quantityBase * (truePrice - price);
    this.#fills.push({ atUs: event.atUs, side: event.side, quantityBase });
    this.#markedAtFill.push(fair);
  }

  #settleMarkout({ side, quantityBase }: MakerFill, fair: number): void {
    const before = this.#markedAtFill[this.#nextDue] ?? fair;
    this.#markoutsUsd += sideSign(side) * quantityBase * (fair - before);
    this.#nextDue += 1;
  }

  #sample(atUs: number): void {
    this.#nextSecondUs = atUs + MICROS_PER_SECOND;
    const q = this.#market.inventoryBase * LOTS_PER_BASE;
    this.#inventories.push(q);
    this.#truePrices.push(this.#options.truePriceAt(atUs));
    this.#sumSquares += q * q;
    this.#largest = Math.max(this.#largest, Math.abs(q));
    const view = readAttribution(this.#market.attribution);
    if (view === undefined || view.turnoverQuote === 0) return;
    const { spreadCapture, hedging, arbitrage, reducing, makerFees, takerFees, revaluation } = view;
    const parts = spreadCapture + hedging + arbitrage + reducing + makerFees + takerFees + revaluation;
    const error = Math.abs(parts - view.total) / view.turnoverQuote;
    this.#identityErrorFrac = Math.max(this.#identityErrorFrac, error);
  }

  #shuffledRevaluation(): number {
    const moves = this.#truePrices.slice(1).map((price, at) => price - (this.#truePrices[at] ?? price));
    const { uniform } = randomStream(this.#options.seed, "policies study: shuffle");
    for (let at = moves.length - 1; at > 0; at--) {
      const other = Math.floor(uniform() * (at + 1));
      [moves[at], moves[other]] = [moves[other] ?? 0, moves[at] ?? 0];
    }
    return moves.reduce((sum, move, at) => sum + ((this.#inventories[at] ?? 0) / LOTS_PER_BASE) * move, 0);
  }
}
