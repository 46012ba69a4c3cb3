"use client";

import { useState, type FocusEvent, type KeyboardEvent } from "react";

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * One stop of the Tab key for a whole table: arrows go on from there to the next cell that has a button. `tabIndexOf`
 * goes to each of them.
 */
export function useCellFocus() {
  const [focused, setFocused] = useState<{ readonly row: number; readonly column: number }>();
  return {
    tabIndexOf: (row: number, column: number, isFirst: boolean): number =>
      (focused === undefined ? isFirst : focused.row === row && focused.column === column) ? 0 : -1,
    onFocus: (event: FocusEvent<HTMLTableElement>) => {
      const place = placeOf(event.target);
      if (place !== undefined) setFocused(place);
    },
    onKeyDown: (event: KeyboardEvent<HTMLTableElement>) => {
      const step = STEPS[event.key];
      const from = placeOf(event.target);
      if (step === undefined || from === undefined) return;
      event.preventDefault();
      buttonFrom(event.currentTarget, from, step)?.focus();
    },
  };
}

function placeOf(target: EventTarget): { row: number; column: number } | undefined {
  const cell = target instanceof Element ? target.closest("td") : null;
  const row = cell?.closest("tr");
  return cell === null || row === null || row === undefined
    ? undefined
    : { row: row.rowIndex, column: cell.cellIndex };
}

/** Goes over cells without a button, such as those of a venue that lacks an estimator. */
function buttonFrom(
  table: HTMLTableElement,
  from: { readonly row: number; readonly column: number },
  [rows, columns]: readonly [number, number],
): HTMLButtonElement | undefined {
  let { row, column } = from;
  for (;;) {
    row += rows;
    column += columns;
    const cell = table.rows[row]?.cells[column];
    if (cell === undefined) return undefined;
    const button = cell.querySelector("button");
    if (button !== null) return button;
  }
}
