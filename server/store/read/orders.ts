/** Orders as they stand: one row each, at the place of its newest line. */
import type { Cursor, OrderLine } from "../../contract/lines.ts";
import type { Side } from "../../contract/units.ts";
import type { Store } from "../client.ts";
import type { VenueOrderModel } from "../generated/models/VenueOrder.ts";
import type { Page, PageOf, TimeRange } from "./page.ts";
import { lineBase, NEWEST_FIRST, OLDEST_FIRST, onlySet, readAfter, readPage, withinTime } from "./page.ts";

export interface OrderFilter extends TimeRange {
  readonly account?: string | undefined;
  readonly symbol?: string | undefined;
  readonly side?: Side | undefined;
  readonly role?: OrderLine["role"] | undefined;
  readonly status?: string | undefined;
  readonly isFinal?: boolean | undefined;
  readonly clientId?: string | undefined;
}

/** Last changed first; the time range is that of the last change. */
export function readOrders(store: Store, filter: OrderFilter, page: Page): Promise<PageOf<OrderLine>> {
  const { fromUs, toUs, ...equal } = filter;
  const wanted = { ...onlySet(equal), ...withinTime({ fromUs, toUs }) };
  return readPage(
    page,
    (range, take) =>
      store.venueOrder.findMany({ where: { AND: [wanted, range] }, orderBy: NEWEST_FIRST, take }),
    toOrder,
  );
}

/** Orders that changed after a line, each once and as it stands now. */
export function readOrdersAfter(store: Store, after: Cursor, limit: number): Promise<OrderLine[]> {
  return readAfter(
    after,
    limit,
    (range, take) => store.venueOrder.findMany({ where: range, orderBy: OLDEST_FIRST, take }),
    toOrder,
  );
}

function toOrder(row: VenueOrderModel): OrderLine {
  return {
    type: "order",
    ...lineBase(row),
    account: row.account,
    symbol: row.symbol,
    clientId: row.clientId,
    venueOrderId: row.venueOrderId ?? undefined,
    role: row.role as OrderLine["role"],
    side: row.side as Side,
    status: row.status,
    isFinal: row.isFinal,
    price: row.price.toNumber(),
    sizeBase: row.sizeBase.toNumber(),
    filledBase: row.filledBase.toNumber(),
    placedAtUs: Number(row.placedAtUs),
  };
}
