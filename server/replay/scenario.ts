/** What a backtest runs on: a configuration, a market, working stock, and every assumption in words. */
import type { EngineConfig } from "../contract/config.ts";
import type { MarketDriver } from "../lab/ports.ts";
import type { LatencyProfile } from "../lab/world/latency.ts";

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
