import type { ErrorRow } from "../exchange.ts";

/** Kraken's errors are texts; the longest that say something of their own come first. */
export const KRAKEN_ERRORS: readonly ErrorRow[] = [
  { code: "EGeneral:Internal error", verdict: { kind: "unknown" } },
  { code: "EService:Unavailable", verdict: { kind: "unknown" } },
  { code: "EService:Timeout", verdict: { kind: "unknown" } },

  { code: "EAPI:Rate limit exceeded", verdict: { kind: "later", because: "rate" } },
  { code: "EOrder:Rate limit exceeded", verdict: { kind: "later", because: "rate" } },
  { code: "EGeneral:Temporary lockout", verdict: { kind: "later", because: "rate" } },
  // Of public questions, by address.
  { code: "EGeneral:Too many requests", verdict: { kind: "later", because: "rate" } },
  { code: "EService:Throttled", verdict: { kind: "later", because: "rate" } },
  { code: "EService:Busy", verdict: { kind: "later", because: "maintenance" } },
  { code: "EAPI:Invalid nonce", verdict: { kind: "later", because: "clock" } },
  // The token is too old: the request went nowhere, and a new session has a new one.
  { code: "ESession:Invalid session", verdict: { kind: "later", because: "unreachable" } },

  { code: "EAPI:Invalid key", verdict: { kind: "halt" } },
  { code: "EAPI:Invalid signature", verdict: { kind: "halt" } },
  { code: "EGeneral:Permission denied", verdict: { kind: "halt" } },
  { code: "EAccount:Invalid permissions", verdict: { kind: "halt" } },
  { code: "EGeneral:Account", verdict: { kind: "halt" } },

  { code: "EGeneral:Invalid arguments", text: "not unique", verdict: { kind: "placed" } },
  {
    code: "EGeneral:Invalid arguments",
    text: "deadline",
    verdict: { kind: "refused", reason: "EXPIRED_REQUEST" },
  },
  { code: "EOrder:Post only order", verdict: { kind: "refused", reason: "POST_ONLY_WOULD_TAKE" } },
  { code: "EOrder:Insufficient funds", verdict: { kind: "refused", reason: "INSUFFICIENT_FUNDS" } },
  { code: "EOrder:Unknown order", verdict: { kind: "refused", reason: "UNKNOWN_ORDER" } },
  { code: "EOrder:Invalid order", verdict: { kind: "refused", reason: "OTHER" } },
  { code: "EOrder:Order minimum not met", verdict: { kind: "refused", reason: "FILTER" } },
  { code: "EOrder:Cost minimum not met", verdict: { kind: "refused", reason: "FILTER" } },
  { code: "EOrder:Tick size check failed", verdict: { kind: "refused", reason: "FILTER" } },
  { code: "EOrder:Invalid price", verdict: { kind: "refused", reason: "FILTER" } },
  { code: "EOrder:Insufficient liquidity", verdict: { kind: "refused", reason: "NO_LIQUIDITY" } },
  { code: "EOrder:Orders limit exceeded", verdict: { kind: "refused", reason: "OTHER" } },
  { code: "EService:Deadline elapsed", verdict: { kind: "refused", reason: "EXPIRED_REQUEST" } },
  { code: "EService:Market in cancel_only mode", verdict: { kind: "refused", reason: "HALTED" } },
  { code: "EService:Market in post_only mode", verdict: { kind: "refused", reason: "HALTED" } },
  { code: "EService:Market in limit_only mode", verdict: { kind: "refused", reason: "HALTED" } },
  { code: "EQuery:Unknown asset pair", verdict: { kind: "refused", reason: "HALTED" } },
  { code: "EGeneral:Invalid arguments", verdict: { kind: "refused", reason: "OTHER" } },
];
