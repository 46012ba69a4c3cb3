import type { ReactNode } from "react";
import { cx } from "./cx.ts";

/**
 * Greys what may no longer be true; still readable, so that the last known figures are there in an incident. The look
 * is the utility `stale`, which a cell of a table takes by itself.
 */
export function StaleBoundary({
  stale,
  className,
  children,
}: {
  readonly stale: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <div
      data-stale={stale || undefined}
      className={cx("flex min-h-0 min-w-0 grow flex-col", stale && "stale", className)}
    >
      {children}
    </div>
  );
}
