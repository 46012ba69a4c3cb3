/** A request of the venue as REST and the WebSocket API share it, and how it is carried out. */
import { checkAllRead } from "./params.ts";
import type { Params } from "./params.ts";
import type { RateLimits, WalletCost } from "./rateLimits.ts";
import { backendTimeout, overloaded, underMaintenance } from "./refusal.ts";
import { checkNamed, checkSigned, SIGNED_PARAMS } from "./signing.ts";
import type { SignedRequest, Signer } from "./signing.ts";
import type { Venue } from "./venue.ts";

interface MethodBase {
  /** Parameters of its own: REST refuses others. */
  readonly params: readonly string[];
  /** Of the request budget, or of the budget that a wallet endpoint has for itself. */
  readonly weight: number | WalletCost | ((params: Params) => number);
  /** Changes orders: its answer may be lost by the venue itself. */
  readonly isOrder?: true;
  /** Answers even under maintenance. */
  readonly isAlwaysUp?: true;
}

/** "NONE" is public; "MARKET_DATA" only names a key. */
export interface PublicMethod extends MethodBase {
  readonly security: "NONE" | "MARKET_DATA";
  /** Throws a Refusal. */
  run(venue: Venue, params: Params): unknown;
}

export interface SignedMethod extends MethodBase {
  readonly security: "USER_DATA" | "TRADE";
  /** Throws a Refusal. */
  run(venue: Venue, params: Params, signer: Signer): unknown;
}

export type Method = PublicMethod | SignedMethod;

/** Throws a Refusal; what was carried out before stays so. */
export function perform(
  venue: Venue,
  method: Method,
  request: SignedRequest,
  mode: { readonly isStrict: boolean },
): unknown {
  const { limits, faults, users } = venue;
  const { params } = request;
  charge(limits, method.weight, params, venue.core.key(request.apiKey ?? "")?.account);
  if (method.isAlwaysUp !== true && faults.isIn("maintenance")) throw underMaintenance();
  if (method.isOrder === true && faults.take("overload")) throw overloaded();
  if (mode.isStrict) checkAllRead(params, knownParams(method));
  let result: unknown;
  try {
    result = run(venue, method, request);
  } finally {
    users.flush();
  }
  if (method.isOrder === true && faults.take("internalError")) throw backendTimeout();
  return result;
}

function charge(
  limits: RateLimits,
  weight: Method["weight"],
  params: Params,
  account: number | undefined,
): void {
  if (typeof weight === "object") limits.chargeWallet(weight, account);
  else limits.charge(typeof weight === "number" ? weight : weight(params));
}

function run(venue: Venue, method: Method, request: SignedRequest): unknown {
  const { params, apiKey } = request;
  switch (method.security) {
    case "NONE":
      return method.run(venue, params);
    case "MARKET_DATA":
      checkNamed(venue.core, apiKey);
      return method.run(venue, params);
    case "USER_DATA":
    case "TRADE":
      return method.run(venue, params, checkSigned(venue.core, request, method.security));
  }
}

/** Clients sign every wallet request, public or not, and the venue reads the three parameters of that everywhere. */
function knownParams({ params, security }: Method): readonly string[] {
  return security === "NONE" ? params : [...params, ...SIGNED_PARAMS];
}
