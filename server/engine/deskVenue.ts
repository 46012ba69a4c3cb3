/** The venues of a desk, as its file says they are reached: in the lab's own session, or through ccxt on the wire. */
import { join } from "node:path";
import type { DeskFile } from "../contract/deskFile.ts";
import { UserError } from "../contract/errors.ts";
import type { Clock } from "../host/clock.ts";
import { repositoryRoot } from "../host/deskHome.ts";
import { readKey } from "../host/keyVault.ts";
import type { Log } from "../host/log.ts";
import { readWirePorts } from "../lab/service/wirePorts.ts";
import { EXCHANGE_IDS, type ExchangeId, type VenueAccess } from "../venues/ccxt/ports.ts";
import { createCcxtVenue, spawnGateway } from "../venues/ccxt/venue.ts";
import { createLabVenue } from "../venues/lab/venue.ts";
import type { Venue } from "../venues/venue.ts";

interface DeskVenueOptions {
  readonly home: string;
  readonly desk: DeskFile;
  readonly clock: Clock;
  readonly log: Log;
}

/** Throws a UserError when an account's venue has no adapter, no address or no key. */
export function createDeskVenue({ home, desk, clock, log }: DeskVenueOptions): Venue {
  const { config } = desk;
  if (desk.venues !== "wire") return createLabVenue({ home, config, clock, log });
  const access = (account: number): VenueAccess => labAccess(home, desk, account);
  for (const account of config.accounts.keys()) access(account);
  return createCcxtVenue({
    config,
    access,
    clock,
    clockSpec: desk.clock,
    log,
    spawn: spawnGateway(join(repositoryRoot(), "dist", "gateway.mjs")),
  });
}

/** Read at each start of a gateway: a lab that was started again may listen elsewhere. */
function labAccess(home: string, { config }: DeskFile, index: number): VenueAccess {
  const terms = config.accounts[index];
  if (terms === undefined) throw new Error(`invariant: there is no account ${index}`);
  const { account, venue } = terms;
  const exchange = EXCHANGE_IDS.find((id): id is ExchangeId => id === venue);
  if (exchange === undefined)
    throw new UserError(`${account} is at ${venue}, which has no adapter: one of ${EXCHANGE_IDS.join(", ")}`);
  const port = readWirePorts(home)[venue];
  if (port === undefined) throw new UserError(`nobody listens as ${venue} for ${home}: start its lab`);
  const credentials = readKey(home, { account, holder: "desk" });
  if (credentials === undefined)
    throw new UserError(`there is no key of ${account}: desk keys set ${account}`);
  return { exchange, origin: `127.0.0.1:${port}`, credentials };
}
