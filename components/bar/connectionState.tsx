"use client";

import { formatAgeMs, formatTimeMs } from "../format/time.ts";
import { useConnection, useLive } from "../stream/live.tsx";
import { STALE_AFTER_MS } from "../stream/protocol.ts";
import { cx } from "../ui/cx.ts";
import { useNowMs } from "../ui/useNow.ts";

/**
 * Whether what is shown is live, and otherwise for how long nothing has come. `brief`: a narrow bar has no room for
 * the age, which is in its sheet.
 */
export function ConnectionState({ brief = false }: { readonly brief?: boolean }) {
  const connection = useConnection();
  const system = useLive("system");
  const desk = useLive("desk");
  const now = useNowMs();
  const heardAtMs = Math.max(system?.atMs ?? 0, desk?.atMs ?? 0);
  if (connection.status === "denied")
    return (
      // Not a page of the desk's own: it says how to sign in.
      <a href="/start" className="shrink-0 text-sm whitespace-nowrap text-danger underline">
        ▲ no session
      </a>
    );
  const ageMs = Math.max(0, now - heardAtMs);
  const isLive = heardAtMs > 0 && ageMs <= STALE_AFTER_MS;
  // A page that has just opened waits for its first word.
  const isFirst = heardAtMs === 0 && connection.status !== "lost";
  const title =
    heardAtMs === 0
      ? `connection ${connection.status}`
      : `last word from the engine ${formatTimeMs(heardAtMs)} · connection ${connection.status} since ${formatTimeMs(connection.sinceMs)}`;
  return (
    <span
      title={title}
      className={cx(
        "shrink-0 text-sm whitespace-nowrap",
        isLive || isFirst ? "text-secondary" : "text-danger",
      )}
    >
      {/* Always there, and without the age: told once when it changes, not with every second. */}
      <span role="status" aria-label="Connection">
        {isFirst ? (
          "connecting …"
        ) : isLive ? (
          <>
            <span aria-hidden className="text-ok">
              ●
            </span>{" "}
            live
          </>
        ) : (
          // Of what came, however late: a stream that is behind is no silent engine.
          `▲ ${silence(connection.status, Math.max(system?.lagMs ?? 0, desk?.lagMs ?? 0))}`
        )}
      </span>
      {heardAtMs > 0 && !isLive && (
        <span className={cx(brief && "max-md:hidden")}> {formatAgeMs(ageMs)}</span>
      )}
    </span>
  );
}

function silence(status: string, lagMs: number): string {
  if (status !== "open") return "disconnected";
  return lagMs > STALE_AFTER_MS ? "stream behind" : "engine silent";
}
