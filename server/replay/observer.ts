/** What a run looks like from outside: samples for a picture, and the figures of its summary. */
import type { FillEvent, EngineEvent } from "../contract/events.ts";
import type { PnlView } from "../contract/lines.ts";
import { MICROS_PER_SECOND, type Side } from "../contract/units.ts";
import { readPnl } from "../core/pnl.ts";
import type { Engine, MarketState } from "../core/state.ts";

/** Points of each line in a picture: more than a screen is wide. */
const SAMPLES = 2_000;

/** Marks on a picture; beyond it fills are counted and not drawn. */
const FILLS_DRAWN_MAX = 20_000;

export interface MarketSample {
  readonly fair: number | undefined;
  readonly inventoryBase: number;
  /** The limit of the asset in base units, once the model is calibrated. */
  readonly limitBase: number | undefined;
  /** Per instrument of the market: mid of others and our live quotes, in reporting currency. */
  readonly instruments: readonly { readonly mid?: number; readonly bid?: number; readonly ask?: number }[];
}

export interface Sample {
  readonly atUs: number;
  readonly markets: readonly MarketSample[];
  readonly pnl: PnlView;
}

export interface DrawnFill {
  readonly atUs: number;
  readonly instrument: number;
  readonly side: Side;
  readonly priceReporting: number;
  readonly sizeBase: number;
}

interface InventoryFigures {
  readonly final: number;
  readonly rms: number;
  readonly max: number;
}

export class Observer {
  readonly samples: Sample[] = [];
  readonly fills: DrawnFill[] = [];
  readonly #engine: Engine;
  readonly #sampleEveryUs: number;
  #fillsSeen = 0;
  #keepEvery = 1;
  #nextSampleUs = 0;
  #nextSecondUs = 0;
  #equityHigh = 0;
  #maxDrawdown = 0;
  #seconds = 0;
  readonly #squares: number[];
  readonly #largest: number[];
  #netSquares = 0;
  #netLargest = 0;
  readonly #traded = new Map<string, number>();

  constructor(engine: Engine, durationUs: number) {
    this.#engine = engine;
    this.#sampleEveryUs = Math.max(MICROS_PER_SECOND / 10, Math.ceil(durationUs / SAMPLES));
    this.#squares = engine.state.markets.map(() => 0);
    this.#largest = engine.state.markets.map(() => 0);
  }

  /** After the engine has consumed the event. */
  saw(event: EngineEvent): void {
    if (event.type === "fill") this.#sawFill(event);
    if (event.type !== "timer") return;
    if (event.atUs >= this.#nextSecondUs) {
      this.#nextSecondUs = event.atUs + MICROS_PER_SECOND;
      this.#measure();
    }
    if (event.atUs >= this.#nextSampleUs) {
      this.#nextSampleUs = event.atUs + this.#sampleEveryUs;
      this.samples.push(this.#sample());
    }
  }

  /** All samples, and one of this very moment: a picture must end where the figures do. */
  samplesUntilNow(): Sample[] {
    const last = this.samples.at(-1);
    return last?.atUs === this.#engine.state.nowUs ? this.samples : [...this.samples, this.#sample()];
  }

  get maxDrawdown(): number {
    return this.#maxDrawdown;
  }

  /** Amount of every asset that changed hands. */
  get traded(): ReadonlyMap<string, number> {
    return this.#traded;
  }

  inventoryOf(market: MarketState): InventoryFigures {
    return {
      final: market.inventoryBase,
      rms: Math.sqrt((this.#squares[market.index] ?? 0) / Math.max(1, this.#seconds)),
      max: this.#largest[market.index] ?? 0,
    };
  }

  /** Net over assets, in reporting currency. */
  netInventory(): InventoryFigures {
    return {
      final: netExposure(this.#engine),
      rms: Math.sqrt(this.#netSquares / Math.max(1, this.#seconds)),
      max: this.#netLargest,
    };
  }

  #sawFill(event: FillEvent): void {
    const inst = this.#engine.state.instruments[event.instrument];
    if (inst === undefined) return;
    const { base, quote } = inst.definition;
    const sizeBase = event.sizeLots * inst.lotBase;
    const price = event.priceTicks * inst.tickQuote;
    this.#traded.set(base, (this.#traded.get(base) ?? 0) + sizeBase);
    this.#traded.set(quote, (this.#traded.get(quote) ?? 0) + sizeBase * price);
    this.#keepFill({
      atUs: event.atUs,
      instrument: event.instrument,
      side: event.side,
      priceReporting: price * (this.#engine.state.rates.get(quote)?.value ?? 1),
      sizeBase,
    });
    this.#measureEquity();
  }

  /** Every one at first; once there are too many, every second of those kept, and so on: even over the whole run. */
  #keepFill(fill: DrawnFill): void {
    this.#fillsSeen += 1;
    if (this.#fillsSeen % this.#keepEvery !== 0) return;
    this.fills.push(fill);
    if (this.fills.length <= FILLS_DRAWN_MAX) return;
    this.#keepEvery *= 2;
    this.fills.splice(0, this.fills.length, ...this.fills.filter((_, at) => at % 2 === 1));
  }

  #measure(): void {
    this.#seconds += 1;
    for (const market of this.#engine.state.markets) {
      this.#squares[market.index] = (this.#squares[market.index] ?? 0) + market.inventoryBase ** 2;
      this.#largest[market.index] = Math.max(
        this.#largest[market.index] ?? 0,
        Math.abs(market.inventoryBase),
      );
    }
    const net = netExposure(this.#engine);
    this.#netSquares += net ** 2;
    this.#netLargest = Math.max(this.#netLargest, Math.abs(net));
    this.#measureEquity();
  }

  #measureEquity(): void {
    const { total } = readPnl(this.#engine);
    this.#equityHigh = Math.max(this.#equityHigh, total);
    this.#maxDrawdown = Math.max(this.#maxDrawdown, this.#equityHigh - total);
  }

  #sample(): Sample {
    const { state } = this.#engine;
    return {
      atUs: state.nowUs,
      markets: state.markets.map((market) => this.#sampleMarket(market)),
      pnl: readPnl(this.#engine),
    };
  }

  #sampleMarket(market: MarketState): MarketSample {
    const { state } = this.#engine;
    return {
      fair: market.fairAtUs === state.nowUs ? market.fair : undefined,
      inventoryBase: market.inventoryBase,
      limitBase: market.model?.limitBase,
      instruments: market.instruments.map((index) => {
        const inst = state.instruments[index];
        const rate = inst === undefined ? undefined : state.rates.get(inst.definition.quote)?.value;
        if (inst === undefined || rate === undefined) return {};
        const sample: { mid?: number; bid?: number; ask?: number } = {};
        if (inst.midReporting !== undefined) sample.mid = inst.midReporting;
        for (const slot of inst.slots) {
          const order = slot.clientId === undefined ? undefined : state.orders.get(slot.clientId);
          if (order === undefined || order.status === "PENDING_NEW") continue;
          sample[slot.side === "buy" ? "bid" : "ask"] = order.priceTicks * inst.tickQuote * rate;
        }
        return sample;
      }),
    };
  }
}

export function netExposure(engine: Engine): number {
  return engine.state.markets.reduce((net, market) => net + market.inventoryBase * (market.fair ?? 0), 0);
}
