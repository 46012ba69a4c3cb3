/** A market as a desk that never quotes sees it: fair value and mids on a grid, and every sweep. */
import { MICROS_PER_SECOND, type Side } from "../../../contract/units.ts";
import type { EngineEvent, TradeEvent } from "../../../contract/events.ts";
import { readLag } from "../../../core/estimate/leadLag/leadLag.ts";
import type { Engine, MarketState } from "../../../core/state.ts";
import { EngineRun } from "../../../engine/engineRun.ts";
import { World } from "../../../lab/world/world.ts";
import { openExchanges } from "../../backtest.ts";
import type { Scenario } from "../../scenario.ts";

const GRID_S = 1;
const SLICE = 8_192;

export interface Sweep {
  /** By the venue's clock where it has one. */
  readonly atUs: number;
  readonly side: Side | undefined;
  /** The last price it reached, in the venue's own quote. */
  readonly price: number;
}

interface VenueLagSeen {
  readonly venue: string;
  readonly lagMs: number | undefined;
}

export interface Watched {
  readonly seconds: number;
  /** Natural logarithms, once a second; NaN where nothing was known. */
  readonly fair: readonly number[];
  readonly mids: readonly { readonly venue: string; readonly logs: readonly number[] }[];
  /** Of the instrument with the most sweeps. */
  readonly sweeps: readonly Sweep[];
  readonly sweepsVenue: string | undefined;
  readonly lags: readonly VenueLagSeen[];
}

/** Watches the first market of a scenario to its end. */
export function watch(scenario: Scenario, onProgress?: (seconds: number) => void): Watched {
  try {
    const config = { ...scenario.config, initialState: "DISARMED" as const };
    const run = new EngineRun(config);
    const watcher = new Watcher(run.engine);
    const world = new World({
      ...scenario,
      config,
      exchanges: openExchanges(scenario),
      engine: (event) => {
        const effects = run.handle(event);
        watcher.saw(event);
        return effects;
      },
    });
    while (!world.advance(SLICE))
      onProgress?.((world.result().endedAtUs - scenario.fromUs) / MICROS_PER_SECOND);
    return watcher.watched((scenario.toUs - scenario.fromUs) / MICROS_PER_SECOND);
  } finally {
    scenario.close();
  }
}

class Watcher {
  readonly #engine: Engine;
  readonly #fair: number[] = [];
  readonly #mids: number[][];
  readonly #sweeps: Sweep[][];
  #nextUs = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#mids = this.#members().map(() => []);
    this.#sweeps = engine.state.instruments.map(() => []);
  }

  saw(event: EngineEvent): void {
    if (event.type === "trade") this.#sawTrade(event);
    if (event.type !== "timer" || event.atUs < this.#nextUs) return;
    this.#nextUs = event.atUs - (event.atUs % (GRID_S * MICROS_PER_SECOND)) + GRID_S * MICROS_PER_SECOND;
    const market = this.#market();
    this.#fair.push(Math.log(market.fair ?? NaN));
    for (const [v, inst] of this.#members().entries())
      this.#mids[v]?.push(inst.reason === undefined ? Math.log(inst.midReporting ?? NaN) : NaN);
  }

  /** Prints of one instant and side are one taker's. */
  #sawTrade({ instrument, priceTicks, aggressor: side, ...at }: TradeEvent): void {
    const atUs = at.venueAtUs ?? at.atUs;
    const sweeps = this.#sweeps[instrument];
    const inst = this.#engine.state.instruments[instrument];
    if (sweeps === undefined || inst === undefined || inst.market !== this.#market().index) return;
    const last = sweeps.at(-1);
    const sweep = { atUs, side, price: priceTicks * inst.tickQuote };
    if (last?.atUs === atUs && last.side === side) sweeps[sweeps.length - 1] = sweep;
    else sweeps.push(sweep);
  }

  watched(seconds: number): Watched {
    const { state } = this.#engine;
    const market = this.#market();
    const members = this.#members();
    const most = Math.max(...this.#sweeps.map((sweeps) => sweeps.length));
    const busiest = this.#sweeps.findIndex((sweeps) => sweeps.length === most);
    return {
      seconds,
      fair: this.#fair,
      mids: members.map((inst, v) => ({ venue: inst.definition.account, logs: this.#mids[v] ?? [] })),
      sweeps: this.#sweeps[busiest] ?? [],
      sweepsVenue: most === 0 ? undefined : state.instruments[busiest]?.definition.account,
      lags: members.map((inst, v) => {
        const lag = market.estimates.leadLag.lags[v];
        return {
          venue: inst.definition.account,
          lagMs: lag === undefined ? undefined : readLag(lag, state.nowUs).value,
        };
      }),
    };
  }

  #market(): MarketState {
    const [market] = this.#engine.state.markets;
    if (market === undefined) throw new Error("invariant: a scenario without a market");
    return market;
  }

  #members() {
    return this.#market().instruments.flatMap((index) => this.#engine.state.instruments[index] ?? []);
  }
}
