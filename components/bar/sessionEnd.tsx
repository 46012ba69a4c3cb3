"use client";

import { formatTimeMs } from "../format/time.ts";
import { useSession } from "../session/useSession.ts";
import { useNowSelect } from "../ui/useNow.ts";

/** Time to fetch a new address while this page can still stop the desk. */
const WARN_BEFORE_MS = 30 * 60_000;

/** Says that the session will end, before it does: without one there is no stop on this page. */
export function SessionEnd() {
  const endsAtMs = useSession()?.endsAtMs;
  const isNear = useNowSelect(
    (nowMs) => endsAtMs !== undefined && nowMs > 0 && endsAtMs - nowMs < WARN_BEFORE_MS,
  );
  if (!isNear) return null;
  return (
    <span
      role="status"
      title="Open the address that `npm run desk -- status --url` prints in another tab: this page goes on with the new session."
      className="text-sm whitespace-nowrap text-attention"
    >
      ▲ session ends {formatTimeMs(endsAtMs)}
    </span>
  );
}
