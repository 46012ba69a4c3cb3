import type { ErrorRow } from "../exchange.ts";

/** Of Binance's error codes those that an order, a cancel or a question can meet. */
export const BINANCE_ERRORS: readonly ErrorRow[] = [
  // Carried out or not, Binance does not know either.
  { code: "-1000", verdict: { kind: "unknown" } },
  { code: "-1001", verdict: { kind: "unknown" } },
  { code: "-1006", verdict: { kind: "unknown" } },
  { code: "-1007", verdict: { kind: "unknown" } },
  { code: "-2021", verdict: { kind: "unknown" } },

  { code: "-1003", verdict: { kind: "later", because: "rate" } },
  { code: "-1015", verdict: { kind: "later", because: "rate" } },
  { code: "-1008", verdict: { kind: "later", because: "maintenance" } },
  { code: "-1016", verdict: { kind: "later", because: "maintenance" } },
  { code: "-1021", verdict: { kind: "later", because: "clock" } },

  // ccxt makes -2015 a DDoSProtection once a call has succeeded: a revoked key looks the same, and must not be retried.
  { code: "-1002", verdict: { kind: "halt" } },
  { code: "-1022", verdict: { kind: "halt" } },
  { code: "-2014", verdict: { kind: "halt" } },
  { code: "-2015", verdict: { kind: "halt" } },

  { code: "-2010", text: "Duplicate order", verdict: { kind: "placed" } },
  {
    code: "-2010",
    text: "immediately match",
    verdict: { kind: "refused", reason: "POST_ONLY_WOULD_TAKE" },
  },
  {
    code: "-2010",
    text: "insufficient balance",
    verdict: { kind: "refused", reason: "INSUFFICIENT_FUNDS" },
  },
  { code: "-2010", text: "Market is closed", verdict: { kind: "refused", reason: "HALTED" } },
  { code: "-2010", text: "disabled", verdict: { kind: "refused", reason: "HALTED" } },
  { code: "-2010", text: "Filter", verdict: { kind: "refused", reason: "FILTER" } },
  { code: "-2010", verdict: { kind: "refused", reason: "OTHER" } },
  { code: "-1013", text: "Market is closed", verdict: { kind: "refused", reason: "HALTED" } },
  { code: "-1013", verdict: { kind: "refused", reason: "FILTER" } },
  { code: "-1111", verdict: { kind: "refused", reason: "FILTER" } },
  { code: "-1112", verdict: { kind: "refused", reason: "NO_LIQUIDITY" } },
  { code: "-2011", text: "Unknown order", verdict: { kind: "refused", reason: "UNKNOWN_ORDER" } },
  { code: "-2013", verdict: { kind: "refused", reason: "UNKNOWN_ORDER" } },
  { code: "-2026", verdict: { kind: "refused", reason: "UNKNOWN_ORDER" } },
  { code: "-2011", verdict: { kind: "unknown" } },
  // The cancel failed, so the new order was not tried: why says the code beside it, which is read first.
  { code: "-2022", verdict: { kind: "refused", reason: "OTHER" } },
  ...["-1100", "-1101", "-1102", "-1103", "-1104", "-1105", "-1106", "-1114", "-1115", "-1116", "-1117"].map(
    (code): ErrorRow => ({ code, verdict: { kind: "refused", reason: "OTHER" } }),
  ),
  { code: "-1121", verdict: { kind: "refused", reason: "HALTED" } },
];
