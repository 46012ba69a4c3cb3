/** Several orders of one pair in one request: all are checked before the first is placed, and then each is on its own. */
import type { OrderRecord } from "../ports.ts";
import { placeOrder } from "./entry.ts";
import { ERRORS } from "./errors.ts";
import { checkDeadline, checkOrder } from "./orderTerms.ts";
import type { OrderInput, OrderTerms } from "./orderTerms.ts";
import type { Pair } from "./pairs.ts";
import { right, wrong, wrongArgument } from "./params.ts";
import type { Checked } from "./params.ts";
import type { KrakenVenue } from "./venue.ts";

export const BATCH_ORDERS_MIN = 2;
export const BATCH_ORDERS_MAX = 15;

export interface BatchRequest {
  readonly pair: Pair;
  readonly deadline: string | undefined;
  /** Checked and not placed. */
  readonly isValidation: boolean;
  readonly inputs: readonly OrderInput[];
}

export interface BatchMember {
  readonly terms: OrderTerms;
  /** Undefined when it was only to be checked. */
  readonly order: Checked<OrderRecord> | undefined;
}

export function addBatch(
  venue: KrakenVenue,
  account: number,
  { pair, deadline, isValidation, inputs }: BatchRequest,
): Checked<readonly BatchMember[]> {
  if (inputs.length < BATCH_ORDERS_MIN || inputs.length > BATCH_ORDERS_MAX) return wrongArgument("orders");
  if (!venue.tradeCounter.addBatch(account, pair.instrument, inputs.length))
    return wrong(ERRORS.orderRateLimit);
  const late = checkDeadline(deadline, venue.core.nowUs());
  if (late !== undefined) return wrong(late);
  const checked: OrderTerms[] = [];
  for (const input of inputs) {
    const terms = checkOrder(pair, input);
    if (!terms.ok) return terms;
    checked.push(terms.value);
  }
  if (isValidation) return right(checked.map((terms) => ({ terms, order: undefined })));
  const isPartial = venue.faults.take("partialBatch");
  return right(
    checked.map((terms, at) => ({
      terms,
      // What the engine refuses of a batch that has passed its checks is for want of funds.
      order: isPartial && at % 2 === 1 ? wrong(ERRORS.insufficientFunds) : placeOrder(venue, account, terms),
    })),
  );
}
