"use client";

import { useRef, useState } from "react";

/** Keeps a list as it is while the pointer is over it: a row must not move away from under a click. */
export function useHeldRows<Row>(rows: readonly Row[]): {
  readonly rows: readonly Row[];
  readonly isHeld: boolean;
  readonly handlers: { readonly onPointerEnter: () => void; readonly onPointerLeave: () => void };
} {
  const [held, setHeld] = useState<readonly Row[]>();
  const latest = useRef(rows);
  latest.current = rows;
  return {
    rows: held ?? rows,
    isHeld: held !== undefined && held.at(-1) !== rows.at(-1),
    handlers: {
      onPointerEnter: () => setHeld(latest.current),
      onPointerLeave: () => setHeld(undefined),
    },
  };
}
