/** Order requests as they come, over REST or a socket: one order or up to 20, each with its own answer. */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { WireKey } from "../ports.ts";
import { amend } from "./amending.ts";
import { refuse } from "./codes.ts";
import type { Code, Refusal } from "./codes.ts";
import { fieldsOf, missing, wholeNumber, wrong } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { OrderAction } from "./limits.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { refused } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { cancel, place } from "./placing.ts";
import { msText } from "./text.ts";

export interface OrderCall {
  readonly action: OrderAction;
  readonly key: WireKey;
  /** As parsed from JSON. */
  readonly items: readonly unknown[];
  /** Refused when it arrives after this instant; not for cancels, which the venue always takes. */
  readonly expTime: string | undefined;
}

export interface OrderAnswer {
  readonly code: Code;
  readonly msg: string;
  readonly data: readonly object[];
}

const ORDERS_MAX = 20;
const TOO_MANY_CODES = { place: "51111", cancel: "51406", amend: "51501" } as const;

/** A refusal is of the whole request; nothing was done then, unless it is the venue's own error. */
export function runOrders(venue: OkxVenue, call: OrderCall): OrderAnswer | Refusal {
  const { action, key, items, expTime } = call;
  if (!key.mayTrade) return refuse("50120");
  if (venue.faults.take("overload")) return refuse("50013");
  if (items.length === 0) return refuse("50000");
  if (items.length > ORDERS_MAX) return refuse(TOO_MANY_CODES[action], String(ORDERS_MAX));
  const parsed = items.map(fieldsOf);
  const orders = parsed.filter((fields) => fields !== undefined);
  if (orders.length < items.length) return refuse("50002");
  if (action === "amend" && hasDuplicates(orders)) return refuse("51512");
  if (action !== "cancel" && expTime !== undefined && !/^\d{13}$/.test(expTime)) return wrong("expTime");
  const expires = action === "cancel" ? undefined : wholeNumber(expTime);
  if (expires !== undefined && venue.core.nowUs() > expires * MICROS_PER_MS)
    return answerOf(
      venue,
      action,
      orders.map((fields) => refused(fields, refuse("50036"))),
    );

  const isBatch = orders.length > 1;
  const failsHalf = isBatch && venue.faults.take("partialBatch");
  const outcomes = orders.map((fields, at) =>
    failsHalf && at % 2 === 1 ? refused(fields, refuse("50013")) : runOne(venue, call, fields, isBatch),
  );
  const limited = outcomes[0]?.code === "50011" && !isBatch;
  if (limited) return refuse("50011");
  if (venue.faults.take("internalError")) return refuse("50026");
  return answerOf(venue, action, outcomes);
}

function runOne(venue: OkxVenue, { action, key }: OrderCall, fields: Fields, isBatch: boolean): Outcome {
  const { account } = key;
  const { instId, instIdCode } = fields;
  if (instId === undefined && instIdCode === undefined) return refused(fields, missing("instId"));
  const listing = venue.instruments.find({ instId, instIdCode });
  if (listing === undefined) return refused(fields, refuse("51001"));
  const { instrument } = listing;
  const limit = venue.limits.takeOrder(action, { account, instrument, isBatch });
  if (limit !== undefined) return refused(fields, refuse(limit));
  switch (action) {
    case "place":
      return place(venue, account, listing, fields);
    case "amend":
      return amend(venue, account, listing, fields);
    case "cancel":
      return cancel(venue, account, listing, fields);
  }
}

function answerOf(venue: OkxVenue, action: OrderAction, outcomes: readonly Outcome[]): OrderAnswer {
  const done = outcomes.filter(({ ok }) => ok).length;
  const code = done === outcomes.length ? "0" : done === 0 ? "1" : "2";
  const { message: msg } = refuse(code);
  const ts = msText(venue.core.nowUs());
  return { code, msg, data: outcomes.map((outcome) => rowOf(action, outcome, ts)) };
}

function rowOf(action: OrderAction, outcome: Outcome, ts: string): object {
  const { code: sCode, message: sMsg, ordId, clOrdId, tag, reqId } = outcome;
  const common = { clOrdId, ordId, ts, sCode, sMsg };
  switch (action) {
    case "place":
      return { ...common, tag, subCode: "" };
    case "amend":
      return { ...common, reqId, subCode: "" };
    case "cancel":
      return common;
  }
}

function hasDuplicates(orders: readonly Fields[]): boolean {
  const ids = orders.map(({ ordId, clOrdId }) => ordId ?? clOrdId).filter((id) => id !== undefined);
  return new Set(ids).size < ids.length;
}
