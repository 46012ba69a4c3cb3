/**
 * What the venue says when it refuses: HTTP status, code and words, as its error list gives them
 * (binance-spot-api-docs, errors.md). Parsers and handlers throw a Refusal; the border answers with it. It is no
 * Error: refusals are everyday answers, and a stack of each costs more than the request.
 */
import type { VenueRefusal } from "../../../contract/reasons.ts";

export class Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  /** More that the body carries: both halves of a cancel-replace, when to come back. */
  readonly data: object | undefined;
  /** Seconds for the Retry-After header. */
  readonly retryAfterS: number | undefined;

  constructor(
    status: number,
    code: number,
    message: string,
    more: { readonly data?: object; readonly retryAfterS?: number } = {},
  ) {
    this.status = status;
    this.code = code;
    this.message = message;
    this.data = more.data;
    this.retryAfterS = more.retryAfterS;
  }

  body(): { readonly code: number; readonly msg: string; readonly data?: object } {
    const { code, message: msg, data } = this;
    return data === undefined ? { code, msg } : { code, msg, data };
  }
}

const bad = (code: number, message: string): Refusal => new Refusal(400, code, message);

export const invalidSymbol = (): Refusal => bad(-1121, "Invalid symbol.");
export const unknownOrder = (): Refusal => bad(-2011, "Unknown order sent.");
export const noSuchOrder = (): Refusal => bad(-2013, "Order does not exist.");
export const marketClosed = (): Refusal => bad(-1013, "Market is closed.");
export const filterFailure = (filter: string): Refusal => bad(-1013, `Filter failure: ${filter}`);
export const newOrderRejected = (message: string): Refusal => bad(-2010, message);
export const invalidMessage = (message: string): Refusal => bad(-1013, message);
export const insufficientBalance = (): Refusal =>
  newOrderRejected("Account has insufficient balance for requested action.");

export const badKeyFormat = (): Refusal => new Refusal(401, -2014, "API-key format invalid.");
export const rejectedKey = (): Refusal =>
  new Refusal(401, -2015, "Invalid API-key, IP, or permissions for action.");
export const badSignature = (): Refusal => bad(-1022, "Signature for this request is not valid.");
export const outsideWindow = (): Refusal =>
  bad(-1021, "Timestamp for this request is outside of the recvWindow.");
export const aheadOfTime = (): Refusal =>
  bad(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
export const windowTooLong = (): Refusal => bad(-1131, "recvWindow must be less than 60000.");

export const missingParam = (name: string): Refusal =>
  bad(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
export const eitherParam = (one: string, other: string): Refusal =>
  bad(-1102, `Param '${one}' or '${other}' must be sent, but both were empty/null!`);
export const unreadParams = (read: number, sent: number): Refusal =>
  bad(-1104, `Not all sent parameters were read; read '${read}' parameter(s) but was sent '${sent}'.`);
export const emptyParam = (name: string): Refusal => bad(-1105, `Parameter '${name}' was empty.`);
export const needlessParam = (name: string): Refusal =>
  bad(-1106, `Parameter '${name}' sent when not required.`);
export const duplicateParam = (): Refusal => bad(-1101, "Duplicate values for a parameter detected.");
export const illegalParam = (name: string, legal: string): Refusal =>
  bad(-1100, `Illegal characters found in parameter '${name}'; legal range is '${legal}'.`);
export const tooPreciseParam = (name: string): Refusal =>
  bad(-1111, `Parameter '${name}' has too much precision.`);
export const invalidParam = (name: string): Refusal =>
  bad(-1130, `Data sent for parameter '${name}' is not valid.`);
export const badCombination = (): Refusal => bad(-1128, "Combination of optional parameters invalid.");
export const invalidTimeInForce = (): Refusal => bad(-1115, "Invalid timeInForce.");
export const invalidType = (): Refusal => bad(-1116, "Invalid orderType.");
export const invalidSide = (): Refusal => bad(-1117, "Invalid side.");
export const lookupTooLong = (): Refusal =>
  bad(-1127, "Lookup interval is too big. More than 24 hours between startTime and endTime.");

/** The venue's own trouble: what was asked for may have been done. */
export const backendTimeout = (): Refusal =>
  new Refusal(
    504,
    -1007,
    "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
  );
export const disconnected = (): Refusal =>
  new Refusal(500, -1001, "Internal error; unable to process your request. Please try again.");
export const overloaded = (): Refusal =>
  new Refusal(
    503,
    -1008,
    "Server is currently overloaded with other requests. Please try again in a few minutes.",
  );
export const cancelRejected = (): Refusal => bad(-2011, "This action is disabled on this account.");
export const underMaintenance = (): Refusal => new Refusal(503, 1, "System is under maintenance.");
export const notAuthorized = (): Refusal =>
  new Refusal(403, -1002, "You are not authorized to execute this request.");

/**
 * A refusal of the core in the venue's words. `unnamedFilter` is the one that is left when price and size filters
 * have been checked by name before.
 */
export function refusalOf(reason: VenueRefusal, unnamedFilter: string): Refusal {
  switch (reason) {
    case "POST_ONLY_WOULD_TAKE":
      return newOrderRejected("Order would immediately match and take.");
    case "INSUFFICIENT_FUNDS":
      return insufficientBalance();
    case "FILTER":
      return filterFailure(unnamedFilter);
    case "EXPIRED_REQUEST":
      return outsideWindow();
    case "DUPLICATE_ID":
      return newOrderRejected("Duplicate order sent.");
    case "UNKNOWN_ORDER":
      return unknownOrder();
    case "HALTED":
      return marketClosed();
    case "NO_LIQUIDITY":
      return newOrderRejected("Order book liquidity is less than symbol minimum quantity.");
    // The core has one more reason than the filters: the limit of open orders. Requests are counted before it.
    case "OTHER":
    case "RATE_LIMIT":
      return filterFailure("MAX_NUM_ORDERS");
  }
}
