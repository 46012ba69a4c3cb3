import type { ReactNode } from "react";
import { cx } from "./cx.ts";

/** Greys what may no longer be true; still readable, so that the last known figures are there in an incident. */
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
      className={cx("flex min-h-0 min-w-0 grow flex-col", stale && "opacity-70 grayscale", className)}
    >
      {children}
    </div>
  );
}
