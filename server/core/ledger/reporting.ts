/** Amounts that were converted at a measured rate, in atoms of the reporting currency. */
import { decimalToScaled } from "../decimal.ts";
import type { Engine } from "../state.ts";

export function decimalsOf(engine: Engine, asset: string): number {
  const spec = engine.config.assets.find((candidate) => candidate.asset === asset);
  if (spec === undefined) throw new Error(`the desk has no asset ${asset}`);
  return spec.decimals;
}

/** To the nearest atom. */
export function reportingAtoms(engine: Engine, value: number): bigint {
  const decimals = decimalsOf(engine, engine.config.reportingAsset);
  return decimalToScaled(value.toFixed(decimals), decimals);
}
