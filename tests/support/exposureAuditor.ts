/**
 * What could happen at worst, from what was sent and what the venues know: deliberately naive, from
 * scratch each time, and without a look at the engine's state.
 */
import type { Side } from "../../server/contract/units.ts";
import type { AmendRequest, VenueOrder, WildVenues } from "./wildVenues.ts";

export interface Audit {
  /** Signed lots that the venues have filled. */
  readonly filledLots: number;
  /** Lots that may still be bought and sold. */
  readonly buyLots: number;
  readonly sellLots: number;
}

/** Over one account, or over all of them. */
export function audit(venues: WildVenues, account?: number): Audit {
  let filledLots = 0;
  const may: Record<Side, number> = { buy: 0, sell: 0 };
  for (const order of venues.orders) {
    if (account !== undefined && order.sent.account !== account) continue;
    filledLots += (order.sent.side === "buy" ? 1 : -1) * order.filledLots;
    may[order.sent.side] += mayStillFill(order, venues);
  }
  return { filledLots, buyLots: may.buy, sellLots: may.sell };
}

function mayStillFill(order: VenueOrder, venues: WildVenues): number {
  const arrives = (request: { readonly requestExpiresAtUs: number }): boolean =>
    venues.nowUs() <= request.requestExpiresAtUs;
  if (order.status === "IN_FLIGHT") return arrives(order.sent) ? order.totalLots : 0;
  if (order.status !== "OPEN") return 0;
  const amends = venues.requests.filter(
    (request): request is AmendRequest =>
      request.type === "amend" && request.clientId === order.sent.clientId && arrives(request),
  );
  const resting = order.totalLots - order.filledLots;
  if (venues.amendsBySecondOrder(order.sent.account))
    return amends.reduce((sum, amend) => sum + amend.sizeLots - amend.fromLots, resting);
  return Math.max(resting, ...amends.map((amend) => amend.sizeLots - order.filledLots));
}
