/** A folder named on the command line as a scenario: a recording of ours, or a foreign one that is converted once. */
import { basename, join } from "node:path";
import { importRecording } from "../../lab/import/importRecording.ts";
import { openRecording } from "../../lab/recording/reader.ts";
import type { Manifest } from "../../lab/recording/manifest.ts";
import { recordedScenario } from "../recordedScenario.ts";
import type { Scenario } from "../scenario.ts";
import type { BacktestSettings } from "../settings.ts";
import type { StudyPorts } from "./study.ts";

/**
 * Stretches of dollar and tether are told apart by a basis of a few bps, which the desk learns: par is what a
 * comparison needs, and it is printed among the assumptions.
 */
const PAR: ReadonlyMap<string, number> = new Map([["USDT/USD", 1]]);

export interface RecordedSource {
  readonly name: string;
  readonly manifest: Manifest;
  /** Opens it anew: a scenario is played once. Over its longest stretch without a pause, at most so long. */
  scenario(settings: BacktestSettings, secondsMax: number): Scenario;
}

export async function openSource(folder: string, ports: StudyPorts): Promise<RecordedSource> {
  const { dir, manifest } = await importRecording(folder, {
    storeDir: join(ports.home, "recordings"),
    onProgress: (done, total) => ports.progress(done, total, "bytes read"),
  });
  return {
    name: basename(folder),
    manifest,
    scenario(settings, secondsMax) {
      const { fromUs, toUs } = longestStretch(manifest);
      const recording = openRecording(dir);
      try {
        return recordedScenario(recording, {
          settings,
          fromUs,
          toUs: Math.min(toUs, fromUs + secondsMax * 1e6),
          assumedRates: parFor(manifest),
        });
      } catch (error) {
        recording.close();
        throw error;
      }
    },
  };
}

function longestStretch({ stretches, fromUs, toUs }: Manifest): { fromUs: number; toUs: number } {
  const [longest] = [...stretches].sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs));
  return longest ?? { fromUs, toUs };
}

/** Only where both are quoted: an assumption that changes nothing would only puzzle. */
function parFor({ instruments }: Manifest): ReadonlyMap<string, number> {
  const quotes = new Set(instruments.map(({ definition }) => definition.quote));
  return quotes.has("USD") && quotes.has("USDT") ? PAR : new Map();
}
