/**
 * The venue's error codes with their HTTP status and text, and its envelope. Most answers are HTTP 200 with a code in
 * the body; what the gateway in front of the trading system refuses has a status of its own.
 */
import type { HttpAnswer } from "../ports.ts";

const CODES = {
  "0": [200, ""],
  "1": [200, "All operations failed"],
  "2": [200, "Bulk operation partially succeeded."],
  "404": [404, "Not Found"],
  "50000": [400, "Body for POST request cannot be empty."],
  "50001": [503, "Service temporarily unavailable. Please try again later."],
  "50002": [400, "JSON syntax error"],
  "50011": [200, "Rate limit reached. Please refer to API documentation and throttle requests accordingly."],
  "50013": [429, "Systems are busy. Please try again later."],
  "50014": [400, "Parameter {0} can not be empty."],
  "50015": [400, "Either parameter {0} or {1} is required"],
  "50026": [500, "System error. Try again later"],
  "50036": [
    200,
    "The expTime can't be earlier than the current system time. Please adjust the expTime and try again.",
  ],
  "50061": [200, "You've reached the maximum order rate limit for this account."],
  "50102": [401, "Timestamp request expired."],
  "50103": [401, 'Request header "OK-ACCESS-KEY" cannot be empty.'],
  "50104": [401, 'Request header "OK-ACCESS-PASSPHRASE" cannot be empty.'],
  "50105": [401, 'Request header "OK-ACCESS-PASSPHRASE" incorrect.'],
  "50106": [401, 'Request header "OK-ACCESS-SIGN" cannot be empty.'],
  "50107": [401, 'Request header "OK-ACCESS-TIMESTAMP" cannot be empty.'],
  "50111": [401, "Invalid OK-ACCESS-KEY."],
  "50112": [401, "Invalid OK-ACCESS-TIMESTAMP."],
  "50113": [401, "Invalid signature."],
  "50115": [405, "Invalid request method."],
  "50120": [200, "This API key doesn't have permission to use this function"],
  "51000": [400, "Parameter {0} error"],
  "51001": [200, "Instrument ID, Instrument ID code or Spread ID doesn't exist."],
  "51003": [200, "Either client order ID or order ID is required."],
  "51006": [200, "Order price is not within the price limit (max buy price: {0} min sell price: {1})."],
  "51008": [200, "Order failed. Insufficient {0} balance in account."],
  "51016": [200, "Client order ID already exists."],
  "51020": [200, "Your order should meet or exceed the minimum order amount."],
  "51022": [200, "Trading of this instrument is suspended."],
  "51071": [200, "You've reached the maximum limit for tag level cancel all after timers."],
  "51109": [200, "No available offers."],
  "51111": [200, "Maximum {0} orders can be placed in bulk."],
  "51121": [200, "Order quantity must be a multiple of the lot size."],
  "51150": [200, "The precision of the number of trades or the price exceeds the limit."],
  "51174": [200, "Order failed, number of pending orders for {0} exceed the limit of {1}."],
  "51400": [200, "Order cancellation failed as the order has been filled, canceled or does not exist."],
  "51406": [400, "Canceled - order count exceeds the limit {0}."],
  "51407": [200, "Either order ID or client order ID is required."],
  "51410": [200, "Cancellation failed as the order is already in canceling status or pending settlement."],
  "51411": [200, "Account does not have permission for mass cancellation."],
  "51500": [200, "You must enter a price, quantity, or TP/SL"],
  "51501": [400, "Maximum {0} orders can be modified."],
  "51502": [200, "Unable to edit order: insufficient balance or margin."],
  "51503": [200, "Your order has already been filled or canceled."],
  "51506": [200, "Order modification unavailable for the order type."],
  "51511": [200, "Modification failed as the order price did not meet the requirement for Post Only."],
  "51512": [
    200,
    "Failed to amend orders in batches. You cannot have duplicate orders in the same amend-batch-orders request.",
  ],
  "51603": [200, "Order does not exist."],
  "54009": [200, "The range of {0} should be [{1}, {2}]."],
  "58112": [200, "Your fund transfer failed. Please try again later."],
  "58115": [200, "Sub-account doesn't exist."],
  "58203": [200, "Please add a withdrawal address."],
  "58350": [200, "Insufficient balance."],
} as const satisfies Record<string, readonly [status: number, text: string]>;

export type Code = keyof typeof CODES;

/** Why the venue said no. The text is for people: decide on the code. */
export interface Refusal {
  readonly code: Code;
  readonly message: string;
}

export function refuse(code: Code, ...parameters: readonly string[]): Refusal {
  const message = CODES[code][1].replace(/\{(\d)\}/g, (_, at: string) => parameters[Number(at)] ?? "");
  return { code, message };
}

export function answerData(data: readonly unknown[]): HttpAnswer {
  return envelope(200, "0", "", data);
}

/** With the status that the venue gives the code. */
export function answerRefusal({ code, message }: Refusal): HttpAnswer {
  return envelope(CODES[code][0], code, message, []);
}

/** The gateway's own no to too many requests; members of a batch have the code alone. */
export const TOO_MANY: HttpAnswer = {
  status: 429,
  body: JSON.stringify({ msg: "Too Many Requests", code: "50011" }),
};

export function envelope(
  status: number,
  code: string,
  msg: string,
  data: readonly unknown[],
  times: object = {},
): HttpAnswer {
  return { status, body: JSON.stringify({ code, msg, data, ...times }) };
}
