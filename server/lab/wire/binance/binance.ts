/**
 * Binance spot: REST under /api/v3 and /sapi/v1, market streams at /ws and /stream, the WebSocket API at /ws-api/v3.
 * Facts are of the venue's public documentation (binance-spot-api-docs) and of real frames. It has no dead-man's
 * switch and amends by cancel-replace: a cancel and a new order under an id of its own.
 */
import type { FrontEnd, FrontEndFactory } from "../ports.ts";
import { createMarketStreams } from "./marketStreams.ts";
import { answerHttp } from "./rest.ts";
import { createStreamSockets } from "./streamSockets.ts";
import { createVenue } from "./venue.ts";
import { createWsApi } from "./wsApi.ts";

/** "Going away": the venue is being worked on. */
const MAINTENANCE_CLOSE = 1001;

export const createBinance: FrontEndFactory = (core): FrontEnd => {
  const venue = createVenue(core);
  const sockets = createStreamSockets(core.nowUs, core.limits === "entry");
  const streams = createMarketStreams(venue, sockets);
  const wsApi = createWsApi(venue);
  return {
    http: (request) => answerHttp(venue, request),
    connect: (socket) =>
      venue.faults.isIn("maintenance") ? undefined : (wsApi.connect(socket) ?? sockets.connect(socket)),
    public: streams.public,
    private: venue.users.report,
    moved: venue.users.moved,
    listed: venue.symbols.refresh,
    tick: () => {
      streams.tick();
      venue.users.flush();
      wsApi.tick();
      sockets.tick();
    },
    fault: (fault) => {
      if (fault.kind === "crossedBook") return streams.cross(fault.instrument);
      if (fault.kind === "ban") return venue.limits.ban(fault.forMs);
      if (fault.kind === "rateLimited") return venue.limits.useUp(fault.forMs);
      if (fault.kind === "sessionExpired") return wsApi.expire();
      venue.faults.order(fault);
      if (fault.kind !== "maintenance") return;
      for (const side of [wsApi, sockets]) side.closeAll(MAINTENANCE_CLOSE, "maintenance");
    },
  };
};
