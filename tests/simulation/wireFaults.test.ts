/**
 * A slice of `npm run soak -- wire`: lab and engine as processes, with a fault of the wire every other second, many more
 * than in the hour. How long threads stand still says nothing beside other tests; that is the soak's to judge.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { soakDeskFile } from "../../server/bench/soak/deskFile.ts";
import { WireDesk } from "../../server/bench/soak/wireDesk.ts";
import { runOverFaultyWire } from "../../server/bench/soak/wireRun.ts";
import { repositoryRoot } from "../../server/host/deskHome.ts";
import { connectLink } from "../../server/link/client.ts";
import { bundleAll } from "../../server/supervisor/build.ts";

const SEED = 1;
const FAULTY_MS = 45_000;
const EVERY_S = 1.5;

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "crossdesk-wire-faults-"));
  await bundleAll(repositoryRoot());
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a desk whose venues do everything wrong on the wire agrees with them in the end", async () => {
  const findings: string[] = [];
  const onFinding = (text: string): void => void findings.push(text);
  const home = join(folder, "demo");
  const desk = await WireDesk.start(home, soakDeskFile(SEED, 1, Date.now()), onFinding);
  const link = connectLink({ home, client: "wire faults" });
  try {
    const { report } = await runOverFaultyWire({
      home,
      link,
      seed: SEED,
      everyS: EVERY_S,
      forMs: FAULTY_MS,
      standstills: "ignore",
      say: () => undefined,
      onFinding,
    });
    expect(findings).toEqual([]);
    // Else there was nothing to lose, and nothing that could have been lost.
    expect(report.fills).toBeGreaterThan(50);
    expect(Object.values(report.faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
  } finally {
    link.close();
    await desk.stop();
  }
  expect(findings).toEqual([]);
}, 300_000);
