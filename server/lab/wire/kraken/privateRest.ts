/** `/0/private`: who may call what, at which cost, and the order in which a request is refused. */
import type { HttpRequest, WireKey } from "../ports.ts";
import { ACCOUNT_METHODS } from "./accountRest.ts";
import { authenticate } from "./auth.ts";
import type { Nonces } from "./auth.ts";
import { ERRORS } from "./errors.ts";
import { FUNDING_METHODS } from "./fundingRest.ts";
import { HISTORY_METHODS } from "./historyRest.ts";
import type { Json } from "./json.ts";
import { wrong } from "./params.ts";
import type { PrivateMethod } from "./privateMethod.ts";
import type { Checked } from "./params.ts";
import { TRADING_METHODS } from "./tradingRest.ts";
import type { KrakenVenue } from "./venue.ts";

const METHODS: Readonly<Record<string, PrivateMethod>> = {
  ...ACCOUNT_METHODS,
  ...HISTORY_METHODS,
  ...TRADING_METHODS,
  ...FUNDING_METHODS,
};

export function callPrivate(
  venue: KrakenVenue,
  nonces: Nonces,
  name: string,
  request: HttpRequest,
): Checked<Json> {
  const { core, faults } = venue;
  if (faults.isIn("maintenance")) return wrong(ERRORS.unavailable);
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (method === undefined) return wrong(ERRORS.unknownMethod);
  const signed = authenticate(core, nonces, request);
  if (!signed.ok) return signed;
  const { key, nonce, params } = signed.value;
  if (faults.isIn("ban")) return wrong(ERRORS.lockout);
  if (faults.isIn("rateLimited")) return wrong(ERRORS.apiRateLimit);
  if (!mayCall(key, method)) return wrong(ERRORS.permissionDenied);
  if (!venue.callCounter.charge(key.apiKey, method.cost)) return wrong(ERRORS.apiRateLimit);
  if (method.needs === "trade" && faults.take("overload")) return wrong(ERRORS.busy);
  const answer = method.run(venue, { key, account: key.account, nonce, params });
  if (method.isEntry === true && answer.ok && faults.take("internalError")) return wrong(ERRORS.internal);
  return answer;
}

/** Everything private is a POST here, questions as well. */
export function isQuestion(name: string): boolean {
  return Object.hasOwn(METHODS, name) && METHODS[name]?.needs === "query";
}

function mayCall(key: WireKey, { needs }: PrivateMethod): boolean {
  switch (needs) {
    case "query":
      return true;
    case "trade":
      return key.mayTrade;
    case "withdraw":
      return key.mayWithdraw;
  }
}
