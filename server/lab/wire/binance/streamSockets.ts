/**
 * Sockets of the market streams at /ws and /stream: who listens to what, in raw or combined form, and the requests
 * that change it. A stream that does not exist is taken like any other and stays silent, as at the venue.
 */
import { z } from "zod";
import { MICROS_PER_DAY } from "../../../contract/units.ts";
import type { SocketHandler, WireSocket } from "../ports.ts";

export interface StreamSockets {
  /** Undefined when the path is none of the market streams. */
  connect(socket: WireSocket): SocketHandler | undefined;
  isHeard(stream: string): boolean;
  send(stream: string, data: object): void;
  /** Ends connections that are a day old. */
  tick(): void;
  closeAll(code: number, reason: string): void;
}

interface Connection {
  readonly socket: WireSocket;
  readonly connectedAtUs: number;
  readonly streams: Set<string>;
  isCombined: boolean;
  /** Messages of the client in the present second. */
  second: number;
  messages: number;
}

/** Of rest and stream docs: "5 incoming messages per second", "1024 streams", "24 hours". */
const MESSAGES_PER_SECOND_MAX = 5;
const STREAMS_MAX = 1_024;
const POLICY_VIOLATION = 1008;

const Request = z.object({
  id: z.union([z.string().max(36), z.int(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
});
const Names = z.array(z.string().max(100)).max(STREAMS_MAX);

/** Error codes of the stream protocol, which are none of the REST ones. */
const UNKNOWN_PROPERTY = 0;
const INVALID_REQUEST = 2;
const INVALID_JSON = 3;

export function createStreamSockets(nowUs: () => number, isEnforced: boolean): StreamSockets {
  const connections = new Set<Connection>();
  const listeners = new Map<string, Set<Connection>>();

  const subscribe = (connection: Connection, stream: string): void => {
    connection.streams.add(stream);
    const heard = listeners.get(stream) ?? new Set();
    listeners.set(stream, heard.add(connection));
  };
  const unsubscribe = (connection: Connection, stream: string): void => {
    connection.streams.delete(stream);
    const heard = listeners.get(stream);
    heard?.delete(connection);
    if (heard?.size === 0) listeners.delete(stream);
  };
  const drop = (connection: Connection): void => {
    for (const stream of [...connection.streams]) unsubscribe(connection, stream);
    connections.delete(connection);
  };
  const close = (connection: Connection, code: number, reason: string): void => {
    drop(connection);
    connection.socket.close(code, reason);
  };

  function answer(connection: Connection, text: string): object {
    const json = parseJson(text);
    const request = Request.safeParse(json);
    if (!request.success)
      return errorOf(json === undefined ? INVALID_JSON : INVALID_REQUEST, "unknown variant");
    const { id = null, method, params = [] } = request.data;
    const names = Names.safeParse(params);
    switch (method) {
      case "SUBSCRIBE":
      case "UNSUBSCRIBE":
        if (!names.success) return { ...errorOf(INVALID_REQUEST, "request ID and stream names"), id };
        if (method === "UNSUBSCRIBE") for (const name of names.data) unsubscribe(connection, name);
        else if (new Set([...connection.streams, ...names.data]).size > STREAMS_MAX)
          return { ...errorOf(INVALID_REQUEST, `more than ${STREAMS_MAX} streams`), id };
        else for (const name of names.data) subscribe(connection, name);
        return { result: null, id };
      case "LIST_SUBSCRIPTIONS":
        return { result: [...connection.streams], id };
      case "SET_PROPERTY":
        if (params[0] !== "combined" || typeof params[1] !== "boolean")
          return { ...errorOf(UNKNOWN_PROPERTY, "unknown property"), id };
        connection.isCombined = params[1];
        return { result: null, id };
      case "GET_PROPERTY":
        return { result: connection.isCombined, id };
      default:
        return { ...errorOf(INVALID_REQUEST, "unknown method"), id };
    }
  }

  function isTooBusy(connection: Connection): boolean {
    const second = Math.floor(nowUs() / 1_000_000);
    if (second !== connection.second) connection.messages = 0;
    connection.second = second;
    return ++connection.messages > MESSAGES_PER_SECOND_MAX && isEnforced;
  }

  return {
    connect: (socket) => {
      const asked = parsePath(socket);
      if (asked === undefined) return undefined;
      const connection: Connection = {
        socket,
        connectedAtUs: nowUs(),
        streams: new Set(),
        isCombined: asked.isCombined,
        second: 0,
        messages: 0,
      };
      connections.add(connection);
      for (const stream of asked.streams) subscribe(connection, stream);
      return {
        message: (text) => {
          if (isTooBusy(connection)) close(connection, POLICY_VIOLATION, "Too many requests");
          else socket.send(JSON.stringify(answer(connection, text)), "answer");
        },
        closed: () => drop(connection),
      };
    },
    isHeard: (stream) => listeners.has(stream),
    send: (stream, data) => {
      const heard = listeners.get(stream);
      if (heard === undefined) return;
      const raw = JSON.stringify(data);
      const combined = `{"stream":"${stream}","data":${raw}}`;
      for (const { socket, isCombined } of heard) socket.send(isCombined ? combined : raw, "feed");
    },
    tick: () => {
      for (const connection of connections)
        if (nowUs() - connection.connectedAtUs > MICROS_PER_DAY) close(connection, 1001, "24 hours are over");
    },
    closeAll: (code, reason) => {
      for (const connection of connections) close(connection, code, reason);
    },
  };
}

/** `/ws`, `/ws/a/b`, `/stream` and `/stream?streams=a/b`. */
function parsePath({
  path,
  query,
}: WireSocket): { readonly isCombined: boolean; readonly streams: string[] } | undefined {
  if (path === "/stream") {
    const streams = new URLSearchParams(query).get("streams")?.split("/") ?? [];
    return { isCombined: true, streams: streams.filter((name) => name !== "") };
  }
  const [, root, ...streams] = path.split("/");
  return root === "ws" ? { isCombined: false, streams: streams.filter((name) => name !== "") } : undefined;
}

function errorOf(
  code: number,
  what: string,
): { readonly error: { readonly code: number; readonly msg: string } } {
  return { error: { code, msg: `Invalid request: ${what}` } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
