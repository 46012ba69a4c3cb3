/** A lab without a desk: the demo's market and venues on the wire, in a home of its own that goes with it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineConfig } from "../../contract/config.ts";
import type { DeskFile } from "../../contract/deskFile.ts";
import { deskChanges } from "../../core/params/resolve.ts";
import { createClock } from "../../host/clock.ts";
import { writeDeskFile } from "../../host/deskHome.ts";
import type { Log } from "../../host/log.ts";
import { demoMarket } from "../drivers/demo.ts";
import { LATENCY_PRESETS } from "../world/latency.ts";
import { openKeys } from "./keys.ts";
import type { StoredKey } from "./keys.ts";
import { startLab } from "./lab.ts";
import type { WireOptions } from "./lab.ts";

export interface LoneLab {
  /** Of the lab's own socket, which orders things up: for `openLabClient`. */
  readonly home: string;
  readonly venues: readonly {
    readonly venue: string;
    readonly origin: string;
    readonly keys: readonly StoredKey[];
  }[];
  stop(): Promise<void>;
}

/** Throws a UserError when a port is taken. */
export async function startLoneLab(desk: DeskFile, log: Log, wire: WireOptions): Promise<LoneLab> {
  const home = mkdtempSync(join(tmpdir(), "crossdesk-lone-"));
  const remove = (): void => rmSync(home, { recursive: true, force: true });
  try {
    writeDeskFile(home, { ...desk, venues: "wire" });
    const lab = await startLab({ home, clock: createClock(desk.clock), log, wire });
    const { accounts } = desk.config;
    const keys = openKeys(
      home,
      accounts.map(({ account }) => account),
    );
    return {
      home,
      venues: Object.entries(lab.ports).map(([venue, port]) => ({
        venue,
        origin: `http://127.0.0.1:${port}`,
        keys: keys.filter((key) => accounts.some((a) => a.account === key.account && a.venue === venue)),
      })),
      async stop() {
        await lab.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The demo's market and accounts without latency, for a lab that no engine of ours starts from. */
export function loneDesk(seed: number): DeskFile {
  const { config, deposits } = demoMarket(seed);
  // An engine's configuration wants a capital; a lab reads none.
  const parameters = deskChanges({ capital: 1_000_000 });
  return {
    format: 1,
    profile: "demo",
    config: EngineConfig.parse({ ...config, deskCode: "lab", epoch: 1, parameters }),
    lab: { market: "agents", seed },
    latency: LATENCY_PRESETS.zero,
    deposits: [...deposits],
    armAtStart: false,
    assumptions: ["the market and its venues are simulated; no order leaves this machine"],
  };
}
