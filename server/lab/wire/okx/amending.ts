/** One order amended in place. What fails leaves it as it was, unless it was to be canceled then. */
import type { OrderRecord } from "../ports.ts";
import { refuse } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import { wrong } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { ListedInstrument } from "./instruments.ts";
import { BY_OWNER, causing } from "./okxVenue.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { parsePx, parseSz } from "./orderRequest.ts";
import { clOrdIdOf } from "./orders.ts";
import { accepted, refOf, refused } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { filterRefusal } from "./refusals.ts";

export function amend(venue: OkxVenue, account: number, listing: ListedInstrument, fields: Fields): Outcome {
  const { newSz, newPx, reqId = "", cxlOnFail } = fields;
  const ref = refOf(fields);
  if (ref === undefined) return refused(fields, refuse("51003"));
  if (newSz === undefined && newPx === undefined) return refused(fields, refuse("51500"));
  if (!/^[A-Za-z0-9]{0,32}$/.test(reqId)) return refused(fields, wrong("reqId"));
  if (cxlOnFail !== undefined && cxlOnFail !== "true" && cxlOnFail !== "false")
    return refused(fields, wrong("cxlOnFail"));
  const order = venue.core.order(account, ref);
  if (order?.status !== "OPEN" || order.instrument !== listing.instrument)
    return refused(fields, refuse("51503"));
  const failure = tryAmend(venue, account, listing, { order, fields });
  if (failure === undefined) return accepted({ ...fields, clOrdId: clOrdIdOf(order) }, order.venueOrderId);
  failAmend(venue, account, order, { failure, reqId, cancels: cxlOnFail === "true" });
  return refused(fields, failure);
}

function tryAmend(
  venue: OkxVenue,
  account: number,
  { definition }: ListedInstrument,
  { order, fields: { newSz, newPx, reqId } }: { readonly order: OrderRecord; readonly fields: Fields },
): Refusal | undefined {
  if (definition.status === "HALTED") return refuse("51022");
  const sizeLots = newSz === undefined ? order.sizeLots : parseSz(definition, newSz, "newSz");
  if (typeof sizeLots !== "number") return sizeLots;
  const priceTicks = newPx === undefined ? order.priceTicks : parsePx(definition, newPx, "newPx");
  if (typeof priceTicks !== "number") return priceTicks;
  const shrinks = sizeLots <= order.filledLots;
  const cause = { ...BY_OWNER, reqId, amend: shrinks ? "filled" : undefined } as const;
  const { clientId } = order;
  const outcome = causing(venue, cause, () =>
    venue.core.amend(account, { clientId }, { priceTicks, sizeLots }),
  );
  if (outcome.ok) return undefined;
  switch (outcome.reason) {
    case "POST_ONLY_WOULD_TAKE":
      return refuse("51511");
    case "INSUFFICIENT_FUNDS":
      return refuse("51502");
    case "UNKNOWN_ORDER":
      return refuse("51503");
    case "FILTER":
      return filterRefusal(venue, order.instrument, priceTicks);
    case "HALTED":
      return refuse("51022");
    case "OTHER":
    case "EXPIRED_REQUEST":
    case "DUPLICATE_ID":
    case "NO_LIQUIDITY":
    case "RATE_LIMIT":
      return refuse("51506");
  }
}

/** The channel tells of it too; the order goes on, unless it was to be canceled then. */
function failAmend(
  venue: OkxVenue,
  account: number,
  order: OrderRecord,
  {
    failure,
    reqId,
    cancels,
  }: { readonly failure: Refusal; readonly reqId: string; readonly cancels: boolean },
): void {
  const { core, orders } = venue;
  const { clientId } = order;
  if (cancels) {
    causing(venue, { cancelSource: "0", reqId, amend: "failed" }, () => core.cancel(account, { clientId }));
    return;
  }
  const { code, message: msg } = failure;
  venue.tellOrder(account, order, orders.extras(account, order), { amendResult: "-1", reqId, code, msg });
}
