/** The three venues' requests signed as their documents say, by nobody's client, and sent with `fetch`. */
import { createHash, createHmac } from "node:crypto";
import type { StoredKey } from "../../../../../server/lab/service/keys.ts";

export interface RawRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  /** In this order. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** In their place: the whole of a JSON body. */
  readonly list?: readonly object[];
  readonly isJson?: boolean;
  readonly isPublic?: boolean;
  /** By so much the client's clock is wrong. */
  readonly offByMs?: number;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export type RawSender = (request: RawRequest) => Promise<RawAnswer>;

type Sign = (request: RawRequest, key: StoredKey) => { target: string; init: RequestInit };

export function rawClient(venue: string, origin: string, key: StoredKey): RawSender {
  const sign = SIGNS[venue];
  if (sign === undefined) throw new Error(`nobody signs for ${venue}`);
  return async (request) => {
    const { target, init } = sign(request, key);
    const answer = await fetch(`${origin}${target}`, init);
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };
}

function formOf(params: RawRequest["params"] = {}): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join("&");
}

const withQuery = (path: string, query: string): string => (query === "" ? path : `${path}?${query}`);

const signBinance: Sign = ({ method, path, params, isPublic, offByMs = 0 }, { apiKey, secret }) => {
  if (isPublic) return { target: withQuery(path, formOf(params)), init: {} };
  const timestamp = Date.now() + offByMs;
  const payload = formOf({ timestamp, ...params, recvWindow: 10_000 });
  const signed = `${payload}&signature=${createHmac("sha256", secret).update(payload).digest("hex")}`;
  const headers = { "x-mbx-apikey": apiKey, "content-type": "application/x-www-form-urlencoded" };
  if (method !== "POST") return { target: `${path}?${signed}`, init: { method, headers } };
  return { target: path, init: { method, headers, body: signed } };
};

const signOkx: Sign = ({ method, path, params, list, isPublic, offByMs = 0 }, key) => {
  const target = method === "GET" ? withQuery(path, formOf(params)) : path;
  if (isPublic) return { target, init: {} };
  const body = method === "GET" ? undefined : JSON.stringify(list ?? params);
  const timestamp = new Date(Date.now() + offByMs).toISOString();
  const text = `${timestamp}${method}${target}${body ?? ""}`;
  const headers = {
    "ok-access-key": key.apiKey,
    "ok-access-passphrase": key.passphrase,
    "ok-access-timestamp": timestamp,
    "ok-access-sign": createHmac("sha256", key.secret).update(text).digest("base64"),
    "content-type": "application/json",
  };
  return { target, init: { method, headers, ...(body === undefined ? {} : { body }) } };
};

let lastNonce = 0;

const signKraken: Sign = ({ path, params, isJson, isPublic, offByMs = 0 }, { apiKey, secret }) => {
  if (isPublic) return { target: withQuery(path, formOf(params)), init: {} };
  const nonce = String(offByMs + (lastNonce = Math.max(lastNonce + 1, Date.now() * 1_000)));
  const fields = { nonce, ...params };
  const body = isJson ? JSON.stringify(fields) : formOf(fields);
  const digest = createHash("sha256")
    .update(nonce + body)
    .digest();
  const signature = createHmac("sha512", Buffer.from(secret, "base64")).update(path).update(digest);
  const headers = {
    "api-key": apiKey,
    "api-sign": signature.digest("base64"),
    "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
  };
  return { target: path, init: { method: "POST", headers, body } };
};

const SIGNS: Readonly<Record<string, Sign>> = { binance: signBinance, okx: signOkx, kraken: signKraken };
