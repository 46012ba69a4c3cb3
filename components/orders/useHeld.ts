"use client";

import { useState, type PointerEvent, type UIEvent } from "react";
import { compareCursors, type Cursor } from "../../server/contract/lines.ts";
import { upTo } from "./mergedLines.ts";

export interface HoldHandlers {
  readonly onPointerEnter: (event: PointerEvent) => void;
  readonly onPointerLeave: () => void;
  readonly onScrollCapture: (event: UIEvent) => void;
}

/** Whoever points at a row or has scrolled away from the top keeps what is there: newer rows wait. */
export function useHolding(): {
  readonly isHolding: boolean;
  readonly release: () => void;
  readonly handlers: HoldHandlers;
} {
  const [isPointed, setPointed] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  return {
    isHolding: isPointed || isScrolled,
    release: () => {
      setPointed(false);
      setScrolled(false);
    },
    handlers: {
      // A finger that has left the glass points at nothing.
      onPointerEnter: (event) => setPointed(event.pointerType === "mouse"),
      onPointerLeave: () => setPointed(false),
      onScrollCapture: (event) => setScrolled(event.target instanceof Element && event.target.scrollTop > 0),
    },
  };
}

/** Rows, newest first, as they were when the holding began, and how many came since. */
export function useHeld<T extends { readonly cursor: Cursor }>(rows: readonly T[], isHolding: boolean) {
  const [cap, setCap] = useState<Cursor>();
  const newest = rows[0]?.cursor;
  // Set while rendering: an effect would show one frame in which the rows have moved.
  if (!isHolding && cap !== undefined) setCap(undefined);
  if (isHolding && cap === undefined && newest !== undefined) setCap(newest);
  const shown = isHolding ? upTo(rows, cap) : rows;
  const waiting =
    isHolding && cap !== undefined ? rows.findIndex(({ cursor }) => compareCursors(cursor, cap) <= 0) : 0;
  return { shown, waiting: Math.max(0, waiting) };
}
