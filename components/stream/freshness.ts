"use client";

import { formatAgeMs } from "../format/time.ts";
import type { PanelState } from "../ui/panelState.ts";
import { useNowSelect } from "../ui/useNow.ts";
import { useConnection, useLive } from "./live.tsx";
import { STALE_AFTER_MS, type Connection } from "./protocol.ts";
import type { LiveEntry } from "./store.ts";

/** Nothing at all for this long after the page has opened is no longer "loading". */
const FIRST_VALUE_MAX_MS = 10_000;

/**
 * State of a panel that shows a live topic. It turns stale by the browser's own clock, counted from the engine's
 * instant of the value: whatever is dead or slow between the engine and this page, the page notices.
 */
export function useLiveState(entry: LiveEntry<unknown> | undefined): PanelState {
  const connection = useConnection();
  const hasEnded = useLive("system")?.value.marketEnded === true;
  const isLate = useNowSelect((nowMs) =>
    entry === undefined
      ? connection.sinceMs > 0 && nowMs - connection.sinceMs > FIRST_VALUE_MAX_MS
      : nowMs - entry.atMs > STALE_AFTER_MS,
  );
  return liveState(entry, connection, isLate, hasEnded);
}

export function liveState(
  entry: LiveEntry<unknown> | undefined,
  connection: Connection,
  isLate: boolean,
  hasEnded: boolean,
): PanelState {
  if (connection.status === "denied")
    return {
      status: "denied",
      who: "This page has no session: open the link that `npm run desk -- status --url` prints.",
    };
  if (entry === undefined) {
    if (!isLate) return { status: "loading" };
    return {
      status: "error",
      what:
        connection.status === "open"
          ? "The engine has not said anything."
          : "The web server does not answer.",
      sinceMs: connection.sinceMs,
      todo: "`npm run desk -- status` says what runs; this fills by itself when it is back.",
    };
  }
  if (isLate) return { status: "stale", sinceMs: entry.atMs, why: whyStale(entry, connection) };
  if (hasEnded) return { status: "ended", text: "the recording has ended" };
  return { status: "live", atMs: entry.atMs };
}

function whyStale({ lagMs }: LiveEntry<unknown>, connection: Connection): string {
  if (connection.status !== "open") return "no connection to the web server";
  return lagMs > STALE_AFTER_MS ? `the stream is ${formatAgeMs(lagMs)} behind` : "the engine is silent";
}
