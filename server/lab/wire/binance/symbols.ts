/** The venue's names and number texts: `BTC/USDT` is `BTCUSDT`, and every number has at least eight decimals. */
import type { Instrument } from "../../../contract/instrument.ts";
import type { BalanceTruth } from "../../ports.ts";
import { atomsText, decimalsOf, priceText, sizeText, valueText } from "../decimals.ts";
import type { Listing, VenueCore } from "../ports.ts";
import { invalidSymbol } from "./refusal.ts";

/** What the venue calls the precision of all its assets. */
export const PRECISION = 8;

export interface Symbols {
  /** Spot instruments that are listed, halted ones among them. */
  all(): readonly Market[];
  /** Throws Refusal -1121 for a symbol that is not listed. */
  named(symbol: string): Market;
  /** Delisted ones too: their orders and trades can still be asked for. */
  ofAccount(symbol: string): Market;
  of(instrument: number): Market | undefined;
  /** Reads the listings anew. */
  refresh(): void;
}

export interface Market extends Listing {
  readonly symbol: string;
}

export function createSymbols(core: Pick<VenueCore, "listings">): Symbols {
  const bySymbol = new Map<string, Market>();
  const byInstrument = new Map<number, Market>();
  const refresh = (): void => {
    bySymbol.clear();
    byInstrument.clear();
    for (const { instrument, definition } of core.listings) {
      if (definition.kind !== "spot") continue;
      const market = { instrument, definition, symbol: definition.symbol.replace("/", "") };
      bySymbol.set(market.symbol, market);
      byInstrument.set(instrument, market);
    }
  };
  const ofAccount = (symbol: string): Market => {
    const market = bySymbol.get(symbol);
    if (market === undefined) throw invalidSymbol();
    return market;
  };
  refresh();
  return {
    all: () => [...bySymbol.values()].filter(isListed),
    named: (symbol) => {
      const market = ofAccount(symbol);
      if (!isListed(market)) throw invalidSymbol();
      return market;
    },
    ofAccount,
    of: (instrument) => byInstrument.get(instrument),
    refresh,
  };
}

export function priceOf({ definition }: Listing, priceTicks: number): string {
  return padded(priceText(definition, priceTicks));
}

export function sizeOf({ definition }: Listing, sizeLots: number): string {
  return padded(sizeText(definition, sizeLots));
}

/** Of Σ price × size in ticks × lots. */
export function valueOf({ definition }: Listing, tickLots: bigint): string {
  return padded(valueText(definition, tickLots));
}

export function tickLotsOf(priceTicks: number, sizeLots: number): bigint {
  return BigInt(priceTicks) * BigInt(sizeLots);
}

/** Amounts of one asset in its own decimals. */
export function amountOf(core: Pick<VenueCore, "assets">, asset: string, atoms: bigint): string {
  return padded(atomsText(atoms, decimalsOf(core, asset)));
}

export function freeAtoms({ totalAtoms, heldAtoms }: BalanceTruth): bigint {
  return totalAtoms - heldAtoms;
}

/** Decimals that a price or a size of this instrument may come with. */
export function decimalsMax({ tick, lot }: Instrument): number {
  return Math.max(PRECISION, ...[tick, lot].map((step) => step.split(".")[1]?.length ?? 0));
}

export const ZERO = "0.00000000";

export function padded(text: string): string {
  const [whole = "", fraction = ""] = text.split(".");
  return fraction.length >= PRECISION ? text : `${whole}.${fraction.padEnd(PRECISION, "0")}`;
}

export function msOf(atUs: number): number {
  return Math.floor(atUs / 1_000);
}

function isListed({ definition }: Market): boolean {
  return definition.status !== "DELISTED";
}
