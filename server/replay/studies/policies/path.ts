/** One path: a policy in a world with a seed, through the engine, the simulated venues and virtual time. */
import type { EngineEvent } from "../../../contract/events.ts";
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { createEngine } from "../../../core/setup.ts";
import type { Engine } from "../../../core/state.ts";
import { step } from "../../../core/step.ts";
import { createAgentMarket } from "../../../lab/drivers/agents.ts";
import type { AgentAsset } from "../../../lab/drivers/agentsParams.ts";
import { createEfficientPrice } from "../../../lab/drivers/agentsPrice.ts";
import { World } from "../../../lab/world/world.ts";
import { openExchanges } from "../../backtest.ts";
import { PathMeasure, type PathFigures } from "./measure.ts";
import { POLICY, type PolicyName } from "./policySet.ts";
import {
  configOf,
  DEPOSITS,
  latencyOf,
  marketOf,
  START_AT_US,
  START_PRICE,
  type WorldName,
} from "./worlds.ts";

export interface PathSpec {
  readonly world: WorldName;
  readonly policy: PolicyName;
  /** The same seed is the same market and the same luck, whatever the policy. */
  readonly seed: number;
  readonly durationS: number;
}

export interface PathResult extends PathFigures {
  readonly spec: PathSpec;
}

/** Before anything is counted: volatility becomes known, and inventory has turned over many times. */
export const WARM_UP_S = 60;

const STEPS_PER_SLICE = 65_536;

export function runPath(spec: PathSpec): PathResult {
  const { world: name, policy, seed, durationS } = spec;
  const { parameters, adjust } = POLICY[policy];
  const totalS = WARM_UP_S + durationS;
  const market = marketOf(name, seed, totalS);
  const config = configOf(name, parameters);
  const engine: Engine = { ...createEngine(config), adjustQuote: adjust };
  const [asset] = market.assets;
  if (asset === undefined) throw new Error("invariant: a world without an asset");
  const measure = new PathMeasure(engine, {
    seed,
    fromUs: START_AT_US + WARM_UP_S * MICROS_PER_SECOND,
    truePriceAt: truePrices(asset, seed, totalS),
  });
  const world = new World({
    config,
    exchanges: openExchanges({ config, deposits: DEPOSITS }),
    driver: createAgentMarket(market, config),
    latency: latencyOf(name),
    seed,
    toUs: START_AT_US + totalS * MICROS_PER_SECOND,
    engine: (event) => {
      if (adjust !== undefined) decideAnew(engine, event);
      measure.before(event);
      const effects = step(engine, event);
      measure.after(event);
      return effects;
    },
  });
  while (!world.advance(STEPS_PER_SLICE));
  return { spec, ...measure.read() };
}

/** The lab moves its price on this grid. */
const PRICE_GRID_US = 50_000;

/**
 * What the price truly was at any instant of the path. The makers' own copy is out of reach and forgets; the same
 * parameters and seed are the same prices.
 */
function truePrices(asset: AgentAsset, seed: number, totalS: number): (atUs: number) => number {
  const price = createEfficientPrice(asset, seed, START_AT_US);
  const steps = Math.ceil((totalS * MICROS_PER_SECOND) / PRICE_GRID_US) + 1;
  const prices = Float64Array.from(
    { length: steps },
    (_, at) => START_PRICE * Math.exp(price.logBpsAt(START_AT_US + at * PRICE_GRID_US) * 1e-4),
  );
  return (atUs) => {
    const value = prices[Math.floor((atUs - START_AT_US) / PRICE_GRID_US)];
    if (value === undefined) throw new Error(`invariant: ${atUs} is not on the path`);
    return value;
  };
}

/** The engine decides again when fair value has moved; who quotes around the local mid has to follow that. */
function decideAnew({ state }: Engine, event: EngineEvent): void {
  if (event.type !== "book") return;
  const inst = state.instruments[event.instrument];
  if (inst !== undefined) inst.decided = undefined;
}
