/** Small recordings in a directory that goes away with the test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { RecordedEvent } from "../../../../server/lab/recording/events.ts";
import type { RecordedInstrument } from "../../../../server/lab/recording/manifest.ts";
import type { Recording, RecordingRange } from "../../../../server/lab/recording/reader.ts";
import { openRecording } from "../../../../server/lab/recording/reader.ts";
import type { RecordingAbout } from "../../../../server/lab/recording/writer.ts";
import { createRecording } from "../../../../server/lab/recording/writer.ts";

export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "crossdesk-recording-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function instrument(account: string, changes: Partial<RecordedInstrument> = {}): RecordedInstrument {
  return {
    definition: {
      account,
      symbol: "BTC/USDT",
      version: 1,
      kind: "spot",
      base: "BTC",
      quote: "USDT",
      settle: "USDT",
      contractSizeBase: "1",
      tick: "0.01",
      lot: "0.001",
      sizeMinLots: 1,
      status: "TRADING",
      quoted: true,
    },
    venue: account,
    recorded: ["depth", "trades"],
    levels: 10,
    depthSizes: true,
    tradeSizes: true,
    venueStamps: true,
    ...changes,
  };
}

export function about(instruments: readonly RecordedInstrument[]): RecordingAbout {
  return {
    source: { name: "a test", licence: "none", importer: "test" },
    instruments: [...instruments],
    stretches: [],
    defects: [],
    checks: [],
    assumptions: [],
  };
}

/** Writes and opens a recording; it is closed when the test ends. */
export function record(
  events: readonly RecordedEvent[],
  instruments: readonly RecordedInstrument[] = [instrument("a"), instrument("b")],
): Recording {
  const dir = join(temporaryDir(), "recording");
  const writer = createRecording(dir, instruments.length);
  for (const event of events) writer.write(event);
  writer.finish(about(instruments));
  const recording = openRecording(dir);
  onTestFinished(() => recording.close());
  return recording;
}

export function readAll(recording: Recording, range?: RecordingRange): RecordedEvent[] {
  const cursor = recording.read(range);
  const events: RecordedEvent[] = [];
  for (let event = cursor.next(); event !== undefined; event = cursor.next()) events.push(event);
  return events;
}
