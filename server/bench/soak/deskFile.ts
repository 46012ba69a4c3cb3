/** The demo desk of a soak: a market of its own, and quotes so tight that they are hit all the time. */
import { EngineConfig } from "../../contract/config.ts";
import type { DeskFile } from "../../contract/deskFile.ts";
import { MICROS_PER_MS } from "../../contract/units.ts";
import { deskChanges } from "../../core/params/resolve.ts";
import { demoMarket } from "../../lab/drivers/demo.ts";
import { CROWDED_LEVELS, crowdedMarket } from "./crowdedMarket.ts";
import { DEMO_PARAMETERS } from "../../replay/demoScenario.ts";

/** A loss is no concern here: each fill is one more that a crash could lose. */
const TIGHT = {
  ...DEMO_PARAMETERS,
  spreadMultiplier: 0.3,
  adverseSelectionBps: 0,
  pickOffZ: 0,
  sniperFeeBps: 0,
  quoteLifeMinMs: 100,
  jumpPauseMs: 0,
};

/** Marks its orders. */
export const DESK_CODE = "soa";

/** Wide enough apart, and left alone for long enough, for the venues' entry limits to let all of them rest. */
const CROWDED = {
  ...TIGHT,
  quoteLevels: CROWDED_LEVELS,
  orderNotionalPct: 0.05,
  spreadMultiplier: 0.8,
  levelStepOfDecay: 1.5,
  quoteLifeMinMs: 20_000,
  requoteToleranceK: 2,
};

/** The demo's market, or one in which more than 150 orders rest at a time. */
export type SoakedMarket = "demo" | "crowded";

/** What people may set a desk to without changing what kind of desk it is: from, and up to, in hundredths. */
export interface Tuning {
  readonly spreadMultiplier: readonly [from: number, hundredths: number];
  readonly orderNotionalPct: readonly [from: number, hundredths: number];
}
export const TUNING: Readonly<Record<SoakedMarket, Tuning>> = {
  demo: { spreadMultiplier: [0.2, 40], orderNotionalPct: [0.2, 60] },
  crowded: { spreadMultiplier: [0.75, 10], orderNotionalPct: [0.04, 3] },
};

/** `clockSpeed`: engine seconds per second. */
export function soakDeskFile(
  seed: number,
  clockSpeed: number,
  nowMs: number,
  market: SoakedMarket = "demo",
): DeskFile {
  const demo = market === "demo" ? demoMarket(seed) : crowdedMarket(seed);
  const originUs = Math.floor(nowMs * MICROS_PER_MS);
  return {
    format: 1,
    profile: "demo",
    config: EngineConfig.parse({
      ...demo.config,
      deskCode: DESK_CODE,
      epoch: 1,
      initialState: "DISARMED",
      parameters: deskChanges(market === "demo" ? TIGHT : CROWDED),
    }),
    ...(clockSpeed === 1 ? {} : { clock: { originUs, wallOriginUs: originUs, speed: clockSpeed } }),
    lab: { market: "agents", seed, ...(market === "demo" ? {} : { agents: demo.agents }) },
    latency: demo.latency,
    deposits: [...demo.deposits],
    // What speaks on the wire is stamped by clocks that run as they do: at another speed the venues are in process.
    venues: clockSpeed === 1 ? "wire" : "lab",
    armAtStart: false,
    assumptions: [],
  };
}

/** The wall clock's time at an instant of the engine. */
export function wallMsOf({ clock }: DeskFile, atUs: number): number {
  const wallUs = clock === undefined ? atUs : clock.wallOriginUs + (atUs - clock.originUs) / clock.speed;
  return wallUs / MICROS_PER_MS;
}
