/** The lab's three emulators in place of real venues, and desks that reach them as they would the real ones. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VenuesFile } from "../../server/contract/venuesFile.ts";
import { ensureHome } from "../../server/host/deskHome.ts";
import { storeKey } from "../../server/host/keyVault.ts";
import { loneDesk, startLoneLab } from "../../server/lab/service/alone.ts";
import type { LoneLab } from "../../server/lab/service/alone.ts";
import type { WireOptions } from "../../server/lab/service/lab.ts";
import { openLabClient } from "../../server/lab/service/labClient.ts";
import type { LabClient } from "../../server/lab/service/labClient.ts";

export const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface RealLab {
  readonly lab: LoneLab;
  readonly client: LabClient;
  /** A home with the lab's keys in its vault. */
  home(profile: "paper" | "live"): string;
  readonly venues: VenuesFile;
  close(): Promise<void>;
}

export async function openRealLab(wire: WireOptions = {}): Promise<RealLab> {
  const lab = await startLoneLab(loneDesk(3), SILENT, wire);
  const client = await openLabClient(lab.home);
  const root = mkdtempSync(join(tmpdir(), "crossdesk-real-"));
  let homes = 0;
  const originOf = (venue: string): string => {
    const found = lab.venues.find((one) => one.venue === venue);
    if (found === undefined) throw new Error(`the lab has no ${venue}`);
    return found.origin;
  };
  return {
    lab,
    client,
    venues: {
      reportingAsset: "USD",
      capital: 1_000_000,
      accounts: [
        account("binance", ["BTC/USDT", "ETH/USDT"], []),
        account("okx", ["BTC/USDT", "ETH/USDT"], []),
        account("kraken", ["BTC/USD", "ETH/USD"], ["USDT/USD"]),
      ],
    },
    home(profile) {
      const home = join(root, `${profile}${homes++}`);
      ensureHome(home);
      for (const { keys } of lab.venues)
        for (const { account: name, holder, apiKey, secret, passphrase } of keys)
          storeKey(home, { account: name, holder }, { apiKey, secret, passphrase }, 1);
      return home;
    },
    async close() {
      client.close();
      await lab.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };

  function account(venue: string, symbols: string[], references: string[]): VenuesFile["accounts"][number] {
    const stock = { BTC: "10", ETH: "200", [venue === "kraken" ? "USD" : "USDT"]: "1000000" };
    return { account: venue, venue, symbols, references, fees: "maker", stock, baseUrl: originOf(venue) };
  }
}
