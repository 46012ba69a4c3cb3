"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { venueName } from "../format/names.ts";
import { formatPrice, formatShortSize, formatSize } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import { useTRPC } from "../session/api.tsx";
import { findInstrument, useShape, type InstrumentShape } from "../session/shape.tsx";
import { queryState } from "../session/queryState.ts";
import { useLiveState } from "../stream/freshness.ts";
import { useLines, useLive } from "../stream/live.tsx";
import { cx } from "../ui/cx.ts";
import { DataTable, type Column } from "../ui/dataTable.tsx";
import { Panel } from "../ui/panel.tsx";
import { InstantCell, RoleWord, SideCell, StatusCell, useToday } from "./cells.tsx";
import { OPEN_CSV } from "./csv.ts";
import { ExportButton } from "./exportButton.tsx";
import type { Filters } from "./filters.ts";
import { ItemList } from "./itemList.tsx";
import { filterOpen, holdOpen, mergeOpen, orderKey, type HeldOrder, type OpenOrder } from "./openOrders.ts";
import { useHolding } from "./useHeld.ts";
import { useIsNarrow } from "./useIsNarrow.ts";
import { WaitingMark } from "./waitingMark.tsx";

/** The stream keeps the list true; asking again heals what it may have missed. */
const REFETCH_MS = 10_000;

/** What works at the venues, in flight and unknown included; needs no database. */
export function OpenTab({ filters }: { readonly filters: Filters }) {
  const trpc = useTRPC();
  const shape = useShape();
  const desk = useLive("desk");
  const lines = useLines("orders");
  const query = useQuery(
    trpc.orders.open.queryOptions(undefined, { refetchInterval: REFETCH_MS, staleTime: 0 }),
  );
  const live = useLiveState(desk);
  const isNarrow = useIsNarrow();
  const today = useToday();
  const orders = useMemo(
    () => filterOpen(mergeOpen(query.data ?? [], lines ?? []), filters),
    [query.data, lines, filters],
  );
  const { rows, waiting, release, handlers } = useHeldOrders(orders);

  const isKnown = query.data !== undefined || (lines?.length ?? 0) > 0;
  const state = !isKnown
    ? queryState(query)
    : rows.length === 0 && live.status === "live"
      ? ({
          status: "empty",
          text: "No order works now. Orders appear here the moment the engine sends them.",
        } as const)
      : live;
  const columns = useMemo(
    () => columnsOf((order) => findInstrument(shape, order.account, order.symbol), today),
    [shape, today],
  );
  return (
    <Panel
      title="Open orders"
      flush
      state={state}
      className="min-h-0 grow"
      actions={
        <>
          <WaitingMark waiting={waiting} onShow={release} />
          <span className="text-sm text-secondary">{orders.length} open</span>
          <ExportButton
            name="open-orders"
            columns={OPEN_CSV}
            gather={() => ({ rows: orders, isCut: false })}
          />
        </>
      }
    >
      <div {...handlers} className="flex min-h-0 grow flex-col">
        {isNarrow ? (
          <ItemList
            label="Open orders"
            rows={rows}
            rowKey={({ order }) => orderKey(order)}
            item={(row) => (
              <OpenItem row={row} instrument={findInstrument(shape, row.order.account, row.order.symbol)} />
            )}
          />
        ) : (
          <DataTable
            label="Open orders"
            columns={columns}
            rows={rows}
            rowKey={({ order }) => orderKey(order)}
          />
        )}
      </div>
    </Panel>
  );
}

function useHeldOrders(orders: readonly OpenOrder[]) {
  const { isHolding, release, handlers } = useHolding();
  const [held, setHeld] = useState<readonly OpenOrder[]>();
  if (!isHolding && held !== undefined) setHeld(undefined);
  if (isHolding && held === undefined) setHeld(orders);
  const rows = useMemo<readonly HeldOrder[]>(() => holdOpen(held ?? orders, orders), [held, orders]);
  const shown = new Set(rows.map(({ order }) => orderKey(order)));
  return { rows, waiting: orders.filter((order) => !shown.has(orderKey(order))).length, release, handlers };
}

/** Counts on between two frames of the stream without another render of the table. */
function Age({ placedAtUs }: { readonly placedAtUs: number }): ReactNode {
  const atUs = useLive("desk")?.value.atUs;
  return atUs === undefined ? null : formatAgeMs(Math.max(0, Math.floor((atUs - placedAtUs) / 1e6) * 1_000));
}

function columnsOf(
  find: (order: OpenOrder) => InstrumentShape | undefined,
  today: number | undefined,
): readonly Column<HeldOrder>[] {
  return [
    {
      id: "placed",
      header: "Placed",
      cell: ({ order }) => <InstantCell atUs={order.placedAtUs} today={today} />,
      sortBy: ({ order }) => order.placedAtUs,
    },
    { id: "age", header: "Age", align: "right", cell: ({ order }) => <Age placedAtUs={order.placedAtUs} /> },
    {
      id: "venue",
      header: "Venue",
      cell: ({ order }) => venueName(order.account),
      sortBy: ({ order }) => order.account,
    },
    {
      id: "symbol",
      header: "Symbol",
      cell: ({ order }) => order.symbol,
      sortBy: ({ order }) => order.symbol,
    },
    {
      id: "side",
      header: "Side",
      cell: ({ order }) => <SideCell side={order.side} />,
      sortBy: ({ order }) => order.side,
    },
    {
      id: "price",
      header: "Price",
      align: "right",
      cell: ({ order }) => `${formatPrice(order.price, find(order)?.tick)} ${find(order)?.quote ?? ""}`,
      sortBy: ({ order }) => order.price,
    },
    {
      id: "size",
      header: "Size",
      align: "right",
      cell: ({ order }) => `${formatSize(order.sizeBase, find(order)?.lot)} ${find(order)?.base ?? ""}`,
      sortBy: ({ order }) => order.sizeBase,
    },
    {
      id: "filled",
      header: "Filled",
      align: "right",
      cell: ({ order }) => formatSize(order.filledBase, find(order)?.lot),
      sortBy: ({ order }) => order.filledBase,
    },
    {
      id: "status",
      header: "Status",
      cell: ({ order, hasEnded }) => (
        <>
          <StatusCell status={order.status} hasEnded={hasEnded} /> <RoleWord role={order.role} />
        </>
      ),
      sortBy: ({ order }) => order.status,
    },
    {
      id: "id",
      header: "Order",
      cell: ({ order }) => <code className="text-secondary">{order.clientId}</code>,
    },
  ];
}

function OpenItem({
  row,
  instrument,
}: {
  readonly row: HeldOrder;
  readonly instrument: InstrumentShape | undefined;
}) {
  const { order, hasEnded } = row;
  return (
    <>
      <div
        className={cx(
          "flex items-baseline gap-2 whitespace-nowrap",
          hasEnded && "text-secondary line-through",
        )}
      >
        <SideCell side={order.side} />
        <span>
          {formatShortSize(order.sizeBase, instrument?.lot)} {instrument?.base ?? ""}
        </span>
        <span className="ml-auto font-semibold">
          {formatPrice(order.price, instrument?.tick)} {instrument?.quote ?? ""}
        </span>
      </div>
      <div className="flex items-baseline gap-2 whitespace-nowrap text-secondary">
        <span className="truncate">
          {venueName(order.account)} {order.symbol}
        </span>
        <Age placedAtUs={order.placedAtUs} />
        <span className="ml-auto">
          <StatusCell status={order.status} hasEnded={hasEnded} />
        </span>
      </div>
    </>
  );
}
