"use client";

import type { ReactNode } from "react";
import { formatAgeMs } from "../format/time.ts";
import { STALE_AFTER_MS } from "../stream/protocol.ts";
import { cx } from "../ui/cx.ts";
import { useNowSelect } from "../ui/useNow.ts";

/** What stands in the bar of a value that is too old to be shown as true: "as of 12 s ago"; undefined while it is fresh. */
export function useAsOf(atMs: number | undefined): string | undefined {
  const text = useNowSelect((nowMs) => (atMs === undefined ? "" : (asOfText(nowMs - atMs) ?? "")));
  return text === "" ? undefined : text;
}

export function asOfText(ageMs: number): string | undefined {
  // In whole seconds: a faster count cannot be read.
  return ageMs <= STALE_AFTER_MS ? undefined : `as of ${formatAgeMs(Math.round(ageMs / 1_000) * 1_000)} ago`;
}

/** A title that also says how old its value is. */
export function titleAsOf(title: string, asOf: string | undefined): string {
  return asOf === undefined ? title : `${title} · ${asOf}`;
}

/** Greys what is too old, and says how old to who cannot see that. */
export function Dated({
  asOf,
  className,
  children,
}: {
  readonly asOf: string | undefined;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <span
      data-stale={asOf === undefined ? undefined : true}
      title={asOf}
      className={cx("relative", className, asOf !== undefined && "stale")}
    >
      {children}
      {asOf !== undefined && <span className="sr-only">, {asOf}</span>}
    </span>
  );
}
