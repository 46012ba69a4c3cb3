import type { TradingState } from "../../contract/tradingStates.ts";
import type { Cursor, TradingStateLine } from "../../contract/lines.ts";
import type { Store } from "../client.ts";
import type { TradingStateChangeModel } from "../generated/models/TradingStateChange.ts";
import type { Page, PageOf, TimeRange } from "./page.ts";
import { lineBase, NEWEST_FIRST, OLDEST_FIRST, onlySet, readAfter, readPage, withinTime } from "./page.ts";

export interface TradingStateFilter extends TimeRange {
  readonly scope?: string | undefined;
}

/** Newest first. */
export function readTradingStates(
  store: Store,
  filter: TradingStateFilter,
  page: Page,
): Promise<PageOf<TradingStateLine>> {
  const wanted = { ...onlySet({ scope: filter.scope }), ...withinTime(filter) };
  return readPage(
    page,
    (range, take) =>
      store.tradingStateChange.findMany({ where: { AND: [wanted, range] }, orderBy: NEWEST_FIRST, take }),
    toTradingState,
  );
}

/** Oldest first. */
export function readTradingStatesAfter(
  store: Store,
  after: Cursor,
  limit: number,
): Promise<TradingStateLine[]> {
  return readAfter(
    after,
    limit,
    (range, take) => store.tradingStateChange.findMany({ where: range, orderBy: OLDEST_FIRST, take }),
    toTradingState,
  );
}

function toTradingState(row: TradingStateChangeModel): TradingStateLine {
  return {
    type: "tradingState",
    ...lineBase(row),
    scope: row.scope,
    before: row.before as TradingState,
    after: row.after as TradingState,
    actor: row.actor,
    reason: row.reason,
  };
}
