import type { OrderStatus } from "../exchange.ts";
import { AnswerError } from "../fields.ts";

const STATUS: Readonly<Record<string, OrderStatus>> = {
  pending: "OPEN",
  pending_new: "OPEN",
  new: "OPEN",
  open: "OPEN",
  partially_filled: "OPEN",
  filled: "FILLED",
  closed: "FILLED",
  canceled: "CANCELED",
  expired: "EXPIRED",
};

/** Throws AnswerError for a word that is not known. */
export function statusOf(text: string): OrderStatus {
  const status = STATUS[text];
  if (status === undefined) throw new AnswerError(`kraken says "${text}" of an order`);
  return status;
}
