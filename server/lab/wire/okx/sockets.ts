/** All sockets of the venue, and which channel is served where and to whom. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { SocketHandler, WireSocket } from "../ports.ts";
import type { RateLimit } from "./limits.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { PRIVATE_CHANNELS } from "./privateFeed.ts";
import type { PrivateFeed } from "./privateFeed.ts";
import { PUBLIC_CHANNELS } from "./publicFeed.ts";
import type { PublicFeed } from "./publicFeed.ts";
import type { ChannelArg, Session, SocketSpace } from "./session.ts";
import { createSocket } from "./socket.ts";
import type { OkxSocket, SocketBackground, SocketError } from "./socket.ts";
import { answerOrder } from "./socketOrders.ts";

export interface Sockets {
  connect(socket: WireSocket): SocketHandler | undefined;
  /** Announces the end of all, which comes soon after. */
  shutDown(): void;
  /** Ends those that have logged in. */
  expire(): void;
  tick(): void;
}

export interface Feeds {
  readonly venue: OkxVenue;
  readonly public: PublicFeed;
  readonly private: PrivateFeed;
}

/** The venue announces a shutdown a minute ahead; here maintenance begins at once and clients have a second. */
const NOTICE_US = MICROS_PER_SECOND;

/** "3 requests per second, based on IP", and everyone here comes from one address. */
const DIALS: RateLimit = { count: 3, windowMs: 1_000 };

const PATHS: Readonly<Record<string, SocketSpace>> = {
  "/ws/v5/public": "public",
  "/ws/v5/private": "private",
  "/ws/v5/business": "business",
};

export function createSockets(feeds: Feeds): Sockets {
  const { core, faults, limits } = feeds.venue;
  const open = new Set<OkxSocket>();
  let connections = 0;
  let closesAtUs: number | undefined;

  const background: SocketBackground = {
    core,
    isLoginRefused: () => faults.take("loginRefused"),
    refusal: (session, arg) => channelRefusal(feeds, session, arg),
    subscribe(session, arg) {
      if (session.key !== undefined && PRIVATE_CHANNELS.has(arg.channel))
        subscribePrivate(feeds.private, session, session.key.account, arg);
      else feeds.public.subscribe(session, arg);
    },
    unsubscribe(session, arg) {
      feeds.private.unsubscribe(session, arg);
      feeds.public.unsubscribe(session, arg);
    },
    leave(session) {
      feeds.private.leave(session);
      feeds.public.leave(session);
    },
    order: (session, key, request) => session.send(answerOrder(feeds.venue, key, request), "answer"),
  };

  return {
    connect(wire) {
      const space = PATHS[wire.path];
      if (space === undefined || faults.isIn("maintenance")) return undefined;
      if (!limits.take("connections", DIALS)) return undefined;
      const connId = (++connections).toString(16).padStart(8, "0");
      const socket = createSocket(background, wire, { connId, space });
      open.add(socket);
      return {
        message: (text) => socket.message(text),
        closed() {
          open.delete(socket);
          socket.closed();
        },
      };
    },
    shutDown() {
      closesAtUs = core.steadyUs() + NOTICE_US;
      for (const socket of open) socket.notice();
    },
    expire() {
      for (const socket of open)
        if (socket.isLoggedIn) socket.close(4007, "API key has been updated or deleted. Please reconnect.");
    },
    tick() {
      for (const socket of open) socket.tick();
      if (closesAtUs === undefined || core.steadyUs() < closesAtUs) return;
      closesAtUs = undefined;
      for (const socket of open) socket.close(1001, "Service upgrade");
    },
  };
}

/** Of one account and channel. */
const CONNECTIONS_MAX = 30;

/** The client is told how many of its connections have the channel; one too many is let go again. */
function subscribePrivate(feed: PrivateFeed, session: Session, account: number, arg: ChannelArg): void {
  const { channel } = arg;
  const { connId } = session;
  feed.subscribe(session, account, arg);
  const count = feed.connections(account, channel);
  const isTooMany = count > CONNECTIONS_MAX;
  if (isTooMany) feed.unsubscribe(session, arg);
  const event = isTooMany ? "channel-conn-count-error" : "channel-conn-count";
  const connCount = String(Math.min(count, CONNECTIONS_MAX));
  session.send({ event, channel, connCount, connId }, "answer");
}

/** Channels that only accounts of a higher fee tier may have, once they have logged in. */
const TIERED_CHANNELS: Readonly<Record<string, SocketSpace>> = {
  fills: "private",
  "books50-l2-tbt": "public",
  "books-l2-tbt": "public",
};
const TIER_TOO_LOW: SocketError = {
  code: "64003",
  msg: "Your trading fee tier doesn't meet the requirement to access this channel.",
};
const NOT_LOGGED_IN: SocketError = { code: "60011", msg: "Please log in" };

function channelRefusal({ venue }: Feeds, session: Session, arg: ChannelArg): SocketError | undefined {
  const { channel, instId, instType } = arg;
  if (Object.hasOwn(TIERED_CHANNELS, channel) && TIERED_CHANNELS[channel] === session.space)
    return session.key === undefined ? NOT_LOGGED_IN : TIER_TOO_LOW;
  if (PRIVATE_CHANNELS.has(channel) && session.space === "private") {
    if (session.key === undefined) return NOT_LOGGED_IN;
    if (channel === "orders" && instType === undefined)
      return { code: "60027", msg: "Parameter instType can not be empty" };
    return instId === undefined || venue.instruments.find({ instId }) !== undefined
      ? undefined
      : unknown(arg);
  }
  if (!Object.hasOwn(PUBLIC_CHANNELS, channel) || PUBLIC_CHANNELS[channel] !== session.space)
    return unknown(arg);
  if (channel === "instruments") return instType === "SPOT" ? undefined : unknown(arg);
  return venue.instruments.find({ instId }) === undefined ? unknown(arg) : undefined;
}

function unknown(arg: ChannelArg): SocketError {
  const named = Object.entries(arg).map(([name, value]) => `${name}:${String(value)}`);
  return {
    code: "60018",
    msg: `Wrong URL or ${named.join(",")} doesn't exist. Please use the correct URL, channel and parameters referring to API document.`,
  };
}
