/** OKX, spot: REST under /api/v5 and the three sockets under /ws/v5, over one core. */
import type { FrontEnd, VenueCore } from "../ports.ts";
import { accountRoutes } from "./accountRoutes.ts";
import { createBills } from "./bills.ts";
import { createDeadMan } from "./deadMan.ts";
import { fundingRoutes } from "./fundingRoutes.ts";
import { marketRoutes } from "./marketRoutes.ts";
import { createOkxVenue } from "./okxVenue.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { createPrivateFeed } from "./privateFeed.ts";
import { createPublicFeed } from "./publicFeed.ts";
import { createRest } from "./rest.ts";
import { createSockets } from "./sockets.ts";
import { tradeRoutes } from "./tradeRoutes.ts";

export function createOkx(core: VenueCore): FrontEnd {
  const privateFeed = createPrivateFeed(() => venue);
  const venue: OkxVenue = createOkxVenue(core, privateFeed.tellOrder);
  const publicFeed = createPublicFeed(core, venue.instruments);
  const sockets = createSockets({ venue, public: publicFeed, private: privateFeed });
  const deadMan = createDeadMan(venue);
  const bills = createBills(core);
  const http = createRest(
    venue,
    new Map([
      ...marketRoutes(venue, publicFeed),
      ...tradeRoutes(venue, deadMan),
      ...accountRoutes(venue, bills),
      ...fundingRoutes(venue, bills),
    ]),
  );
  return {
    http,
    connect: (socket) => sockets.connect(socket),
    public(event) {
      if (event.type === "trade") publicFeed.traded(event.instrument);
    },
    private: (account, report) => privateFeed.report(account, report),
    moved: (account, asset) => privateFeed.moved(account, asset),
    listed: (instrument) => publicFeed.listed(instrument),
    tick() {
      deadMan.tick();
      publicFeed.tick();
      privateFeed.tick();
      sockets.tick();
    },
    fault(fault) {
      switch (fault.kind) {
        case "gap":
        case "badChecksum":
        case "crossedBook":
        case "ghostLevel":
          return publicFeed.fault(fault.kind, fault.instrument);
        case "maintenance":
          venue.faults.order(fault);
          return sockets.shutDown();
        // A ban is told in the words for one request too many here.
        case "rateLimited":
          return venue.faults.order({ kind: "ban", forMs: fault.forMs });
        case "ban":
        case "partialBatch":
        case "cancelRace":
        case "internalError":
        case "refusedCancel":
        case "overload":
        case "loginRefused":
          return venue.faults.order(fault);
        case "sessionExpired":
          return sockets.expire();
      }
    },
  };
}
