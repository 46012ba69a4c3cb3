"use client";

import { useEffect, useRef } from "react";
import { cx } from "./cx.ts";

/** A figure that tints once when it changes. The tint is a CSS animation: React does not render for it. */
export function Figure({
  text,
  className,
  title,
}: {
  readonly text: string;
  readonly className?: string | undefined;
  readonly title?: string | undefined;
}) {
  const element = useRef<HTMLSpanElement>(null);
  const shown = useRef(text);
  useEffect(() => {
    if (shown.current === text) return;
    shown.current = text;
    const { current } = element;
    if (current === null) return;
    current.classList.remove("changed");
    // The animation starts again in the next frame; a forced reflow here would cost one per cell.
    requestAnimationFrame(() => current.classList.add("changed"));
  }, [text]);
  return (
    <span ref={element} title={title} className={cx("rounded tabular-nums", className)}>
      {text}
    </span>
  );
}

/** Colour of a gain or loss; the sign in the text says the same. */
export function gainTone(value: number | undefined): string {
  if (value === undefined || value === 0) return "text-ink";
  return value > 0 ? "text-bid" : "text-ask";
}
