/** How a benchmark's own processes reach the emulators of a home: as a desk would, without counting requests. */
import { readKeys } from "../../lab/service/keys.ts";
import { readWirePorts } from "../../lab/service/wirePorts.ts";
import type { EngineConfig } from "../../contract/config.ts";
import { EXCHANGE_IDS, type VenueAccess } from "../../venues/ccxt/ports.ts";

export function benchAccess(
  home: string,
  { accounts }: Pick<EngineConfig, "accounts">,
): (account: number) => VenueAccess {
  const keys = readKeys(home);
  const ports = readWirePorts(home);
  return (index) => {
    const { account, venue } = accounts[index] ?? {};
    const exchange = EXCHANGE_IDS.find((id) => id === venue);
    const credentials = keys.find((key) => key.account === account && key.holder === "desk");
    if (exchange === undefined || credentials === undefined || venue === undefined)
      throw new Error(`invariant: account ${index} cannot be reached`);
    return { exchange, origin: `127.0.0.1:${ports[venue] ?? 0}`, credentials, limits: "lifted" };
  };
}
