"use client";

import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, type ReactNode } from "react";
import { cx } from "./cx.ts";

export interface Column<Row> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** What clicking the header sorts by; without it the column does not sort. Missing values go last. */
  readonly sortBy?: ((row: Row) => number | string | undefined) | undefined;
  readonly align?: "left" | "right";
  /** In pixels; columns without one share the rest. */
  readonly width?: number | undefined;
}

export interface DataTableProps<Row> {
  /** Names the table for screen readers. */
  readonly label: string;
  /** Module constant or memo: a new list starts the table again. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly onRowClick?: ((row: Row) => void) | undefined;
  readonly selectedKey?: string | undefined;
  /** Called when the last rows come into view. */
  readonly onEnd?: (() => void) | undefined;
  readonly className?: string;
}

const ROW_HEIGHT_PX = 28;

/** The header is the first row of those that are counted aloud. */
const HEADER_ROWS = 1;

/** Rows rendered beyond the visible ones, so that quick scrolling shows no gaps. */
const OVERSCAN_ROWS = 10;

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** A table that scrolls in its parent, renders only what is visible and sorts by its headers. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, onRowClick, selectedKey, onEnd, className } = props;
  const definitions = useMemo(() => columns.map((column) => define(column)), [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: definitions, data, getRowId: rowKey });
  const sorted = table.getRowModel().rows;
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: OVERSCAN_ROWS,
    // Where nothing has been measured yet, as on the server, a screenful.
    initialRect: { width: 800, height: 600 },
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1);
      if (last !== undefined && last.index >= sorted.length - 1) onEnd?.();
    },
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);

  return (
    <div
      ref={scroller}
      className={cx("relative min-h-0 grow overflow-auto", className)}
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <table
        className="w-full border-separate border-spacing-0 text-sm"
        aria-label={label}
        aria-rowcount={rows.length + HEADER_ROWS}
      >
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={HEADER_ROWS}>
              {group.headers.map((header) => {
                const column = byId.get(header.column.id);
                const direction = header.column.getIsSorted();
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={
                      direction === false ? undefined : direction === "asc" ? "ascending" : "descending"
                    }
                    style={column?.width === undefined ? undefined : { width: column.width }}
                    className={cx(
                      "sticky top-0 z-10 h-7 border-b bg-panel px-2 font-medium whitespace-nowrap text-secondary",
                      column?.align === "right" ? "text-right" : "text-left",
                    )}
                  >
                    {column?.sortBy === undefined ? (
                      column?.header
                    ) : (
                      <button className="hover:text-ink" onClick={header.column.getToggleSortingHandler()}>
                        {column.header}
                        <span aria-hidden>
                          {direction === false ? "" : direction === "asc" ? " ↑" : " ↓"}
                        </span>
                      </button>
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {before > 0 && <Spacer height={before} />}
          {items.map((item) => {
            const row = sorted[item.index];
            if (row === undefined) return null;
            return (
              <tr
                key={row.id}
                aria-rowindex={item.index + 1 + HEADER_ROWS}
                aria-selected={selectedKey === undefined ? undefined : row.id === selectedKey}
                onClick={onRowClick === undefined ? undefined : () => onRowClick(row.original)}
                style={{ height: ROW_HEIGHT_PX }}
                className={cx(
                  "hover:bg-line/40 aria-selected:bg-line/60",
                  onRowClick !== undefined && "cursor-pointer",
                )}
              >
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={cx(
                      "border-b border-line/60 px-2 whitespace-nowrap",
                      column.align === "right" && "text-right",
                    )}
                  >
                    {column.cell(row.original)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <Spacer height={after} />}
        </tbody>
      </table>
    </div>
  );
}

function define<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  const { sortBy } = column;
  return {
    id: column.id,
    accessorFn: (row) => sortBy?.(row),
    enableSorting: sortBy !== undefined,
    sortFn: "auto",
    sortUndefined: "last",
  };
}

function Spacer({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  );
}
