/** A desk's home with the demo market in it, and a lab that runs on it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineConfig } from "../../../../server/contract/config.ts";
import type { DeskFile } from "../../../../server/contract/deskFile.ts";
import { deskChanges } from "../../../../server/core/params/resolve.ts";
import { writeDeskFile } from "../../../../server/host/deskHome.ts";
import type { Log } from "../../../../server/host/log.ts";
import { demoMarket } from "../../../../server/lab/drivers/demo.ts";
import { LATENCY_PRESETS } from "../../../../server/lab/world/latency.ts";

export const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function demoDesk(more: Partial<DeskFile> = {}): DeskFile {
  const demo = demoMarket(1);
  return {
    format: 1,
    profile: "demo",
    config: EngineConfig.parse({
      ...demo.config,
      deskCode: "tst",
      epoch: 1,
      parameters: deskChanges({ capital: 1_000_000 }),
    }),
    lab: { market: "agents", seed: 1 },
    latency: LATENCY_PRESETS.zero,
    deposits: [...demo.deposits],
    armAtStart: false,
    assumptions: [],
    ...more,
  };
}

export function makeHome(desk: DeskFile = demoDesk()): { home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), "crossdesk-lab-"));
  writeDeskFile(home, desk);
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}
