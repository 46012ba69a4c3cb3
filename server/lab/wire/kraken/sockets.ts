/** The v2 sockets: greeting, heartbeat, and every request to the part that serves it. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { SocketHandler, WireKey, WireSocket } from "../ports.ts";
import { ERRORS } from "./errors.ts";
import { encodeJson, exact } from "./json.ts";
import { isObject, parseJsonObject, right, textOf, wholeOf, wrong } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import { systemStatus } from "./publicRest.ts";
import { errorText, sendText, successText } from "./session.ts";
import type { Envelope, Session } from "./session.ts";
import { subscribe, unsubscribe } from "./subscriptions.ts";
import type { Acknowledgement, Feeds } from "./subscriptions.ts";
import { rfc3339 } from "./time.ts";
import type { KrakenVenue } from "./venue.ts";
import { WS_ENTRY_METHODS, WS_ORDER_METHODS } from "./wsOrders.ts";

/** The venue's public and private hosts serve the same path: the token of a request decides what it may see. */
export const SOCKET_PATH = "/v2";

export interface Sockets {
  connect(socket: WireSocket): SocketHandler;
  /** Heartbeats, and the status when it has changed. */
  tick(): void;
  /** No token is good any more, and sockets that have used one are closed. */
  expire(): void;
}

const HEARTBEAT_US = MICROS_PER_SECOND;
const HEARTBEAT = '{"channel":"heartbeat"}';

export function createSockets(venue: KrakenVenue, feeds: Feeds): Sockets {
  const { core, faults, pairs } = venue;
  const sessions = new Set<Session>();
  let connections = 0;
  let statusTold = systemStatus(venue);

  const sendStatus = (session: Session): void =>
    sendText(session, statusText(systemStatus(venue), connections), "feed", core.nowUs());

  function keyOf(session: Session, params: Params): Checked<WireKey> {
    const token = textOf(params, "token") ?? "";
    const key = session.keys.get(token) ?? venue.tokens.keyOf(token);
    if (key === undefined) return wrong(ERRORS.invalidSession);
    session.keys.set(token, key);
    return right(key);
  }

  function acknowledge(
    session: Session,
    envelope: Envelope,
    acks: readonly Acknowledgement[],
    change: 1 | -1,
  ): void {
    for (const { outcome, symbol, effect } of acks) {
      const text = outcome.ok
        ? successText(envelope, outcome.value, core.nowUs())
        : errorText(envelope, outcome.error, core.nowUs(), symbol === undefined ? {} : { symbol });
      sendText(session, text, "answer", core.nowUs());
      if (!outcome.ok) continue;
      session.subscriptions += change;
      effect?.();
    }
  }

  function runOrderMethod(session: Session, envelope: Envelope, params: Params): void {
    const answer = (error: string): void =>
      sendText(session, errorText(envelope, error, core.nowUs()), "answer", core.nowUs());
    const method = WS_ORDER_METHODS[envelope.method];
    const key = keyOf(session, params);
    if (!key.ok || method === undefined) return answer(key.ok ? ERRORS.unknownMethod : key.error);
    if (faults.isIn("maintenance")) return answer(ERRORS.unavailable);
    if (faults.isIn("ban") || faults.isIn("rateLimited")) return answer(ERRORS.orderRateLimit);
    if (!key.value.mayTrade) return answer(ERRORS.permissionDenied);
    if (faults.take("overload")) return answer(ERRORS.busy);
    for (const { outcome, about } of method(venue, key.value, params)) {
      const isSpoilt =
        outcome.ok && WS_ENTRY_METHODS.includes(envelope.method) && faults.take("internalError");
      if (isSpoilt) answer(ERRORS.internal);
      else if (outcome.ok)
        sendText(session, successText(envelope, outcome.value, core.nowUs()), "answer", core.nowUs());
      else sendText(session, errorText(envelope, outcome.error, core.nowUs(), about), "answer", core.nowUs());
    }
  }

  function receive(session: Session, text: string): void {
    const timeInUs = core.nowUs();
    const request = parseJsonObject(text);
    const method = request === undefined ? undefined : textOf(request, "method");
    if (request === undefined || method === undefined) {
      const malformed = { method: method ?? "", reqId: undefined, timeInUs };
      return sendText(session, errorText(malformed, "Malformed request", timeInUs), "answer", timeInUs);
    }
    const envelope = { method, reqId: wholeOf(request, "req_id"), timeInUs };
    const params = isObject(request["params"]) ? request["params"] : {};
    switch (method) {
      case "ping":
        return sendText(session, pongText(envelope, core.nowUs()), "answer", core.nowUs());
      case "subscribe": {
        const authenticate = (): Checked<WireKey> =>
          faults.take("loginRefused") ? wrong(ERRORS.invalidSession) : keyOf(session, params);
        const wanted = { params, authenticate };
        return acknowledge(session, envelope, subscribe(feeds, pairs, session, wanted), 1);
      }
      case "unsubscribe":
        return acknowledge(session, envelope, unsubscribe(feeds, pairs, session, params), -1);
      default:
        return runOrderMethod(session, envelope, params);
    }
  }

  return {
    connect(socket) {
      const session = {
        socket,
        keys: new Map<string, WireKey>(),
        subscriptions: 0,
        lastSentAtUs: core.nowUs(),
      };
      sessions.add(session);
      connections++;
      sendStatus(session);
      return {
        message: (text) => receive(session, text),
        closed() {
          sessions.delete(session);
          for (const feed of [...feeds.bySymbol, feeds.instrument, feeds.executions, feeds.balances])
            feed.drop(session);
        },
      };
    },
    expire() {
      venue.tokens.void();
      for (const { keys, socket } of sessions) if (keys.size > 0) socket.close(1000, "Session expired");
    },
    tick() {
      const nowUs = core.nowUs();
      if (systemStatus(venue) !== statusTold) {
        statusTold = systemStatus(venue);
        for (const session of sessions) sendStatus(session);
      }
      for (const session of sessions)
        // A clock that was set back must not silence the socket.
        if (session.subscriptions > 0 && Math.abs(nowUs - session.lastSentAtUs) >= HEARTBEAT_US)
          sendText(session, HEARTBEAT, "feed", nowUs);
    },
  };
}

/** Connections are numbered in 64 bits at the venue: no client may count on a double for them. */
function statusText(system: string, connection: number): string {
  const id = exact(String(13_834_774_380_200_032_777n + BigInt(connection)));
  const status = { version: "2.0.10", system, api_version: "v2", connection_id: id };
  return encodeJson({ channel: "status", type: "update", data: [status] });
}

function pongText({ reqId, timeInUs }: Envelope, timeOutUs: number): string {
  return encodeJson({
    method: "pong",
    req_id: reqId,
    time_in: rfc3339(timeInUs),
    time_out: rfc3339(timeOutUs),
  });
}
