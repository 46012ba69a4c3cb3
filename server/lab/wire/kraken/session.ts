/** One client's socket as the feeds see it, and how its messages look. */
import type { WireKey, WireSocket } from "../ports.ts";
import { encodeJson } from "./json.ts";
import type { Json } from "./json.ts";
import { rfc3339 } from "./time.ts";

export interface Session {
  readonly socket: WireSocket;
  /** Tokens that this socket has used: they stay good while it is open. */
  readonly keys: Map<string, WireKey>;
  /** How many channels it listens to: a socket without any gets no heartbeat. */
  subscriptions: number;
  lastSentAtUs: number;
}

/** The same text may go to many. */
export function sendText(
  session: Session,
  text: string,
  kind: "feed" | "report" | "answer",
  nowUs: number,
): void {
  session.lastSentAtUs = nowUs;
  session.socket.send(text, kind);
}

export interface Envelope {
  readonly method: string;
  /** Told back as it came. */
  readonly reqId: number | undefined;
  readonly timeInUs: number;
}

export function successText({ method, reqId, timeInUs }: Envelope, result: Json, timeOutUs: number): string {
  return encodeJson({
    method,
    req_id: reqId,
    result,
    success: true,
    time_in: rfc3339(timeInUs),
    time_out: rfc3339(timeOutUs),
  });
}

export function errorText(
  { method, reqId, timeInUs }: Envelope,
  error: string,
  timeOutUs: number,
  about: { readonly symbol?: string; readonly order_id?: string; readonly cl_ord_id?: string } = {},
): string {
  return encodeJson({
    error,
    method,
    req_id: reqId,
    success: false,
    ...about,
    time_in: rfc3339(timeInUs),
    time_out: rfc3339(timeOutUs),
  });
}

export function channelText(
  channel: string,
  type: "snapshot" | "update",
  data: Json,
  sequence?: number,
): string {
  return encodeJson({ channel, type, data, sequence });
}
