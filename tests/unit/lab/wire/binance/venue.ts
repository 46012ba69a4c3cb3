/** The front-end in memory, with requests signed as clients of the venue sign them. */
import { createHmac } from "node:crypto";
import { createBinance } from "../../../../../server/lab/wire/binance/binance.ts";
import type { WireKey } from "../../../../../server/lab/wire/ports.ts";
import { wireVenue } from "../../../../support/wireVenue.ts";
import type { TestSocket, WireVenue, WireVenueOptions } from "../../../../support/wireVenue.ts";

export type Fields = Readonly<Record<string, string | number | boolean>>;

/** What came back, parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

// Bodies of an unknown venue's JSON: tests say what they expect in them.
// oxlint-disable-next-line typescript/no-explicit-any
export type Body = any;

export type Verb = "GET" | "POST" | "DELETE";

export interface Asked extends WireVenue {
  /** Unsigned, without a key. */
  get(path: string, fields?: Fields): Answer;
  /** Signed by the desk's key, at the venue's time, unless the fields say otherwise. */
  signed(verb: Verb, path: string, fields?: Fields, key?: WireKey): Answer;
  /** A connection of the WebSocket API. */
  api(): ApiSocket;
  /** A post-only buy of BTC far below the market. */
  rest(clientId: string, fields?: Fields): Answer;
}

export interface ApiSocket extends TestSocket {
  /** Signed by the desk's key; returns the answer to it. Events stay in `events`. */
  ask(method: string, fields?: Fields, key?: WireKey): Body;
  /** User events since the last call, out of their wrapping. */
  events(): Body[];
}

/** The best bid and ask of BTC, in ticks of 0.01 and lots of 0.00001: 1 BTC each. */
export const BIDS = [5_999_000, 100_000, 5_998_000, 200_000];
export const ASKS = [6_001_000, 100_000, 6_002_000, 200_000];

export function binance(options: Partial<WireVenueOptions> = {}): Asked {
  const venue = wireVenue({ venue: "binance", front: createBinance, amend: "cancel-new", ...options });
  venue.snapshot(BIDS, ASKS);

  const parsed = ({ status, headers = {}, body }: ReturnType<WireVenue["http"]>): Answer => ({
    status,
    headers,
    body: JSON.parse(body) as Body,
  });
  const get = (path: string, fields: Fields = {}): Answer =>
    parsed(venue.http({ path, query: formOf(fields) }));
  const signed = (verb: Verb, path: string, fields: Fields = {}, key = venue.key()): Answer => {
    const form = formOf({ timestamp: Math.floor(venue.nowUs() / 1_000), ...fields });
    const text = `${form}&signature=${hmac(key, form)}`;
    const headers = { "x-mbx-apikey": key.apiKey };
    const where = verb === "POST" ? { body: text } : { query: text };
    return parsed(venue.http({ method: verb, path, headers, ...where }));
  };
  const rest = (clientId: string, fields: Fields = {}): Answer =>
    signed("POST", "/api/v3/order", {
      symbol: "BTCUSDT",
      side: "BUY",
      type: "LIMIT_MAKER",
      quantity: "0.01",
      price: "59000.00",
      newOrderRespType: "FULL",
      newClientOrderId: clientId,
      ...fields,
    });
  return Object.assign(venue, { get, signed, rest, api: () => apiSocket(venue) });
}

export function hmac(key: Pick<WireKey, "secret">, text: string): string {
  return createHmac("sha256", key.secret).update(text).digest("hex");
}

export function formOf(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

function apiSocket(venue: WireVenue): ApiSocket {
  const socket = venue.connect("/ws-api/v3");
  if (socket === undefined) throw new Error("no WebSocket API is served");
  let heard: Body[] = [];
  let asked = 0;
  return Object.assign(socket, {
    ask: (method: string, fields: Fields = {}, key = venue.key()): Body => {
      const id = `r${++asked}`;
      const params: Fields = { apiKey: key.apiKey, timestamp: Math.floor(venue.nowUs() / 1_000), ...fields };
      const names = Object.keys(params).sort();
      const payload = names.map((name) => `${name}=${params[name]}`).join("&");
      socket.send({ id, method, params: { ...params, signature: hmac(key, payload) } });
      const messages = socket.take() as Body[];
      heard.push(...messages.filter((message) => message.event !== undefined));
      return messages.find((message) => message.id === id);
    },
    events: (): Body[] => {
      heard.push(...(socket.take() as Body[]).filter((message) => message.event !== undefined));
      const events = heard.map(({ event }) => event);
      heard = [];
      return events;
    },
  });
}
