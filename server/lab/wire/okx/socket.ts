/** One socket: pings, login, subscriptions, and orders where it is a private one. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { SocketHandler, VenueCore, WireKey, WireSocket } from "../ports.ts";
import { login } from "./auth.ts";
import { fieldsOf } from "./fields.ts";
import type { ChannelArg, Session, SocketSpace } from "./session.ts";

/** What a socket needs of the rest. */
export interface SocketBackground {
  readonly core: VenueCore;
  /** The venue's own trouble: the next login comes to nothing. */
  isLoginRefused(): boolean;
  /** Why there is no such subscription, or undefined when there is. */
  refusal(session: Session, arg: ChannelArg): SocketError | undefined;
  /** After it was acknowledged. */
  subscribe(session: Session, arg: ChannelArg): void;
  unsubscribe(session: Session, arg: ChannelArg): void;
  leave(session: Session): void;
  order(session: Session, key: WireKey, request: SocketRequest): void;
}

export interface SocketRequest {
  readonly id: string;
  readonly op: string;
  readonly args: readonly unknown[];
  readonly expTime: string | undefined;
  /** As it came, for errors that repeat it. */
  readonly text: string;
}

export interface SocketError {
  readonly code: string;
  readonly msg: string;
}

export interface OkxSocket extends SocketHandler {
  /** Closes what nobody has spoken on, or been told anything on, for half a minute. */
  tick(): void;
  notice(): void;
  readonly isLoggedIn: boolean;
  close(code: number, reason: string): void;
}

const SILENCE_MAX_US = 30 * MICROS_PER_SECOND;
/** Subscriptions, their ends and logins of one connection in an hour. */
const REQUESTS_PER_HOUR_MAX = 480;
const HOUR_US = 3_600 * MICROS_PER_SECOND;

const ORDER_OPS: ReadonlySet<string> = new Set([
  "order",
  "batch-orders",
  "cancel-order",
  "batch-cancel-orders",
  "amend-order",
  "batch-amend-orders",
  "mass-cancel",
]);

export function createSocket(
  background: SocketBackground,
  socket: WireSocket,
  { connId, space }: { readonly connId: string; readonly space: SocketSpace },
): OkxSocket {
  const { core } = background;
  let key: WireKey | undefined;
  let heardAtUs = core.steadyUs();
  let hour = { sinceUs: heardAtUs, requests: 0 };
  let isClosing = false;

  const session: Session = {
    connId,
    space,
    get key() {
      return key;
    },
    send(message, kind) {
      heardAtUs = core.steadyUs();
      socket.send(typeof message === "string" ? message : JSON.stringify(message), kind);
    },
  };

  const answer = (message: object): void => session.send({ ...message, connId }, "answer");
  const fail = ({ code, msg }: SocketError): void => answer({ event: "error", code, msg });

  function isWithinLimit(): boolean {
    const nowUs = core.steadyUs();
    if (nowUs - hour.sinceUs >= HOUR_US) hour = { sinceUs: nowUs, requests: 0 };
    return ++hour.requests <= REQUESTS_PER_HOUR_MAX;
  }

  function logIn(args: readonly unknown[]): void {
    if (background.isLoginRefused()) return fail(LOGIN_TROUBLE);
    const outcome = login(core, args);
    if ("code" in outcome) return fail(outcome);
    key = outcome;
    answer({ event: "login", code: "0", msg: "" });
  }

  function subscribe({ id, op, args, text }: SocketRequest): void {
    for (const arg of args.map(channelArg)) {
      if (arg === undefined) {
        fail(illegal(text));
        continue;
      }
      const error = op === "subscribe" ? background.refusal(session, arg) : undefined;
      if (error !== undefined) {
        fail(error);
        continue;
      }
      answer({ ...(id === "" ? {} : { id }), event: op, arg });
      if (op === "subscribe") background.subscribe(session, arg);
      else background.unsubscribe(session, arg);
    }
  }

  function handle(request: SocketRequest): void {
    switch (request.op) {
      case "login":
      case "subscribe":
      case "unsubscribe":
        if (!isWithinLimit()) return fail({ code: "60014", msg: "Requests too frequent" });
        return request.op === "login" ? logIn(request.args) : subscribe(request);
      default:
        if (!ORDER_OPS.has(request.op)) return fail(illegal(request.text));
        if (space !== "private") return fail(WRONG_URL);
        if (key === undefined) return fail({ code: "60011", msg: "Please log in" });
        return background.order(session, key, request);
    }
  }

  return {
    message(text) {
      heardAtUs = core.steadyUs();
      if (text === "ping") return socket.send("pong", "answer");
      const request = requestOf(text);
      if (request === undefined) return fail(illegal(text));
      handle(request);
    },
    closed: () => background.leave(session),
    tick() {
      if (isClosing || core.steadyUs() - heardAtUs <= SILENCE_MAX_US) return;
      isClosing = true;
      socket.close(4004, "No data received in 30s.");
    },
    notice: () =>
      answer({
        event: "notice",
        code: "64008",
        msg: "The connection will soon be closed for a service upgrade. Please reconnect.",
      }),
    get isLoggedIn() {
      return key !== undefined;
    },
    close: (code, reason) => socket.close(code, reason),
  };
}

const LOGIN_TROUBLE: SocketError = {
  code: "63999",
  msg: "Login failed due to internal error. Please try again later.",
};
const WRONG_URL: SocketError = {
  code: "60028",
  msg: "The current operation is not supported by this URL. Please use the correct URL for the operation.",
};

/** Clients take the id of the request out of it. */
function illegal(text: string): SocketError {
  return { code: "60012", msg: `Illegal request: ${text}` };
}

function channelArg(value: unknown): ChannelArg | undefined {
  const fields = fieldsOf(value);
  const { channel, instId, instType, ccy } = fields ?? {};
  if (channel === undefined) return undefined;
  return {
    channel,
    ...(instType === undefined ? {} : { instType }),
    ...(instId === undefined ? {} : { instId }),
    ...(ccy === undefined ? {} : { ccy }),
  };
}

function requestOf(text: string): SocketRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { id = "", op, expTime } = fieldsOf(value) ?? {};
  const args = typeof value === "object" && value !== null && "args" in value ? value.args : undefined;
  if (op === undefined || !Array.isArray(args) || !/^[A-Za-z0-9]{0,32}$/.test(id)) return undefined;
  return { id, op, args: args as unknown[], expTime, text };
}
