/** What could not be read is asked for again until it is: whatever was away is back on the page without a click. */
import type { QueryStatus } from "@tanstack/react-query";

/** Soon enough for a person who waits, and no load for a server in trouble. */
const ASK_AGAIN_MS = 5_000;

/** `refetchInterval` of a query that is otherwise asked once. */
export function askAgain({ state }: { readonly state: { readonly status: QueryStatus } }): number | false {
  return state.status === "error" ? ASK_AGAIN_MS : false;
}

/** Asked for in vain so far. While it is asked again its status is that of one which was never asked. */
export function isUnread({
  data,
  errorUpdateCount,
}: {
  readonly data: unknown;
  readonly errorUpdateCount: number;
}): boolean {
  return data === undefined && errorUpdateCount > 0;
}
