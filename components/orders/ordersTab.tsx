"use client";

import { useMemo } from "react";
import { compareCursors, type OrderLine } from "../../server/contract/lines.ts";
import { venueName } from "../format/names.ts";
import { formatPrice, formatShortSize, formatSize } from "../format/number.ts";
import { queryState } from "../session/queryState.ts";
import { findInstrument, useShape, type InstrumentShape } from "../session/shape.tsx";
import { useLines } from "../stream/live.tsx";
import { LINES_KEPT_MAX } from "../stream/protocol.ts";
import { Button } from "../ui/button.tsx";
import { DataTable, type Column } from "../ui/dataTable.tsx";
import { Panel } from "../ui/panel.tsx";
import { InstantCell, RoleWord, SideCell, StatusCell, useToday } from "./cells.tsx";
import { ORDER_CSV } from "./csv.ts";
import { ExportButton } from "./exportButton.tsx";
import { matches, matchesStatus, type Filters } from "./filters.ts";
import { readAll, useHistory, useReadOrders } from "./history.ts";
import { ItemList } from "./itemList.tsx";
import { OlderButton } from "./olderButton.tsx";
import { PastNote } from "./pastNote.tsx";
import { useIsNarrow } from "./useIsNarrow.ts";
import { useRecorded } from "./useRecorded.ts";

/** Every order once, as it stood when it was asked for: a record to read, which does not move by itself. */
export function OrdersTab({ filters }: { readonly filters: Filters }) {
  const shape = useShape();
  const read = useReadOrders(filters);
  const { query, rows } = useHistory("list", filters, read);
  const isNarrow = useIsNarrow();
  const today = useToday();
  const columns = useMemo(
    () => columnsOf((row) => findInstrument(shape, row.account, row.symbol), today),
    [shape, today],
  );
  const { trouble } = useRecorded();
  const changed = useChangedSince(rows[0], filters);
  const more = (): void => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  return (
    <Panel
      title="Orders"
      flush
      className="min-h-0 grow"
      state={queryState(query, {
        isEmpty: () => rows.length === 0,
        emptyText:
          "No order matches. Orders appear here once they are recorded, a moment after they are sent.",
      })}
      actions={
        <>
          {query.data !== undefined && changed > 0 && (
            <Button busy={query.isRefetching} onClick={() => void query.refetch()}>
              {changed === 1 ? "1 change" : `${changed}${changed < LINES_KEPT_MAX ? "" : " or more"} changes`}{" "}
              since: read again
            </Button>
          )}
          <ExportButton
            name="orders"
            columns={ORDER_CSV}
            gather={(onProgress) => readAll(read, onProgress)}
          />
        </>
      }
    >
      {trouble !== undefined && (
        <PastNote>
          The record does not go on: {trouble}. Open orders and the newest fills are live in their tabs.
        </PastNote>
      )}
      {isNarrow ? (
        <ItemList
          label="Orders, last changed first"
          rows={rows}
          rowKey={keyOf}
          onEnd={more}
          item={(row) => (
            <OrderItem row={row} today={today} instrument={findInstrument(shape, row.account, row.symbol)} />
          )}
        />
      ) : (
        <DataTable
          label="Orders, last changed first"
          columns={columns}
          rows={rows}
          rowKey={keyOf}
          onEnd={more}
        />
      )}
      <OlderButton query={query} count={rows.length} />
    </Panel>
  );
}

/** Lines of the stream that the list does not have yet. */
function useChangedSince(newest: OrderLine | undefined, filters: Filters): number {
  const lines = useLines("orders");
  return (lines ?? []).filter(
    (line) =>
      (newest === undefined || compareCursors(line.cursor, newest.cursor) > 0) &&
      matches(filters, line, line.atUs) &&
      matchesStatus(filters.status, line.status),
  ).length;
}

function keyOf({ account, symbol, clientId }: OrderLine): string {
  return `${account} ${symbol} ${clientId}`;
}

function columnsOf(
  find: (row: OrderLine) => InstrumentShape | undefined,
  today: number | undefined,
): readonly Column<OrderLine>[] {
  return [
    { id: "changed", header: "Changed", cell: (row) => <InstantCell atUs={row.atUs} today={today} /> },
    {
      id: "placed",
      header: "Placed",
      cell: (row) => <InstantCell atUs={row.placedAtUs} today={today} />,
    },
    { id: "venue", header: "Venue", cell: (row) => venueName(row.account) },
    { id: "symbol", header: "Symbol", cell: (row) => row.symbol },
    { id: "side", header: "Side", cell: (row) => <SideCell side={row.side} /> },
    {
      id: "price",
      header: "Price",
      align: "right",
      cell: (row) => `${formatPrice(row.price, find(row)?.tick)} ${find(row)?.quote ?? ""}`,
    },
    {
      id: "size",
      header: "Size",
      align: "right",
      cell: (row) => `${formatSize(row.sizeBase, find(row)?.lot)} ${find(row)?.base ?? ""}`,
    },
    {
      id: "filled",
      header: "Filled",
      align: "right",
      cell: (row) => formatSize(row.filledBase, find(row)?.lot),
    },
    {
      id: "status",
      header: "Status",
      cell: (row) => (
        <>
          <StatusCell status={row.status} /> <RoleWord role={row.role} />
        </>
      ),
    },
    {
      id: "id",
      header: "Order",
      cell: (row) => (
        <code
          className="text-secondary"
          title={row.venueOrderId === undefined ? undefined : `at the venue ${row.venueOrderId}`}
        >
          {row.clientId}
        </code>
      ),
    },
  ];
}

function OrderItem({
  row,
  today,
  instrument,
}: {
  readonly row: OrderLine;
  readonly today: number | undefined;
  readonly instrument: InstrumentShape | undefined;
}) {
  return (
    <>
      <div className="flex items-baseline gap-2 whitespace-nowrap">
        <SideCell side={row.side} />
        <span>
          {formatShortSize(row.filledBase, instrument?.lot)} of{" "}
          {formatShortSize(row.sizeBase, instrument?.lot)} {instrument?.base ?? ""}
        </span>
        <span className="ml-auto font-semibold">
          {formatPrice(row.price, instrument?.tick)} {instrument?.quote ?? ""}
        </span>
      </div>
      <div className="flex items-baseline gap-2 whitespace-nowrap text-secondary">
        <InstantCell atUs={row.atUs} today={today} />
        <span className="truncate">
          {venueName(row.account)} {row.symbol}
        </span>
        <span className="ml-auto">
          <StatusCell status={row.status} />
        </span>
      </div>
    </>
  );
}
