/** The venue in memory and a client that signs as the venue wants it. */
import { createKraken } from "../../../../../server/lab/wire/kraken/kraken.ts";
import { signatureOf } from "../../../../../server/lab/wire/kraken/auth.ts";
import type { VenueCore, WireKey } from "../../../../../server/lab/wire/ports.ts";
import { wireVenue } from "../../../../support/wireVenue.ts";
import type { TestSocket, WireVenue, WireVenueOptions } from "../../../../support/wireVenue.ts";

export interface Answer {
  readonly error: readonly string[];
  readonly result?: unknown;
}

export interface KrakenClient extends WireVenue {
  /** Signed, with a nonce of its own. Throws when the answer is an error. */
  call(method: string, params?: Params, how?: How): Record<string, unknown>;
  /** The error of a call that has to fail. */
  refused(method: string, params?: Params, how?: How): string;
  post(method: string, params?: Params, how?: How): Answer;
  get(method: string, query?: string): Answer;
  /** A limit order to buy: 0.01 BTC at 59,000.00 unless it says otherwise. Returns its txid. */
  add(params?: Params): string;
  /** A socket with a token. */
  socket(how?: How): TestSocket & { readonly token: string };
}

type Params = Readonly<Record<string, unknown>>;

interface How {
  readonly key?: WireKey;
  readonly nonce?: string;
  readonly isJson?: boolean;
  readonly signature?: string;
}

/** Bids at 59,990.00 and 59,980.00, asks at 60,010.00 and 60,020.00; 1 BTC, then 2. */
export const BIDS = [5_999_000, 100_000, 5_998_000, 200_000];
export const ASKS = [6_001_000, 100_000, 6_002_000, 200_000];

export function krakenClient(
  options: Partial<WireVenueOptions> = {},
  keyed: (key: WireKey) => Partial<WireKey> = () => ({}),
): KrakenClient {
  const venue: WireVenue = wireVenue({
    venue: "kraken",
    quote: "USD",
    limits: "lifted",
    ...options,
    front: (core) => createKraken(changed(core, keyed)),
  });
  venue.snapshot(BIDS, ASKS);
  let lastNonce = 1_000;

  function post(method: string, params: Params = {}, how: How = {}): Answer {
    const { key = venue.key(), nonce = String(++lastNonce), isJson = false } = how;
    const path = `/0/private/${method}`;
    const body = isJson ? JSON.stringify({ nonce, ...params }) : formOf({ nonce, ...params });
    const headers = {
      "api-key": key.apiKey,
      "api-sign": how.signature ?? signatureOf(key.secret, path, nonce, body),
      "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
    };
    const answer = venue.http({ method: "POST", path, headers, body });
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    return JSON.parse(answer.body) as Answer;
  }

  function call(method: string, params?: Params, how?: How): Record<string, unknown> {
    const { error, result } = post(method, params, how);
    if (error.length > 0) throw new Error(error.join());
    return result as Record<string, unknown>;
  }

  return {
    ...venue,
    post,
    call,
    refused(method, params, how) {
      const { error, result } = post(method, params, how);
      if (error.length !== 1 || result !== undefined) throw new Error(`${method} was not refused`);
      return error[0] as string;
    },
    get: (method, query = "") =>
      JSON.parse(venue.http({ path: `/0/public/${method}`, query }).body) as Answer,
    add(params = {}) {
      const [txid] = call("AddOrder", { ...ORDER, ...params })["txid"] as string[];
      return txid as string;
    },
    socket(how) {
      const { token } = call("GetWebSocketsToken", {}, how);
      const socket = venue.connect("/v2");
      if (socket === undefined) throw new Error("no socket");
      return Object.defineProperty(socket, "token", { value: token }) as ReturnType<KrakenClient["socket"]>;
    },
  };
}

export const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "0.01", price: "59000" };

function formOf(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join("&");
}

/** The core with other rights of its keys. */
function changed(core: VenueCore, keyed: (key: WireKey) => Partial<WireKey>): VenueCore {
  const key: VenueCore["key"] = (apiKey) => {
    const found = core.key(apiKey);
    return found === undefined ? undefined : { ...found, ...keyed(found) };
  };
  return Object.create(core, { key: { value: key } }) as VenueCore;
}
