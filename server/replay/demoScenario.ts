/** A seeded simulated market on three venues: what a newcomer runs first. */
import { EngineConfig } from "../contract/config.ts";
import { deskChanges } from "../core/params/resolve.ts";
import { createAgentMarket } from "../lab/drivers/agents.ts";
import { demoMarket } from "../lab/drivers/demo.ts";
import { describeCapital, describeFees, type Scenario } from "./scenario.ts";
import { latencyOf, type BacktestSettings } from "./settings.ts";

/** Two assets on three venues: at the default order size of 2 % everything filled at once would exceed the net limit. */
export const DEMO_PARAMETERS = { capital: 1_000_000, orderNotionalPct: 0.5 } as const;

export function demoScenario(settings: BacktestSettings, durationS: number): Scenario {
  const demo = demoMarket(settings.seed);
  const agents = { ...demo.agents, durationS };
  const config = EngineConfig.parse({
    ...demo.config,
    deskCode: "dmo",
    epoch: 1,
    initialState: "ACTIVE",
    parameters: [...deskChanges({ ...DEMO_PARAMETERS, ...settings.parameters }), ...settings.scoped],
  });
  return {
    name: `demo market, seed ${settings.seed}, ${durationS} s`,
    source: `demo ${settings.seed} ${durationS}`,
    config,
    driver: createAgentMarket(agents, config),
    latency: latencyOf(settings, demo.latency),
    deposits: demo.deposits,
    seed: settings.seed,
    fromUs: agents.startAtUs,
    toUs: agents.startAtUs + durationS * 1e6,
    assumptions: [
      ...config.accounts.map(({ account, fees }) => describeFees(account, fees)),
      describeCapital(Number({ ...DEMO_PARAMETERS, ...settings.parameters }.capital), config.reportingAsset),
      ...config.accounts.map(({ account }) => {
        const stock = demo.deposits.filter((deposit) => deposit.account === account);
        return `${account}: working stock of ${stock.map(({ asset, amount }) => `${amount} ${asset}`).join(", ")}`;
      }),
    ],
    close: () => undefined,
  };
}
