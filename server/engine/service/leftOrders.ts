/**
 * What an engine that cannot start still owes the desk: the orders that the last one left at the venues are
 * canceled, without a journal and without a decision. A place that is on the wire may arrive until it expires,
 * so everything is canceled a second time after that.
 */
import type { EngineConfig } from "../../contract/config.ts";
import type { Log } from "../../host/log.ts";
import type { Venue } from "../../venues/venue.ts";

const POLL_MS = 20;

/** For the last cancels, which have just been handed to the sockets. */
const FAREWELL_MS = 300;

/** Ten seconds in all: a host that stops gives an engine 12 s. A venue that is away for longer is named instead. */
const LIMIT_MS = 10_000 - 2 * FAREWELL_MS;

export async function cancelLeftOrders({
  venue,
  accounts,
  clockSpeed,
  log,
}: {
  readonly venue: Venue;
  readonly accounts: EngineConfig["accounts"];
  readonly clockSpeed: number;
  readonly log: Log;
}): Promise<void> {
  const connected = new Set<number>();
  const expiryMs = Math.max(...accounts.map(({ requestExpiryMs }) => requestExpiryMs)) / clockSpeed;
  let isOver = false;
  let limit: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    limit = setTimeout(() => {
      isOver = true;
      resolve(false);
    }, LIMIT_MS);
  });

  /** Both are false when the time for all of it is over before. */
  const expired = (): Promise<boolean> => Promise.race([sleep(expiryMs), over]);
  const cancelAll = async (account: number): Promise<boolean> => {
    for (; !connected.has(account); await sleep(POLL_MS)) if (isOver) return false;
    venue.send({ type: "cancelAll", account });
    return true;
  };

  try {
    venue.open({
      event: () => undefined,
      connection: (account, isConnected) =>
        void (isConnected ? connected.add(account) : connected.delete(account)),
      marketEnded: () => undefined,
    });
    const reached = await Promise.all(
      [...accounts.keys()].map(
        async (account) => (await cancelAll(account)) && (await expired()) && (await cancelAll(account)),
      ),
    );
    await sleep(FAREWELL_MS);
    const missed = accounts.filter((_, account) => !reached[account]).map(({ account }) => account);
    if (missed.length === 0) log.info("without an engine: every venue was asked twice to cancel everything");
    else
      log.error("without an engine: could not cancel everything; look at the open orders there", {
        accounts: missed,
      });
  } catch (error) {
    // Why the engine cannot start is what its host has to hear.
    log.error("without an engine: could not cancel at the venues; look at the open orders there", { error });
  } finally {
    await Promise.race([venue.close(), sleep(FAREWELL_MS)]).catch((error: unknown) =>
      log.warn("left untidy", { error }),
    );
    clearTimeout(limit);
  }
}

/** Only the limit keeps the process: an expiry may be longer. */
function sleep(ms: number): Promise<boolean> {
  return new Promise((resolve) => setTimeout(() => resolve(true), ms).unref());
}
