/** The venues of a desk, as its file says they are reached: in the lab's own session, or through ccxt, there or at the real ones. */
import { join } from "node:path";
import type { DeskFile } from "../contract/deskFile.ts";
import { UserError } from "../contract/errors.ts";
import type { Clock } from "../host/clock.ts";
import { repositoryRoot } from "../host/deskHome.ts";
import { readKey } from "../host/keyVault.ts";
import type { Log } from "../host/log.ts";
import { readWirePorts } from "../lab/service/wirePorts.ts";
import { findExchange } from "../venues/ccxt/exchangeId.ts";
import type { GatewayOptions, VenueAccess } from "../venues/ccxt/ports.ts";
import { createCcxtVenue, spawnGateway, type GatewayThread } from "../venues/ccxt/venue.ts";
import { createLabVenue } from "../venues/lab/venue.ts";
import { observeOnly } from "../venues/observer.ts";
import type { Venue } from "../venues/venue.ts";
import { realAccess, watchesOnly } from "./realVenue.ts";

interface DeskVenueOptions {
  readonly home: string;
  readonly desk: DeskFile;
  readonly clock: Clock;
  readonly log: Log;
  /** How a gateway is started; absent: as a thread of the built bundle. */
  readonly spawn?: ((options: GatewayOptions) => GatewayThread) | undefined;
}

/** Throws a UserError when an account's venue has no adapter, no address or no key. */
export function createDeskVenue(options: DeskVenueOptions): Venue {
  const { home, desk, clock, log } = options;
  const { config } = desk;
  const isReal = desk.venues === "real";
  if (!isReal && desk.venues !== "wire") return createLabVenue({ home, config, clock, log });
  const access = (account: number): VenueAccess => accessOf(home, desk, account);
  for (const account of config.accounts.keys()) access(account);
  const venue = createCcxtVenue({
    config,
    access,
    clock,
    clockSpec: desk.clock,
    log,
    spawn: options.spawn ?? spawnGateway(join(repositoryRoot(), "dist", "gateway.mjs")),
  });
  return isReal && watchesOnly(home, desk) ? observeOnly(venue) : venue;
}

/** Where an account of a desk that trades through ccxt is reached, and as whom. Throws as `createDeskVenue` does. */
export function accessOf(home: string, desk: DeskFile, account: number): VenueAccess {
  return desk.venues === "real" ? realAccess(home, desk, account) : labAccess(home, desk, account);
}

/** Read at each start of a gateway: a lab that was started again may listen elsewhere. */
function labAccess(home: string, { config }: DeskFile, index: number): VenueAccess {
  const terms = config.accounts[index];
  if (terms === undefined) throw new Error(`invariant: there is no account ${index}`);
  const { account, venue } = terms;
  const exchange = findExchange(account, venue);
  const port = readWirePorts(home)[venue];
  if (port === undefined) throw new UserError(`nobody listens as ${venue} for ${home}: start its lab`);
  const credentials = readKey(home, { account, holder: "desk" });
  if (credentials === undefined)
    throw new UserError(
      `there is no key of ${account} in ${home}: start the desk again, which takes the simulated venues' keys`,
    );
  return { exchange, origin: `127.0.0.1:${port}`, credentials };
}
