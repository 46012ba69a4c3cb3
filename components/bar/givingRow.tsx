"use client";

import { useEffect, useRef, type ReactNode } from "react";
import { cx } from "../ui/cx.ts";

/**
 * The rest of the bar's one line, for what may give way: the first that has no room goes below the edge, whole, and
 * all after it too. On a phone it is a line of its own, which gives nothing away.
 */
export function GivingRow({ children }: { readonly children: ReactNode }) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = row.current;
    if (element === null) return;
    // What nobody can see must not take the focus either.
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, intersectionRatio } of entries)
          target.toggleAttribute("inert", intersectionRatio < SHOWN_RATIO);
      },
      { root: element, threshold: SHOWN_RATIO },
    );
    for (const item of element.children) observer.observe(item);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={row}
      className={cx(
        "flex grow flex-wrap items-center gap-x-3.5 max-sm:basis-full max-sm:justify-between",
        "sm:h-9 sm:min-w-0 sm:basis-0 sm:content-start sm:gap-y-1 sm:overflow-hidden",
        // Stands first, so that the first item may go down as well.
        "sm:before:-mr-3.5 sm:before:h-9 sm:before:w-0",
      )}
    >
      {children}
    </div>
  );
}

/** Half of it: an item is either wholly in the line or wholly below. */
const SHOWN_RATIO = 0.5;

export function GivingItem({
  className,
  children,
}: {
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return <div className={cx("flex items-center empty:hidden sm:h-9", className)}>{children}</div>;
}
