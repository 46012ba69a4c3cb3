/** What a trade costs, exactly: values and fees of one instrument in atoms of its assets. */
import type { AssetSpec, FeeSchedule, Instrument } from "../../contract/instrument.ts";
import type { Side } from "../../contract/units.ts";
import { compileScales, decimalToScaled } from "../../core/decimal.ts";

export interface SpotMoney {
  readonly base: string;
  readonly quote: string;
  readonly baseAtomsPerLot: bigint;
  readonly quoteAtomsPerTickLot: bigint;
  readonly notionalMinAtoms: bigint | undefined;
}

/** Throws when an asset has too few decimals for the instrument to be exact in its atoms. */
export function compileMoney(instrument: Instrument, assets: readonly AssetSpec[]): SpotMoney {
  const quoteDecimals = decimalsOf(instrument.quote, assets);
  const scales = compileScales({
    tick: instrument.tick,
    lot: instrument.lot,
    contractSizeBase: instrument.contractSizeBase,
    baseDecimals: decimalsOf(instrument.base, assets),
    quoteDecimals,
  });
  const notionalMin = instrument.notionalMinQuote;
  return {
    base: instrument.base,
    quote: instrument.quote,
    baseAtomsPerLot: scales.baseAtomsPerLot,
    quoteAtomsPerTickLot: scales.quoteAtomsPerTickLot,
    notionalMinAtoms: notionalMin === undefined ? undefined : decimalToScaled(notionalMin, quoteDecimals),
  };
}

export function valueAtoms(money: SpotMoney, priceTicks: number, sizeLots: number): bigint {
  return BigInt(priceTicks) * BigInt(sizeLots) * money.quoteAtomsPerTickLot;
}

export function sizeAtoms(money: SpotMoney, sizeLots: number): bigint {
  return BigInt(sizeLots) * money.baseAtomsPerLot;
}

/** Atoms of one asset for atoms of another, exactly. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Fee fractions are kept to 1e-12: the finest published rate is a hundredth of a basis point, 1e-6. */
const RATE_ONE = 1_000_000_000_000n;

/** A fee fraction in parts of 1e12, cost > 0. */
export function rateOf(feeFrac: number): bigint {
  return BigInt(Math.round(feeFrac * Number(RATE_ONE)));
}

/** Atoms for parts of 1e12 of an atom, rounded up, which is against us both for a cost and for a rebate. */
export function wholeAtoms(parts: bigint): bigint {
  return divideUp(parts, RATE_ONE);
}

/** The same in another asset, rounded up once. */
export function wholeAtomsAt(parts: bigint, { numerator, denominator }: Ratio): bigint {
  return divideUp(parts * numerator, RATE_ONE * denominator);
}

/** A discount makes fees smaller; rebates stay what they are. */
export function discountedParts(parts: bigint, discountFrac: number): bigint {
  return parts > 0n ? (parts * (RATE_ONE - rateOf(discountFrac))) / RATE_ONE : parts;
}

function divideUp(parts: bigint, by: bigint): bigint {
  // Division of bigints truncates towards zero: already upwards for what is negative.
  return parts > 0n ? (parts + by - 1n) / by : parts / by;
}

/** Whether the fee comes out of the base that a buy receives, and not out of the quote. */
export function paysInBase(fees: FeeSchedule, side: Side): boolean {
  return fees.paidIn === "received" && side === "buy";
}

export function decimalsOf(asset: string, assets: readonly AssetSpec[]): number {
  const spec = assets.find((a) => a.asset === asset);
  if (spec === undefined) throw new Error(`invariant: the configuration has no asset ${asset}`);
  return spec.decimals;
}
