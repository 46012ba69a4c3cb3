/** Who sends a request: headers of REST, and the login of a socket, signed with HMAC-SHA256 in base64. */
import { createHmac } from "node:crypto";
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { HttpRequest, VenueCore, WireKey } from "../ports.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";

/** A request expires this long after its timestamp; one from the future is as wrong. */
const REQUEST_AGE_MAX_US = 30 * MICROS_PER_SECOND;

export function sign(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("base64");
}

/** The account behind a REST request, or why there is none. Checks run in the venue's order. */
export function authenticate(core: VenueCore, request: HttpRequest): WireKey | Refusal {
  const { headers, method, path, query, body } = request;
  const apiKey = headers["ok-access-key"];
  const passphrase = headers["ok-access-passphrase"];
  const signature = headers["ok-access-sign"];
  const timestamp = headers["ok-access-timestamp"];
  if (!apiKey) return refuse("50103");
  if (!passphrase) return refuse("50104");
  if (!signature) return refuse("50106");
  if (!timestamp) return refuse("50107");
  const signedAtUs = instantOf(timestamp);
  if (signedAtUs === undefined) return refuse("50112");
  if (isExpired(core, signedAtUs)) return refuse("50102");
  const key = core.key(apiKey);
  if (key === undefined) return refuse("50111");
  if (key.passphrase !== passphrase) return refuse("50105");
  const target = query === "" ? path : `${path}?${query}`;
  return sign(key.secret, timestamp + method + target + body) === signature ? key : refuse("50113");
}

/** Of a socket; the codes of its errors are the socket's own. */
export interface LoginRefusal {
  readonly code: "60004" | "60005" | "60006" | "60007" | "60009" | "60024";
  readonly msg: string;
}

export function login(core: VenueCore, args: unknown): WireKey | LoginRefusal {
  const [first] = Array.isArray(args) ? (args as unknown[]) : [];
  if (typeof first !== "object" || first === null) return { code: "60009", msg: "Login failed." };
  const { apiKey, passphrase, timestamp, sign: signature } = first as Record<string, unknown>;
  if (!/^\d{10}(\.\d+)?$/.test(String(timestamp))) return { code: "60004", msg: "Invalid timestamp" };
  if (isExpired(core, Number(timestamp) * MICROS_PER_SECOND))
    return { code: "60006", msg: "Timestamp request expired" };
  const key = typeof apiKey === "string" ? core.key(apiKey) : undefined;
  if (key === undefined) return { code: "60005", msg: "Invalid apiKey" };
  if (key.passphrase !== passphrase) return { code: "60024", msg: "Wrong passphrase" };
  const wanted = sign(key.secret, `${String(timestamp)}GET/users/self/verify`);
  return wanted === signature ? key : { code: "60007", msg: "Invalid sign" };
}

/** ISO 8601 with a zone, or seconds since the epoch with or without a fraction. */
function instantOf(timestamp: string): number | undefined {
  if (/^\d{10}(\.\d{1,6})?$/.test(timestamp)) return Number(timestamp) * MICROS_PER_SECOND;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/.test(timestamp)) return undefined;
  const atMs = Date.parse(timestamp);
  return Number.isNaN(atMs) ? undefined : atMs * MICROS_PER_MS;
}

function isExpired(core: VenueCore, atUs: number): boolean {
  return Math.abs(core.nowUs() - atUs) > REQUEST_AGE_MAX_US;
}
