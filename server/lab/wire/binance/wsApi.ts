/**
 * The WebSocket API at /ws-api/v3: the requests of REST, each signed by itself, and user data streams, whose events
 * come on the same connection.
 */
import { z } from "zod";
import { MICROS_PER_DAY } from "../../../contract/units.ts";
import type { SocketHandler, WireSocket } from "../ports.ts";
import * as accounts from "./accountQueries.ts";
import { cancelReplace } from "./cancelReplace.ts";
import { exchangeInfo } from "./exchangeInfo.ts";
import * as market from "./marketQueries.ts";
import { perform } from "./methods.ts";
import type { Method, SignedMethod } from "./methods.ts";
import * as orders from "./orders.ts";
import { integer, jsonParams } from "./params.ts";
import type { Params } from "./params.ts";
import { disconnected, invalidParam, Refusal } from "./refusal.ts";
import { sortedPayload } from "./signing.ts";
import type { Venue } from "./venue.ts";

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["ping", market.ping],
  ["time", market.time],
  ["exchangeInfo", exchangeInfo],
  ["depth", market.depth],
  ["trades.recent", market.recentTrades],
  ["trades.aggregate", market.aggTrades],
  ["ticker.price", market.priceTicker],
  ["ticker.book", market.bookTickers],
  ["ticker.24hr", market.dayTicker],
  ["order.place", orders.placeOrder],
  ["order.test", orders.testOrder],
  ["order.status", accounts.queryOrder],
  ["order.cancel", orders.cancelOrder],
  ["order.cancelReplace", cancelReplace],
  ["openOrders.status", accounts.openOrders],
  ["openOrders.cancelAll", orders.cancelOpenOrders],
  ["account.status", accounts.account],
  ["account.commission", accounts.commission],
  ["account.rateLimits.orders", accounts.orderCount],
  ["allOrders", accounts.allOrders],
  ["myTrades", accounts.myTrades],
]);

const Request = z.object({
  id: z.union([z.string().max(36), z.int(), z.null()]),
  method: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
});

/** "Connecting to WebSocket API costs 2 weight." */
const CONNECT_WEIGHT = 2;

interface WsApi {
  connect(socket: WireSocket): SocketHandler | undefined;
  /** Ends connections that are a day old. */
  tick(): void;
  /** Ends all user data streams; their connections stay. */
  expire(): void;
  closeAll(code: number, reason: string): void;
}

interface Connection {
  readonly socket: WireSocket;
  readonly connectedAtUs: number;
  readonly showsLimits: boolean;
  /** Stops of its user data streams, by subscription. */
  readonly subscriptions: Map<number, () => void>;
  subscribed: number;
}

export function createWsApi(venue: Venue): WsApi {
  const connections = new Set<Connection>();

  const drop = (connection: Connection): void => {
    for (const stop of connection.subscriptions.values()) stop();
    connection.subscriptions.clear();
    connections.delete(connection);
  };
  const close = (connection: Connection, code: number, reason: string): void => {
    drop(connection);
    connection.socket.close(code, reason);
  };

  return {
    connect: (socket) => {
      if (socket.path !== "/ws-api/v3") return undefined;
      try {
        venue.limits.charge(CONNECT_WEIGHT);
      } catch (error) {
        if (error instanceof Refusal) return undefined;
        throw error;
      }
      const connection: Connection = {
        socket,
        connectedAtUs: venue.core.nowUs(),
        showsLimits: new URLSearchParams(socket.query).get("returnRateLimits") !== "false",
        subscriptions: new Map(),
        subscribed: 0,
      };
      connections.add(connection);
      return {
        message: (text) => socket.send(JSON.stringify(answer(venue, connection, text)), "answer"),
        closed: () => drop(connection),
      };
    },
    tick: () => {
      const nowUs = venue.core.nowUs();
      for (const connection of connections)
        if (nowUs - connection.connectedAtUs > MICROS_PER_DAY) close(connection, 1001, "24 hours are over");
    },
    expire: () => {
      for (const connection of connections)
        for (const subscriptionId of connection.subscriptions.keys())
          terminate(connection, subscriptionId, venue.nowMs());
    },
    closeAll: (code, reason) => {
      for (const connection of connections) close(connection, code, reason);
    },
  };
}

function answer(venue: Venue, connection: Connection, text: string): object {
  const request = Request.safeParse(parseJson(text));
  const params = request.success ? jsonParams(request.data.params ?? {}) : undefined;
  if (!request.success || params === undefined)
    return { id: null, status: 400, error: { code: -1135, msg: "Invalid JSON Request" } };
  const { id } = request.data;
  const name = request.data.method.replace(/^v3\//, "");
  const method = METHODS.get(name) ?? userMethod(connection, name);
  const showsLimits = params.get("returnRateLimits") ?? String(connection.showsLimits);
  const limits = (): object =>
    showsLimits === "true" ? { rateLimits: rateLimitsOf(venue, params, method) } : {};
  if (method === undefined)
    return { id, status: 400, error: { code: -1020, msg: "This operation is not supported." }, ...limits() };
  try {
    const signed = { apiKey: params.get("apiKey"), params, payload: sortedPayload(params) };
    const result = perform(venue, method, signed, { isStrict: false });
    return { id, status: 200, result, ...limits() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { id, status: error.status, error: error.body(), ...limits() };
  }
}

/** Order counts come with what places orders, as far as the account is known. */
function rateLimitsOf({ limits, core }: Venue, params: Params, method: Method | undefined): object[] {
  const key = method?.isOrder === true ? core.key(params.get("apiKey") ?? "") : undefined;
  return [...(key === undefined ? [] : limits.orders(key.account)), limits.weight()];
}

/** User data streams belong to the connection that asks. */
function userMethod(connection: Connection, name: string): Method | undefined {
  const { subscriptions } = connection;
  if (name === "userDataStream.subscribe.signature") return subscribe(connection);
  if (name !== "userDataStream.unsubscribe") return undefined;
  return {
    security: "NONE",
    params: ["subscriptionId"],
    weight: 2,
    run: (venue, params) => {
      const asked = integer(params, "subscriptionId");
      const ids = asked === undefined ? [...subscriptions.keys()] : [asked];
      for (const subscriptionId of ids) {
        if (!subscriptions.has(subscriptionId)) throw invalidParam("subscriptionId");
        terminate(connection, subscriptionId, venue.nowMs());
      }
      return {};
    },
  };
}

function terminate({ socket, subscriptions }: Connection, subscriptionId: number, E: number): void {
  subscriptions.get(subscriptionId)?.();
  subscriptions.delete(subscriptionId);
  socket.send(JSON.stringify({ subscriptionId, event: { e: "eventStreamTerminated", E } }), "report");
}

function subscribe(connection: Connection): SignedMethod {
  const { socket, subscriptions } = connection;
  return {
    security: "USER_DATA",
    params: [],
    weight: 2,
    run: ({ users, faults }, _params, { key }) => {
      if (faults.take("loginRefused")) throw disconnected();
      const subscriptionId = connection.subscribed++;
      const stop = users.listen(key.account, (event) =>
        socket.send(JSON.stringify({ subscriptionId, event }), "report"),
      );
      subscriptions.set(subscriptionId, stop);
      return { subscriptionId };
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
