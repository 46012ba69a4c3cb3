"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, type ReactNode } from "react";

const ITEM_HEIGHT = 52;
const OVERSCAN_ITEMS = 10;

export interface ItemListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Two lines. */
  readonly item: (row: Row) => ReactNode;
  readonly onEnd?: (() => void) | undefined;
}

/** The table of a phone: rows of two lines, of which only the visible ones are rendered. */
export function ItemList<Row>({ label, rows, rowKey, item, onEnd }: ItemListProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ITEM_HEIGHT,
    overscan: OVERSCAN_ITEMS,
    initialRect: { width: 390, height: 700 },
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1);
      if (last !== undefined && last.index >= rows.length - 1) onEnd?.();
    },
  });
  return (
    <div
      ref={scroller}
      className="relative min-h-0 grow overflow-auto"
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <ol className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <li
              key={rowKey(row)}
              aria-posinset={index + 1}
              aria-setsize={rows.length}
              className="absolute inset-x-0 flex flex-col justify-center border-b border-line/60 px-3 text-sm"
              style={{ height: ITEM_HEIGHT, top: start }}
            >
              {item(row)}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
