/** What a backtest runs on: a configuration, a market, working stock, and every assumption in words. */
import type { EngineConfig } from "../contract/config.ts";
import type { FeeSchedule } from "../contract/instrument.ts";
import type { MarketDriver } from "../lab/ports.ts";
import type { LatencyProfile } from "../lab/world/latency.ts";
import { formatCount, formatNumber } from "./report/format.ts";

export interface Deposit {
  readonly account: string;
  readonly asset: string;
  readonly amount: string;
}

export interface Scenario {
  /** What the run is called, and an id of the data it runs on. */
  readonly name: string;
  readonly source: string;
  readonly config: EngineConfig;
  readonly driver: MarketDriver;
  readonly latency: LatencyProfile;
  readonly deposits: readonly Deposit[];
  readonly seed: number;
  readonly fromUs: number;
  readonly toUs: number;
  /** What was assumed where nobody knows: printed with every result. */
  readonly assumptions: readonly string[];
  close(): void;
}

export function describeFees(account: string, fees: FeeSchedule): string {
  const { name, makerFrac, takerFrac, tiers, thirdAsset } = fees;
  const bps = (frac: number): string => formatNumber(frac * 1e4, { decimals: 2 });
  const cheapest = tiers?.steps.at(-1);
  const byVolume =
    cheapest === undefined
      ? ""
      : `, by volume of 30 days in ${tiers?.volumeAsset} down to ${bps(cheapest.makerFrac)} and ${bps(cheapest.takerFrac)}`;
  const paid =
    thirdAsset === undefined
      ? ""
      : `, paid in ${thirdAsset.asset} at ${formatNumber(thirdAsset.discountFrac * 100, { decimals: 0 })} % off`;
  return `${account}: fees of ${name}, maker ${bps(makerFrac)} bps, taker ${bps(takerFrac)} bps${byVolume}${paid}`;
}

export function describeCapital(capital: number, asset: string): string {
  return `capital is ${formatCount(capital)} ${asset}; limits and order sizes are percentages of it`;
}
