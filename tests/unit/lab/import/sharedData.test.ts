/** The importers on real recordings, where a developer's machine has them beside the repository. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importRecording } from "../../../../server/lab/import/importRecording.ts";
import type { RecordedEvent } from "../../../../server/lab/recording/events.ts";
import { openRecording } from "../../../../server/lab/recording/reader.ts";

const DATA = join(import.meta.dirname, "../../../../../shared/data");

function eachEvent(dir: string, visit: (event: RecordedEvent) => void): void {
  const recording = openRecording(dir);
  try {
    const cursor = recording.read();
    for (let event = cursor.next(); event !== undefined; event = cursor.next()) visit(event);
  } finally {
    recording.close();
  }
}

describe.skipIf(!existsSync(DATA))("real recordings", () => {
  let storeDir: string;
  beforeAll(() => void (storeDir = mkdtempSync(join(tmpdir(), "crossdesk-shared-"))));
  afterAll(() => rmSync(storeDir, { recursive: true, force: true }));

  it("linkusdt: two venues, 7,200 seconds each, no gap", async () => {
    const { dir, manifest } = await importRecording(join(DATA, "linkusdt-2021-08-20"), { storeDir });
    const { snapshot, delta, alive, gap } = manifest.counts;
    expect([snapshot, delta + alive, gap]).toEqual([2, 2 * 7_200 - 2, 0]);
    expect(manifest.instruments.map(({ definition: d }) => [d.tick, d.lot])).toEqual([
      ["0.001", "0.001"],
      ["0.0001", "0.01"],
    ]);
    let first: RecordedEvent | undefined;
    eachEvent(dir, (event) => (first ??= event));
    expect(first).toMatchObject({ bids: expect.arrayContaining([27_095, 988_450]) });
  });

  it("crypto5: every row of five venues, with the recorder's pauses and its late clock", async () => {
    const { manifest } = await importRecording(join(DATA, "crypto5-2025-09-26"), { storeDir });
    expect(manifest.counts.top).toBe(93_847 + 80_871 + 21_763 + 4_430);
    const long = manifest.stretches.filter(({ instruments }) => instruments === 5);
    const longestSeconds = Math.max(...long.map(({ fromUs, toUs }) => (toUs - fromUs) / 1e6));
    expect([manifest.stretches.length, long.length, Math.round(longestSeconds)]).toEqual([18, 6, 10_800]);
    expect(manifest.counts.gap).toBe(17 * 5);
    const late = manifest.defects
      .filter(({ code }) => code === "CLOCK_BEHIND")
      .map(({ text }) => text.split(" ")[0]);
    expect(late).toEqual(["binance", "coinbase", "okx"]);
    expect(manifest.defects.filter(({ code }) => code === "CROSSED")).toEqual([]);
  });

  it("fx: both markets in UTC, FXCM crossed in a tenth of its ticks", async () => {
    const { manifest } = await importRecording(join(DATA, "fx-eurusd-2014-05"), { storeDir });
    const crossed = manifest.defects.find(({ code }) => code === "CROSSED");
    expect(manifest.counts.top).toBe(683_472);
    expect(crossed).toMatchObject({ text: expect.stringMatching(/^fxcm/), count: 48_141 });
    expect(new Date(manifest.toUs / 1_000).toISOString()).toBe("2014-05-09T20:59:58.835Z");
  });

  it("binance-wire: the rebuilt book has the top of bookTicker at every id that both name", async () => {
    const { dir, manifest } = await importRecording(join(DATA, "binance-wire-2024-08-08"), { storeDir });
    const checks = new Map(manifest.checks.map(({ name, checked, equal }) => [name, [equal, checked]]));
    expect(checks.get("spot_btcusdt_20240808.gz: rebuilt top against the last bookTicker")).toEqual([
      3_449, 3_449,
    ]);
    expect(checks.get("usdm_btcusdt_20240808.gz: rebuilt top against the last bookTicker")).toEqual([
      6_547, 6_547,
    ]);
    for (const [name, [equal, checked]] of checks)
      if (name.endsWith("own update id")) expect(equal).toBe(checked);
    expect(manifest.defects.filter(({ code }) => code === "SEQUENCE_GAP")).toEqual([]);
    expect(manifest.counts).toMatchObject({
      snapshot: 3,
      gap: 1,
      print: 9_757 + 10_147 + 6_106 + 8_409 + 21_313,
    });
    let lastAtUs = 0;
    eachEvent(dir, ({ receivedAtUs }) => {
      if (receivedAtUs < lastAtUs) throw new Error(`time goes back at ${receivedAtUs}`);
      lastAtUs = receivedAtUs;
    });
    expect(lastAtUs).toBe(manifest.toUs);
  });
});
