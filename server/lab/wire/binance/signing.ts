/** Who asks, and until when: API key, time window and HMAC-SHA256 of a request, checked in the venue's order. */
import { createHmac } from "node:crypto";
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { VenueCore, WireKey } from "../ports.ts";
import { needText, text } from "./params.ts";
import type { Params } from "./params.ts";
import { aheadOfTime, badKeyFormat, badSignature, illegalParam } from "./refusal.ts";
import { outsideWindow, rejectedKey, windowTooLong } from "./refusal.ts";

/** Parameters of every signed request beside its own. */
export const SIGNED_PARAMS = ["timestamp", "recvWindow", "signature"] as const;

export interface Signer {
  readonly key: WireKey;
  /** The venue refuses the request after this instant. */
  readonly expiresAtUs: number;
}

export interface SignedRequest {
  readonly apiKey: string | undefined;
  readonly params: Params;
  /** What the signature covers. */
  readonly payload: string;
}

/** Throws a Refusal. `security` is one of the signed kinds. */
export function checkSigned(
  core: Pick<VenueCore, "key" | "nowUs">,
  { apiKey, params, payload }: SignedRequest,
  security: "USER_DATA" | "TRADE",
): Signer {
  const name = checkedKeyName(apiKey);
  const expiresAtUs = checkTime(core.nowUs(), params);
  const signature = needText(params, "signature");
  const key = core.key(name);
  if (key === undefined) throw rejectedKey();
  if (signature.toLowerCase() !== hmacHex(key.secret, payload)) throw badSignature();
  if (security === "TRADE" && !key.mayTrade) throw rejectedKey();
  return { key, expiresAtUs };
}

/** Throws a Refusal for a key that is malformed or unknown. */
export function checkNamed(core: Pick<VenueCore, "key">, apiKey: string | undefined): WireKey {
  const key = core.key(checkedKeyName(apiKey));
  if (key === undefined) throw rejectedKey();
  return key;
}

/** REST: the query followed by the body, without the signature itself. */
export function formPayload(query: string, body: string): string {
  return withoutSignature(query) + withoutSignature(body);
}

/** WebSocket API: all parameters but the signature, sorted by name. */
export function sortedPayload(params: Params): string {
  return [...params]
    .filter(([name]) => name !== "signature")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

export function hmacHex(secret: string, payload: string): string {
  return createHmac("sha256", secret).update(payload).digest("hex");
}

function withoutSignature(form: string): string {
  return form
    .split("&")
    .filter((part) => !part.startsWith("signature="))
    .join("&");
}

function checkedKeyName(apiKey: string | undefined): string {
  if (apiKey === undefined || !/^[A-Za-z0-9_-]{1,128}$/.test(apiKey)) throw badKeyFormat();
  return apiKey;
}

const RECV_WINDOW_MS = 5_000;
const RECV_WINDOW_MAX_MS = 60_000;
const AHEAD_MAX_US = 1_000 * MICROS_PER_MS;
/** Timestamps come in milliseconds or microseconds; as milliseconds this is the year 5138. */
const MICROSECONDS_FROM = 1e14;

function checkTime(nowUs: number, params: Params): number {
  const stamp = needText(params, "timestamp");
  if (!/^[0-9]{1,20}$/.test(stamp)) throw illegalParam("timestamp", "^[0-9]{1,20}$");
  const sentAtUs = Number(stamp) * (Number(stamp) < MICROSECONDS_FROM ? MICROS_PER_MS : 1);
  const window = text(params, "recvWindow") ?? String(RECV_WINDOW_MS);
  if (!/^[0-9]{1,20}(\.[0-9]{1,3})?$/.test(window)) throw illegalParam("recvWindow", "^[0-9]{1,20}$");
  if (Number(window) > RECV_WINDOW_MAX_MS) throw windowTooLong();
  const windowUs = Math.round(Number(window) * MICROS_PER_MS);
  if (sentAtUs >= nowUs + AHEAD_MAX_US) throw aheadOfTime();
  if (nowUs - sentAtUs > windowUs) throw outsideWindow();
  return sentAtUs + windowUs;
}
