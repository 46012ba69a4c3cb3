/** An engine's place at the lab: what the venue says is written down, and books are consumed as they come. */
import type { EngineConfig } from "../../../../server/contract/config.ts";
import type { Clock } from "../../../../server/host/clock.ts";
import type { Log } from "../../../../server/host/log.ts";
import { createLabVenue } from "../../../../server/venues/lab/venue.ts";
import type { Venue, VenueEvent } from "../../../../server/venues/venue.ts";

/** Only a test that fails waits so long. */
const WAIT_MS = 10_000;

export interface LabDesk {
  readonly venue: Venue;
  readonly events: VenueEvent[];
  readonly connections: boolean[];
  readonly ended: () => boolean;
  /** The first event from `from` on that fits, as soon as it is there. */
  next<E extends VenueEvent>(fits: (event: VenueEvent) => event is E, from?: number): Promise<E>;
  until(isSo: () => boolean): Promise<void>;
}

export function openDesk(options: { home: string; config: EngineConfig; clock: Clock; log: Log }): LabDesk {
  const events: VenueEvent[] = [];
  const connections: boolean[] = [];
  let hasEnded = false;
  const venue = createLabVenue(options);
  venue.open({
    event(event) {
      events.push(event);
      if (event.type === "book") setImmediate(() => venue.consumed(event.instrument));
    },
    connection: (account, connected) => {
      if (account === 0) connections.push(connected);
    },
    marketEnded: () => (hasEnded = true),
  });

  async function until(isSo: () => boolean): Promise<void> {
    for (let waitedMs = 0; !isSo(); waitedMs += 5) {
      if (waitedMs > WAIT_MS) throw new Error("it did not happen");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  return {
    venue,
    events,
    connections,
    ended: () => hasEnded,
    async next(fits, from = 0) {
      await until(() => events.slice(from).some(fits));
      const found = events.slice(from).find(fits);
      if (found === undefined) throw new Error("it was there");
      return found;
    },
    until,
  };
}

export function isType<T extends VenueEvent["type"]>(type: T, clientId?: string) {
  return (event: VenueEvent): event is Extract<VenueEvent, { type: T }> =>
    event.type === type && (clientId === undefined || ("clientId" in event && event.clientId === clientId));
}
