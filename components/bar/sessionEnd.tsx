"use client";

import { formatTimeMs } from "../format/time.ts";
import { useSession } from "../session/useSession.ts";
import { useNowSelect } from "../ui/useNow.ts";

/** Time to fetch a new address while this page can still stop the desk. */
const WARN_BEFORE_MS = 30 * 60_000;

/** Under the bar of every page before the session ends: without one there is no stop on this page. */
export function SessionEnd() {
  const endsAtMs = useSession()?.endsAtMs;
  const isNear = useNowSelect(
    (nowMs) => endsAtMs !== undefined && nowMs > 0 && endsAtMs - nowMs < WARN_BEFORE_MS,
  );
  return (
    <div role="status" aria-label="The session">
      {isNear && (
        <p className="border-t px-3 py-1 text-sm text-attention">
          <span aria-hidden>▲ </span>The session ends at {formatTimeMs(endsAtMs)} UTC, and with it the stop of
          this page. Open the address that `npm run desk -- status --url` prints in another tab: this page
          goes on with the new session.
        </p>
      )}
    </div>
  );
}
