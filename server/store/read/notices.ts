import type { Cursor, NoticeLine } from "../../contract/lines.ts";
import type { NoticeCode } from "../../contract/reasons.ts";
import type { Store } from "../client.ts";
import type { NoticeModel } from "../generated/models/Notice.ts";
import type { Page, PageOf, TimeRange } from "./page.ts";
import { lineBase, NEWEST_FIRST, OLDEST_FIRST, onlySet, readAfter, readPage, withinTime } from "./page.ts";

export interface NoticeFilter extends TimeRange {
  readonly severity?: NoticeLine["severity"] | undefined;
  readonly code?: NoticeCode | undefined;
}

/** Newest first. */
export function readNotices(store: Store, filter: NoticeFilter, page: Page): Promise<PageOf<NoticeLine>> {
  const { fromUs, toUs, ...equal } = filter;
  const wanted = { ...onlySet(equal), ...withinTime({ fromUs, toUs }) };
  return readPage(
    page,
    (range, take) => store.notice.findMany({ where: { AND: [wanted, range] }, orderBy: NEWEST_FIRST, take }),
    toNotice,
  );
}

/** Oldest first. */
export function readNoticesAfter(store: Store, after: Cursor, limit: number): Promise<NoticeLine[]> {
  return readAfter(
    after,
    limit,
    (range, take) => store.notice.findMany({ where: range, orderBy: OLDEST_FIRST, take }),
    toNotice,
  );
}

function toNotice(row: NoticeModel): NoticeLine {
  return {
    type: "notice",
    ...lineBase(row),
    code: row.code as NoticeCode,
    severity: row.severity as NoticeLine["severity"],
    scope: row.scope,
    text: row.text,
  };
}
