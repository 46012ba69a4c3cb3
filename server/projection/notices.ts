/** Notices with how much they matter. */
import type { TradingState } from "../contract/tradingStates.ts";
import type { NoticeEffect } from "../contract/effects.ts";
import type { NoticeLine } from "../contract/lines.ts";
import type { NoticeCode } from "../contract/reasons.ts";
import type { AccountStatus, Engine } from "../core/state.ts";
import type { StateChange } from "./audit.ts";

type Severity = NoticeLine["severity"];

/** Of a status or a state it depends on which: those are looked up by themselves. */
const SEVERITY: { readonly [C in Exclude<NoticeCode, "ACCOUNT_STATUS" | "TRADING_STATE">]: Severity } = {
  ILLEGAL_TRANSITION: "attention",
  LATE_FILL: "attention",
  FOREIGN_FILL: "danger",
  UNPRICED_FILL: "danger",
  UNBOOKED_FILL: "danger",
  DUPLICATE_FILL: "danger",
  OVERFILL: "danger",
  SECOND_WRITER: "danger",
  STRAY_ORDER: "attention",
  ORDER_UNKNOWN: "attention",
  ORDER_RESOLVED: "info",
  ORDER_FORGOTTEN: "attention",
  BALANCE_BREAK: "danger",
  BREAK: "attention",
  BREAK_CLEARED: "info",
  PARAMETERS: "info",
  BASELINE: "info",
  TRANSFER: "info",
  INSTRUMENT_CHANGED: "attention",
  RESTART: "attention",
  RECOVERY_GAP: "danger",
  HOST_PAUSE: "attention",
  CLOCK_STEP: "attention",
  STORAGE: "attention",
  BAD_BOOK: "attention",
  FLATTEN: "info",
  CLEARED: "info",
  SEALED: "info",
};

const SEVERITY_OF_STATUS: { readonly [S in AccountStatus]: Severity } = {
  NOT_READY: "info",
  RECONCILING: "info",
  READY: "info",
  DEGRADED: "attention",
};

const SEVERITY_OF_STATE: { readonly [S in TradingState]: Severity } = {
  ACTIVE: "info",
  REDUCE_ONLY: "attention",
  PAUSED: "attention",
  DISARMED: "attention",
  KILLED: "danger",
};

export function severityOf(
  { state }: Engine,
  { code, scope }: NoticeEffect,
  changes: readonly StateChange[],
): Severity {
  if (code === "TRADING_STATE") {
    const change = changes.find((candidate) => candidate.scope === scope);
    return change === undefined ? "info" : SEVERITY_OF_STATE[change.after];
  }
  if (code === "ACCOUNT_STATUS") {
    const account = state.accounts.find((candidate) => candidate.account === scope);
    return account === undefined ? "attention" : SEVERITY_OF_STATUS[account.status];
  }
  return SEVERITY[code];
}
