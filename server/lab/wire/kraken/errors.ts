/**
 * The venue's errors: category, severity and message in one text, in a list with HTTP 200 over REST and alone on a
 * socket. What the core refuses in its own words becomes one of them here.
 */
import type { VenueRefusal } from "../../../contract/reasons.ts";

export const ERRORS = {
  invalidKey: "EAPI:Invalid key",
  invalidSignature: "EAPI:Invalid signature",
  invalidNonce: "EAPI:Invalid nonce",
  apiRateLimit: "EAPI:Rate limit exceeded",
  tooManyRequests: "EGeneral:Too many requests",
  permissionDenied: "EGeneral:Permission denied",
  unknownMethod: "EGeneral:Unknown method",
  lockout: "EGeneral:Temporary lockout",
  internal: "EGeneral:Internal error",
  invalidSession: "ESession:Invalid session",
  unknownAsset: "EQuery:Unknown asset",
  unknownPair: "EQuery:Unknown asset pair",
  insufficientFunds: "EOrder:Insufficient funds",
  unknownOrder: "EOrder:Unknown order",
  orderMinimum: "EOrder:Order minimum not met",
  costMinimum: "EOrder:Cost minimum not met",
  tickSize: "EOrder:Tick size check failed",
  invalidPrice: "EOrder:Invalid price",
  postOnly: "EOrder:Post only order",
  orderRateLimit: "EOrder:Rate limit exceeded",
  ordersLimit: "EOrder:Orders limit exceeded",
  insufficientLiquidity: "EOrder:Insufficient liquidity",
  invalidOrder: "EOrder:Invalid order",
  unavailable: "EService:Unavailable",
  busy: "EService:Busy",
  cancelOnly: "EService:Market in cancel_only mode",
  deadline: "EService:Deadline elapsed",
  unknownWithdrawKey: "EFunding:Unknown withdraw key",
  invalidAmount: "EFunding:Invalid amount",
  unknownFundingAsset: "EFunding:Unknown asset",
} as const;

/** One argument is missing or cannot be read. */
export function invalidArgument(name: string): string {
  return `EGeneral:Invalid arguments:${name}`;
}

/** Why the venue does not take, or change, an order. Price and size have passed the pair's own steps and minimums. */
export function refusalText(reason: VenueRefusal): string {
  switch (reason) {
    case "POST_ONLY_WOULD_TAKE":
      return ERRORS.postOnly;
    case "INSUFFICIENT_FUNDS":
      return ERRORS.insufficientFunds;
    case "FILTER":
      return ERRORS.invalidPrice;
    case "EXPIRED_REQUEST":
      return ERRORS.deadline;
    case "DUPLICATE_ID":
      return invalidArgument("cl_ord_id not unique");
    case "UNKNOWN_ORDER":
      return ERRORS.unknownOrder;
    case "HALTED":
      return ERRORS.cancelOnly;
    case "NO_LIQUIDITY":
      return ERRORS.insufficientLiquidity;
    case "OTHER":
    case "RATE_LIMIT":
      return ERRORS.invalidOrder;
  }
}
