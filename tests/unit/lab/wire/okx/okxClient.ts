/** A client that speaks the protocol by hand over the in-memory venue: signed requests, sockets that are logged in. */
import { createHmac } from "node:crypto";
import { createOkx } from "../../../../../server/lab/wire/okx/okx.ts";
import type { HttpRequest, WireKey } from "../../../../../server/lab/wire/ports.ts";
import { wireVenue } from "../../../../support/wireVenue.ts";
import type { TestSocket, WireVenue, WireVenueOptions } from "../../../../support/wireVenue.ts";

export interface Reply {
  readonly status: number;
  readonly code: string;
  readonly msg: string;
  /** Empty where the gateway refused. */
  readonly data: Readonly<Record<string, string>>[];
}

export interface OkxClient {
  readonly venue: WireVenue;
  get(path: string, query?: Readonly<Record<string, string>>): Reply;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Reply;
  /** Of the orders channel and so on. */
  login(space?: "public" | "private" | "business"): TestSocket;
  /** A limit order with the usual parameters. */
  order(terms: Readonly<Record<string, string>>): Reply;
}

export const MID_TICKS = 6_000_000;

/** A book of one lot at 59,999.99 and 60,000.01, and a tick of 0.01. */
export function okxVenue(options: Partial<WireVenueOptions> = {}): OkxClient {
  const venue = wireVenue({ venue: "okx", front: createOkx, ...options });
  venue.snapshot(
    [MID_TICKS - 1, 100_000, MID_TICKS - 2, 200_000],
    [MID_TICKS + 1, 100_000, MID_TICKS + 2, 200_000],
  );
  return okxClient(venue);
}

export function okxClient(venue: WireVenue, key: WireKey = venue.key()): OkxClient {
  const send = (request: HttpRequest): Reply => {
    const { status, body } = venue.http(request);
    const { code, msg, data = [] } = JSON.parse(body) as Partial<Reply> & Pick<Reply, "code" | "msg">;
    return { status, code, msg, data };
  };
  const client: OkxClient = {
    venue,
    get(path, query = {}) {
      const text = new URLSearchParams(query).toString();
      return send(
        signed(venue, key, { method: "GET", path: `/api/v5/${path}`, query: text, body: "", headers: {} }),
      );
    },
    post: (path, body, headers = {}) =>
      send(
        signed(venue, key, {
          method: "POST",
          path: `/api/v5/${path}`,
          query: "",
          body: JSON.stringify(body),
          headers,
        }),
      ),
    login(space = "private") {
      const socket = venue.connect(`/ws/v5/${space}`);
      if (socket === undefined) throw new Error("no socket");
      socket.send(loginMessage(venue, key));
      return socket;
    },
    order: (terms) =>
      client.post("trade/order", {
        instId: "BTC-USDT",
        tdMode: "cash",
        side: "buy",
        ordType: "limit",
        sz: "0.01",
        px: "59000",
        ...terms,
      }),
  };
  return client;
}

export function signed(
  venue: WireVenue,
  { apiKey, secret, passphrase }: WireKey,
  request: HttpRequest,
): HttpRequest {
  const { method, path, query, body, headers } = request;
  const timestamp = new Date(venue.nowUs() / 1_000).toISOString();
  const text = timestamp + method + path + (query === "" ? "" : `?${query}`) + body;
  return {
    ...request,
    headers: {
      "ok-access-key": apiKey,
      "ok-access-passphrase": passphrase,
      "ok-access-timestamp": timestamp,
      "ok-access-sign": createHmac("sha256", secret).update(text).digest("base64"),
      ...headers,
    },
  };
}

export function loginMessage(venue: WireVenue, { apiKey, secret, passphrase }: WireKey): object {
  const timestamp = String(Math.floor(venue.nowUs() / 1e6));
  const sign = createHmac("sha256", secret).update(`${timestamp}GET/users/self/verify`).digest("base64");
  return { op: "login", args: [{ apiKey, passphrase, timestamp, sign }] };
}
