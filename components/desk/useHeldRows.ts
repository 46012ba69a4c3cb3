"use client";

import { useRef, useState } from "react";

/**
 * Keeps a list as it is while the pointer is over it: a row must not move away from under a click. `keyOf` where rows
 * are made anew with every message.
 */
export function useHeldRows<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => unknown = (row) => row,
): {
  readonly rows: readonly Row[];
  /** What is shown is not what there is. */
  readonly isHeld: boolean;
  readonly handlers: { readonly onPointerEnter: () => void; readonly onPointerLeave: () => void };
} {
  const [held, setHeld] = useState<readonly Row[]>();
  const latest = useRef(rows);
  latest.current = rows;
  return {
    rows: held ?? rows,
    isHeld: held !== undefined && !isSame(held.map(keyOf), rows.map(keyOf)),
    handlers: {
      onPointerEnter: () => setHeld(latest.current),
      onPointerLeave: () => setHeld(undefined),
    },
  };
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}
