/** What a desk starts from, by profile: written to its home once, read by its lab and its engine. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DeskFile } from "../contract/deskFile.ts";
import { EngineConfig } from "../contract/config.ts";
import { UserError } from "../contract/errors.ts";
import { deskChanges } from "../core/params/resolve.ts";
import { ensureHome, hasDesk, readDeskFile, writeDeskFile } from "../host/deskHome.ts";
import { demoMarket } from "../lab/drivers/demo.ts";
import { openRecording } from "../lab/recording/reader.ts";
import { DEMO_PARAMETERS } from "../replay/demoScenario.ts";
import { recordedScenario } from "../replay/recordedScenario.ts";
import { parseSettings } from "../replay/settings.ts";

export interface DemoStart {
  readonly profile: "demo";
  readonly seed: number | undefined;
}

export interface ReplayStart {
  readonly profile: "replay";
  /** A recording in our format. */
  readonly directory: string;
  readonly speed: number;
  readonly seed: number | undefined;
  readonly assumedRates: ReadonlyMap<string, number>;
  readonly fromUs: number | undefined;
  readonly toUs: number | undefined;
}

const DEMO_SEED = 1;

/** Time for processes to come up before the recording begins to play. */
const HEAD_START_S = 8;

/**
 * A demo desk goes on from where it was; a recording is played from its start, by a desk that knows nothing.
 * Throws a UserError when the home is of another version, or a seed is given for a desk that has one.
 */
export function prepareDesk(home: string, start: DemoStart | ReplayStart, wallUs: number): DeskFile {
  ensureHome(home);
  if (start.profile === "replay") forget(home);
  if (hasDesk(home)) return existing(home, start);
  const desk = start.profile === "demo" ? demoDesk(start) : replayDesk(start, wallUs);
  writeDeskFile(home, desk);
  return desk;
}

/** All but the addresses of those who are starting it. */
function forget(home: string): void {
  for (const name of readdirSync(home))
    if (name !== "run") rmSync(join(home, name), { recursive: true, force: true });
}

function existing(home: string, start: DemoStart | ReplayStart): DeskFile {
  const desk = readDeskFile(home);
  if (start.seed !== undefined && start.seed !== desk.lab.seed)
    throw new UserError(
      `the desk in ${home} plays seed ${desk.lab.seed}: leave --seed away, or move that directory to begin anew`,
    );
  return desk;
}

function demoDesk({ seed = DEMO_SEED }: DemoStart): DeskFile {
  const demo = demoMarket(seed);
  return {
    format: 1,
    profile: "demo",
    config: EngineConfig.parse({
      ...demo.config,
      deskCode: "dmo",
      epoch: 1,
      initialState: "DISARMED",
      parameters: deskChanges(DEMO_PARAMETERS),
    }),
    lab: { market: "agents", seed },
    latency: demo.latency,
    deposits: [...demo.deposits],
    venues: "wire",
    armAtStart: true,
    assumptions: ["the market and its three venues are simulated; no order leaves this machine"],
  };
}

function replayDesk(start: ReplayStart, wallUs: number): DeskFile {
  const seed = start.seed ?? DEMO_SEED;
  const settings = parseSettings({ seed }, "--recording");
  const { assumedRates, fromUs, toUs } = start;
  const recording = openRecording(start.directory);
  const scenario = recordedScenario(recording, { settings, assumedRates, fromUs, toUs });
  try {
    return {
      format: 1,
      profile: "replay",
      config: EngineConfig.parse({ ...scenario.config, deskCode: "rpl", initialState: "DISARMED" }),
      clock: {
        originUs: Math.floor(scenario.fromUs),
        wallOriginUs: wallUs + HEAD_START_S * 1_000_000,
        speed: start.speed,
      },
      lab: {
        market: "recording",
        directory: start.directory,
        seed,
        fromUs: Math.floor(scenario.fromUs),
        toUs: scenario.toUs,
        feedLatencyMs: settings.feedLatencyMs,
        topSizeNotional: settings.topSizeNotional,
        printSizeNotional: settings.printSizeNotional,
      },
      latency: scenario.latency,
      deposits: [...scenario.deposits],
      armAtStart: true,
      assumptions: [...scenario.assumptions],
    };
  } finally {
    scenario.close();
  }
}
