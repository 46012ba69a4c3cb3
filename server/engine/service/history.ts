/** One hour of every market, second by second, for the charts of whoever has just opened a page. */
import type { HistoryAnswer } from "../../contract/link.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { Engine } from "../../core/state.ts";
import { sampleMarket, type MarketSample } from "../../projection/samples.ts";

/** An hour; beyond it charts are drawn from the store. */
export const HISTORY_SAMPLES = 3_600;

export class History {
  readonly #engine: Engine;
  /** Per market, by second modulo the length: a second without the engine leaves its place to an older one. */
  readonly #rings: Map<string, (MarketSample | undefined)[]>;
  #lastS = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#rings = new Map(engine.state.markets.map(({ market }) => [market, []]));
  }

  /** After a timer: takes one sample a second. */
  sample(): void {
    const { state } = this.#engine;
    const second = Math.floor(state.nowUs / MICROS_PER_SECOND);
    if (second <= this.#lastS) return;
    this.#lastS = second;
    for (const market of state.markets) {
      const ring = this.#rings.get(market.market);
      if (ring !== undefined) ring[second % HISTORY_SAMPLES] = sampleMarket(this.#engine, market);
    }
  }

  /** The last sample of each step of so many seconds, oldest first; undefined when there is no such market. */
  read(market: string, fromS: number, stepS: number): HistoryAnswer | undefined {
    const ring = this.#rings.get(market);
    if (ring === undefined) return undefined;
    const steps = new Map<number, MarketSample>();
    const oldestS = Math.max(fromS, this.#lastS - HISTORY_SAMPLES + 1);
    for (let second = Math.ceil(oldestS); second <= this.#lastS; second++) {
      const sample = ring[second % HISTORY_SAMPLES];
      if (sample !== undefined && secondOf(sample) === second) steps.set(Math.floor(second / stepS), sample);
    }
    return columns(market, this.#instrumentsOf(market), [...steps.values()]);
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

function secondOf(sample: MarketSample): number {
  return Math.floor(sample.atUs / MICROS_PER_SECOND);
}

function columns(
  market: string,
  instruments: HistoryAnswer["instruments"],
  samples: readonly MarketSample[],
): HistoryAnswer {
  const perInstrument = (pick: "mid" | "bid" | "ask") =>
    instruments.map((_, at) => samples.map((sample) => sample.instruments[at]?.[pick] ?? null));
  return {
    market,
    instruments,
    atS: samples.map(secondOf),
    fair: samples.map((sample) => sample.fair ?? null),
    inventoryBase: samples.map((sample) => sample.inventoryBase),
    pnl: samples.map((sample) => sample.pnl ?? null),
    mid: perInstrument("mid"),
    bid: perInstrument("bid"),
    ask: perInstrument("ask"),
  };
}
