/**
 * Who sends a private request: `API-Key`, and in `API-Sign` the base64 HMAC-SHA512, under the decoded secret, of the
 * path followed by the SHA-256 of nonce and body. Nonces of a key must rise; each is used once.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { HttpRequest, VenueCore, WireKey } from "../ports.ts";
import { ERRORS } from "./errors.ts";
import { parseBody, right, textOf, wrong } from "./params.ts";
import type { Checked, Params } from "./params.ts";

export interface Signed {
  readonly key: WireKey;
  readonly nonce: string;
  readonly params: Params;
}

/** The highest nonce of each key; keys are as many as the lab has. */
export type Nonces = Map<string, bigint>;

/** A nonce is spent by a request that is signed right, whatever becomes of it. */
export function authenticate(core: VenueCore, nonces: Nonces, request: HttpRequest): Checked<Signed> {
  const key = core.key(request.headers["api-key"] ?? "");
  if (key === undefined) return wrong(ERRORS.invalidKey);
  const params = parseBody(request.headers["content-type"], request.body);
  const nonce = params === undefined ? undefined : textOf(params, "nonce");
  if (params === undefined || nonce === undefined || !/^\d{1,20}$/.test(nonce))
    return wrong(ERRORS.invalidNonce);
  if (!isSignedBy(key, request, nonce)) return wrong(ERRORS.invalidSignature);
  if (!spend(nonces, key, BigInt(nonce))) return wrong(ERRORS.invalidNonce);
  return right({ key, nonce, params });
}

/** The signature that a client has to send. */
export function signatureOf(secret: string, path: string, nonce: string, body: string): string {
  const hash = createHash("sha256")
    .update(nonce + body)
    .digest();
  return createHmac("sha512", Buffer.from(secret, "base64")).update(path).update(hash).digest("base64");
}

function isSignedBy({ secret }: WireKey, { path, body, headers }: HttpRequest, nonce: string): boolean {
  const wanted = Buffer.from(signatureOf(secret, path, nonce, body));
  const given = Buffer.from(headers["api-sign"] ?? "");
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** Within the key's nonce window a lower one than the highest passes too, as the venue warns, even twice. */
function spend(nonces: Nonces, { apiKey, nonceWindow = 0 }: WireKey, nonce: bigint): boolean {
  const highest = nonces.get(apiKey) ?? 0n;
  if (nonce <= highest - BigInt(nonceWindow)) return false;
  if (nonce > highest) nonces.set(apiKey, nonce);
  return true;
}
