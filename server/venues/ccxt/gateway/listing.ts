/** The instruments of the account as the venue lists them, with the steps that are in force. */
import type { Instrument } from "../../../contract/instrument.ts";
import type { GatewayContext, GatewayInstrument } from "../ports.ts";
import { gridOf } from "./grid.ts";
import type { Markets } from "./instance.ts";
import type { Listed } from "./tracker.ts";

export class Listing {
  readonly #log: GatewayContext["log"];
  readonly #definitions: Map<number, Instrument>;
  readonly #listed = new Map<number, Listed>();
  #markets: Markets = { markets: {}, currencies: undefined };

  constructor(instruments: readonly GatewayInstrument[], log: GatewayContext["log"]) {
    this.#log = log;
    this.#definitions = new Map(instruments.map(({ index, definition }) => [index, definition]));
  }

  /** As they were loaded last. */
  get markets(): Markets {
    return this.#markets;
  }

  get symbols(): readonly string[] {
    return [...this.#definitions.values()].map(({ symbol }) => symbol);
  }

  readonly all = (): readonly Listed[] => [...this.#listed.values()];
  readonly at = (index: number): Listed | undefined => this.#listed.get(index);
  readonly of = (symbol: string): Listed | undefined => this.all().find((listed) => listed.symbol === symbol);

  /** What the venue has answered. */
  load(markets: Markets): void {
    this.#markets = markets;
    for (const [index, definition] of this.#definitions) {
      const market = markets.markets[definition.symbol];
      if (market === undefined) {
        this.#log("warn", "the venue does not list an instrument", { symbol: definition.symbol });
        continue;
      }
      this.#listed.set(index, {
        index,
        symbol: definition.symbol,
        marketId: market.id,
        marketInfo: market.info,
        grid: gridOf(definition),
      });
    }
  }

  /** False: it trades by now, and was not listed when the listing was loaded. */
  redefine(index: number, definition: Instrument): boolean {
    this.#definitions.set(index, definition);
    const known = this.#listed.get(index);
    if (known === undefined) return definition.status === "DELISTED";
    this.#listed.set(index, { ...known, grid: gridOf(definition) });
    return true;
  }
}
