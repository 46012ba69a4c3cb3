/**
 * What an error says of the request that met it: not placed for good, not placed for now, unknown, placed already, or
 * a reason to halt the account. The venue's own codes first; then ccxt's class, the nearest in its line of descent
 * that is listed; whatever is neither says nothing, and is unknown.
 */
import type { VenueRefusal } from "../../../contract/reasons.ts";
import type { Exchange, Verdict, VenueError } from "../exchanges/exchange.ts";
import { BudgetError } from "./budget.ts";
import { answerOf } from "./instance.ts";

const OTHER: Verdict = { kind: "refused", reason: "OTHER" };
const UNKNOWN: Verdict = { kind: "unknown" };
const HALT: Verdict = { kind: "halt" };

export const CLASS_VERDICTS: Readonly<Record<string, Verdict>> = {
  ArgumentsRequired: OTHER,
  BadRequest: OTHER,
  InvalidOrder: OTHER,
  OrderNotFillable: { kind: "refused", reason: "NO_LIQUIDITY" },
  NotSupported: OTHER,
  BadSymbol: { kind: "refused", reason: "HALTED" },
  MarketClosed: { kind: "refused", reason: "HALTED" },
  OperationRejected: OTHER,
  OrderImmediatelyFillable: { kind: "refused", reason: "POST_ONLY_WOULD_TAKE" },
  InsufficientFunds: { kind: "refused", reason: "INSUFFICIENT_FUNDS" },
  OrderNotFound: { kind: "refused", reason: "UNKNOWN_ORDER" },
  DuplicateOrderId: { kind: "placed" },

  AuthenticationError: HALT,
  PermissionDenied: HALT,
  AccountNotEnabled: HALT,
  AccountSuspended: HALT,
  RestrictedLocation: HALT,
  ManualInteractionNeeded: HALT,

  InvalidNonce: { kind: "later", because: "clock" },
  RateLimitExceeded: { kind: "later", because: "rate" },
  DDoSProtection: { kind: "later", because: "rate" },
  OnMaintenance: { kind: "later", because: "maintenance" },

  RequestTimeout: UNKNOWN,
  ExchangeNotAvailable: UNKNOWN,
  NetworkError: UNKNOWN,
  OperationFailed: UNKNOWN,
  BadResponse: UNKNOWN,
  NullResponse: UNKNOWN,
  CancelPending: UNKNOWN,
  ExchangeError: UNKNOWN,
};

/**
 * The connection was never made. ccxt keeps no code of it, but the host's words, of which the first says what failed: a
 * route can be lost while an answer is read, too.
 */
const NEVER_CONNECTED =
  /\b(connect (ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)|getaddrinfo (ENOTFOUND|EAI_AGAIN)|Connect Timeout Error)\b/;

/** The venue answered on its socket, and the answer is an error. */
export class SocketRefusal extends Error {
  override readonly name = "SocketRefusal";
  readonly body: unknown;

  constructor(body: unknown) {
    super("the venue refused a request on its socket");
    this.body = body;
  }
}

/** It failed before anything was written to a socket. */
export class NotSentError extends Error {
  override readonly name = "NotSentError";
}

export function classify(exchange: Pick<Exchange, "errorsOf" | "errorRows">, error: unknown): Verdict {
  if (error instanceof BudgetError) return { kind: "later", because: "rate" };
  if (error instanceof NotSentError) return { kind: "later", because: "unreachable" };
  const byCode = verdictOf(exchange, exchange.errorsOf(saidBy(error)));
  if (byCode !== undefined) return byCode;
  if (!(error instanceof Error)) return UNKNOWN;
  const verdict = verdictOfClass(error);
  const failedToConnect = verdict.kind === "unknown" && answerOf(error) === undefined;
  if (failedToConnect && neverConnected(error)) return { kind: "later", because: "unreachable" };
  return verdict;
}

/** It is the venue that refused, and not this side of the wire. */
export function isVenues(error: unknown): boolean {
  return error instanceof SocketRefusal || answerOf(error) !== undefined;
}

/** What the venue answered with, by socket or REST. */
export function saidBy(error: unknown): unknown {
  return error instanceof SocketRefusal ? error.body : answerOf(error)?.body;
}

/** Of the first error that the venue's table knows. */
export function verdictOf(
  { errorRows }: Pick<Exchange, "errorRows">,
  errors: readonly VenueError[],
): Verdict | undefined {
  for (const { code, text } of errors) {
    const row = errorRows.find(
      (candidate) =>
        (candidate.code === code || code.startsWith(`${candidate.code}:`)) &&
        (candidate.text === undefined || text.includes(candidate.text)),
    );
    if (row !== undefined) return row.verdict;
  }
  return undefined;
}

/** Of a request that made no order, as the engine is told it. */
export function reasonOf(verdict: Exclude<Verdict, { kind: "unknown" } | { kind: "placed" }>): VenueRefusal {
  if (verdict.kind === "refused") return verdict.reason;
  if (verdict.kind !== "later") return "OTHER";
  if (verdict.because === "rate") return "RATE_LIMIT";
  return verdict.because === "clock" ? "EXPIRED_REQUEST" : "OTHER";
}

/** Too late or too early by the venue's clock: it may be that which is wrong. */
export function isOfTime(verdict: Verdict): boolean {
  if (verdict.kind === "refused") return verdict.reason === "EXPIRED_REQUEST";
  return verdict.kind === "later" && verdict.because === "clock";
}

function verdictOfClass(error: Error): Verdict {
  let prototype: object | null = Object.getPrototypeOf(error) as object | null;
  while (prototype !== null) {
    const { name } = prototype.constructor;
    const verdict = Object.hasOwn(CLASS_VERDICTS, name) ? CLASS_VERDICTS[name] : undefined;
    if (verdict !== undefined) return verdict;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return UNKNOWN;
}

/** Nothing of this call was written. */
export function neverLeft(error: unknown): boolean {
  return error instanceof NotSentError || (error instanceof Error && neverConnected(error));
}

function neverConnected({ cause, message }: Error): boolean {
  return NEVER_CONNECTED.test(message) || (cause instanceof Error && NEVER_CONNECTED.test(cause.message));
}
