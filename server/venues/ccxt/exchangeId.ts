import { UserError } from "../../contract/errors.ts";
import { EXCHANGE_IDS, type ExchangeId } from "./ports.ts";

/** Throws a UserError for a venue without an adapter. */
export function findExchange(account: string, venue: string): ExchangeId {
  const found = EXCHANGE_IDS.find((id) => id === venue);
  if (found !== undefined) return found;
  throw new UserError(`${account} is at ${venue}, which has no adapter: one of ${EXCHANGE_IDS.join(", ")}`);
}
