/** One hour of every market, second by second, for the charts of whoever has just opened a page. */
import type { HistoryAnswer } from "../../contract/link.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { Engine } from "../../core/state.ts";
import { sampleMarket, type MarketSample } from "../../projection/samples.ts";

/** An hour: all of the past that the charts of a market have. */
export const HISTORY_SAMPLES = 3_600;

/**
 * By second modulo the length; a second without the engine leaves its place to an older one, and NaN is what was not
 * there. Allocated whole at the start: the desk's memory does not grow with its first hour.
 */
interface MarketColumns {
  readonly atS: Float64Array;
  readonly fair: Float64Array;
  readonly inventoryBase: Float64Array;
  readonly pnl: Float64Array;
  /** In the order of the market's instruments. */
  readonly mid: readonly Float64Array[];
  readonly bid: readonly Float64Array[];
  readonly ask: readonly Float64Array[];
}

export class History {
  readonly #engine: Engine;
  readonly #columns: ReadonlyMap<string, MarketColumns>;
  #lastS = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#columns = new Map(
      engine.state.markets.map(({ market, instruments }) => [market, createColumns(instruments.length)]),
    );
  }

  /** After a timer: takes one sample a second. */
  sample(): void {
    const { state } = this.#engine;
    const second = Math.floor(state.nowUs / MICROS_PER_SECOND);
    if (second <= this.#lastS) return;
    this.#lastS = second;
    for (const market of state.markets) {
      const columns = this.#columns.get(market.market);
      if (columns !== undefined) put(columns, second, sampleMarket(this.#engine, market));
    }
  }

  /** The last sample of each step of so many seconds, oldest first; undefined when there is no such market. */
  read(market: string, fromS: number, stepS: number): HistoryAnswer | undefined {
    const columns = this.#columns.get(market);
    if (columns === undefined) return undefined;
    const steps = new Map<number, number>();
    const oldestS = Math.max(fromS, this.#lastS - HISTORY_SAMPLES + 1);
    for (let second = Math.ceil(oldestS); second <= this.#lastS; second++)
      if (columns.atS[second % HISTORY_SAMPLES] === second) steps.set(Math.floor(second / stepS), second);
    return pick(market, this.#instrumentsOf(market), { columns, seconds: [...steps.values()] });
  }

  #instrumentsOf(name: string): HistoryAnswer["instruments"] {
    const { state } = this.#engine;
    const market = state.markets.find((candidate) => candidate.market === name);
    return (market?.instruments ?? []).flatMap((index) => {
      const definition = state.instruments[index]?.definition;
      return definition === undefined ? [] : [{ account: definition.account, symbol: definition.symbol }];
    });
  }
}

function createColumns(instruments: number): MarketColumns {
  const column = (): Float64Array => new Float64Array(HISTORY_SAMPLES).fill(NaN);
  const perInstrument = (): Float64Array[] => Array.from({ length: instruments }, column);
  return {
    atS: column(),
    fair: column(),
    inventoryBase: column(),
    pnl: column(),
    mid: perInstrument(),
    bid: perInstrument(),
    ask: perInstrument(),
  };
}

function put(columns: MarketColumns, second: number, sample: MarketSample): void {
  const slot = second % HISTORY_SAMPLES;
  columns.atS[slot] = second;
  columns.fair[slot] = sample.fair ?? NaN;
  columns.inventoryBase[slot] = sample.inventoryBase;
  columns.pnl[slot] = sample.pnl ?? NaN;
  for (const side of ["mid", "bid", "ask"] as const)
    for (const [at, column] of columns[side].entries()) column[slot] = sample.instruments[at]?.[side] ?? NaN;
}

function pick(
  market: string,
  instruments: HistoryAnswer["instruments"],
  { columns, seconds }: { readonly columns: MarketColumns; readonly seconds: readonly number[] },
): HistoryAnswer {
  const values = (column: Float64Array): (number | null)[] =>
    seconds.map((second) => {
      const value = column[second % HISTORY_SAMPLES] ?? NaN;
      return Number.isNaN(value) ? null : value;
    });
  return {
    market,
    instruments,
    atS: seconds,
    fair: values(columns.fair),
    inventoryBase: values(columns.inventoryBase).map((base) => base ?? 0),
    pnl: values(columns.pnl),
    mid: columns.mid.map(values),
    bid: columns.bid.map(values),
    ask: columns.ask.map(values),
  };
}
