/**
 * One venue on its own port of this machine: an HTTP and WebSocket server around its front-end, which brings latency
 * and everything that can go wrong between a desk and a venue.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../../../contract/errors.ts";
import type { WireFault } from "../../../contract/wireFaults.ts";
import type { Log } from "../../../host/log.ts";
import type { LabCore } from "../core/venueCore.ts";
import type { FrontEnd, FrontEndFactory } from "../ports.ts";
import { startBurst } from "./burst.ts";
import { isWiresOwn } from "./faults.ts";
import type { WireFaults } from "./faults.ts";
import { createHand, isByHand } from "./hand.ts";
import { createHttpSide } from "./http.ts";
import { createSocketSide } from "./sockets.ts";
import { createStaleView } from "./staleView.ts";
import type { HostTime } from "./time.ts";

/** Venues listen on this machine alone. */
const HOST = "127.0.0.1";

/** Clients of one desk have some tens; beyond this something opens them in a loop. */
const CONNECTIONS_MAX = 512;

/** A request that has not come in whole by then never will. */
const REQUEST_WITHIN_MS = 10_000;

/** Longer than the pools of common clients keep theirs, so that it is not we who close under a request. */
const KEEP_ALIVE_MS = 65_000;

export interface VenueHostOptions {
  readonly core: LabCore;
  readonly front: FrontEndFactory;
  readonly faults: WireFaults;
  readonly time: HostTime;
  readonly latencyUs: Readonly<Record<"feed" | "entry" | "response", () => number>>;
  readonly log: Log;
}

export interface VenueHost {
  readonly core: LabCore;
  readonly front: FrontEnd;
  readonly faults: WireFaults;
  /** Throws a UserError when the port is taken; 0 is any. Returns the port. */
  listen(port: number): Promise<number>;
  fault(fault: WireFault): void;
  /** Someone has a socket open at this moment. */
  readonly hasClients: boolean;
  close(): Promise<void>;
}

/** The front-end is attached to the core here. */
export function createVenueHost(options: VenueHostOptions): VenueHost {
  const { core, faults, time, log } = options;
  const stale = createStaleView(core, () => faults.behindUs(), faults);
  const front = options.front(stale.core);
  core.attach(stale.tapped(front));
  const hand = createHand(core, time);
  const slowed = (routeUs: () => number) => (): number => routeUs() + faults.burstUs();
  const latencyUs = {
    feed: slowed(options.latencyUs.feed),
    entry: slowed(options.latencyUs.entry),
    response: slowed(options.latencyUs.response),
  };
  const sockets = createSocketSide({ front, faults, time, latencyUs, log });
  const { entry: entryUs, response: responseUs } = latencyUs;
  const server = createServer(
    { requestTimeout: REQUEST_WITHIN_MS, headersTimeout: REQUEST_WITHIN_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    createHttpSide({ front, faults, stale, time, entryUs, responseUs, log }),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head));
  server.on("clientError", (_, socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    else socket.destroy();
  });

  return {
    core,
    front,
    faults,
    listen: (port) =>
      new Promise((resolve, reject) => {
        const fail = (cause: Error): void =>
          reject(
            new UserError(`${core.venue} cannot listen on port ${port} (${cause.message}): choose another`, {
              cause,
            }),
          );
        server.once("error", fail);
        server.listen(port, HOST, () => {
          server.off("error", fail);
          server.on("error", (error) => log.error("a venue's server failed", { venue: core.venue, error }));
          resolve((server.address() as AddressInfo).port);
        });
      }),
    fault(fault) {
      if (isWiresOwn(fault)) {
        faults.begin(fault);
        if (fault.kind === "latencyBurst") startBurst(core, time, fault);
        return;
      }
      if (isByHand(fault)) {
        if (hand.lay(fault)) faults.count(fault.kind);
        return;
      }
      faults.count(fault.kind);
      if (fault.kind === "disconnect") sockets.disconnect(fault.of);
      else front.fault(fault);
    },
    get hasClients() {
      return sockets.size > 0;
    },
    close: () =>
      new Promise((resolve) => {
        hand.undo();
        sockets.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
