/** The pairs of the venue as they are listed now, and under which of their names one is meant. */
import type { Instrument } from "../../../contract/instrument.ts";
import type { VenueCore } from "../ports.ts";
import { altName, pairId } from "./assets.ts";

export interface Pair {
  readonly instrument: number;
  readonly definition: Instrument;
  /** Key of AssetPairs: `XXBTZUSD`. */
  readonly id: string;
  /** `XBTUSD` */
  readonly altname: string;
  /** Of the v1 sockets: `XBT/USD`. */
  readonly wsname: string;
  /** Of the v2 sockets: `BTC/USD`. */
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}

export interface Pairs {
  /** Spot pairs that are not delisted, in the order of the configuration. */
  all(): readonly Pair[];
  of(instrument: number): Pair;
  /** By id, altname or wsname, in any case, as REST takes them. */
  find(name: string): Pair | undefined;
  /** By the v2 symbol. */
  findSymbol(symbol: string): Pair | undefined;
  /** The listings have changed. */
  renew(): void;
}

export function createPairs(core: Pick<VenueCore, "listings">): Pairs {
  let byInstrument = new Map<number, Pair>();
  let byName = new Map<string, Pair>();
  let bySymbol = new Map<string, Pair>();
  let listed: readonly Pair[] = [];

  function renew(): void {
    const pairs = core.listings
      .filter(({ definition }) => definition.kind === "spot")
      .map(({ instrument, definition }) => pairOf(instrument, definition));
    listed = pairs.filter(({ definition }) => definition.status !== "DELISTED");
    byInstrument = new Map(pairs.map((pair) => [pair.instrument, pair]));
    byName = new Map(
      listed.flatMap((pair) => [pair.id, pair.altname, pair.wsname].map((name) => [name, pair])),
    );
    bySymbol = new Map(listed.map((pair) => [pair.symbol, pair]));
  }

  renew();
  return {
    all: () => listed,
    of(instrument) {
      const pair = byInstrument.get(instrument);
      if (pair === undefined) throw new Error(`invariant: instrument ${instrument} is no pair of this venue`);
      return pair;
    },
    find: (name) => byName.get(name.toUpperCase()),
    findSymbol: (symbol) => bySymbol.get(symbol),
    renew,
  };
}

export function pairOf(instrument: number, definition: Instrument): Pair {
  const { base, quote, symbol, tick, lot } = definition;
  return {
    instrument,
    definition,
    id: pairId(base, quote),
    altname: altName(base) + altName(quote),
    wsname: `${altName(base)}/${altName(quote)}`,
    symbol,
    priceDecimals: decimalsOf(tick),
    sizeDecimals: decimalsOf(lot),
  };
}

function decimalsOf(step: string): number {
  return step.split(".")[1]?.length ?? 0;
}
