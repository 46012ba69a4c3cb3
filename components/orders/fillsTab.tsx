"use client";

import { useMemo } from "react";
import type { FillLine } from "../../server/contract/lines.ts";
import { formatCursor } from "../../server/contract/lines.ts";
import { venueName } from "../format/names.ts";
import { formatBps, formatMoney, formatPrice, formatShortSize, formatSize } from "../format/number.ts";
import { formatTimeUs } from "../format/time.ts";
import { errorText, queryState } from "../session/queryState.ts";
import { findInstrument, useShape, type InstrumentShape } from "../session/shape.tsx";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { DataTable, type Column } from "../ui/dataTable.tsx";
import { gainTone } from "../ui/figure.tsx";
import { Panel } from "../ui/panel.tsx";
import { InstantCell, SideCell, useToday } from "./cells.tsx";
import { FILL_CSV } from "./csv.ts";
import { ExportButton } from "./exportButton.tsx";
import type { Filters } from "./filters.ts";
import { readAll } from "./history.ts";
import { ItemList } from "./itemList.tsx";
import { mergeNewest } from "./mergedLines.ts";
import { OlderButton } from "./olderButton.tsx";
import { PastNote } from "./pastNote.tsx";
import { TotalsBar } from "./totalsBar.tsx";
import { totalsOf } from "./totals.ts";
import { useFills } from "./useFills.ts";
import { useHeld, useHolding } from "./useHeld.ts";
import { useIsNarrow } from "./useIsNarrow.ts";
import { WaitingMark } from "./waitingMark.tsx";

/** Every fill, live on top of what is recorded. Without the database the live part goes on. */
export function FillsTab({ filters }: { readonly filters: Filters }) {
  const shape = useShape();
  const isNarrow = useIsNarrow();
  const today = useToday();
  const { query, missing, rows, live, read, trouble, gapBeforeUs } = useFills(filters);
  const { isHolding, release, handlers } = useHolding();
  const { shown, waiting } = useHeld(rows, isHolding);
  const totals = useMemo(() => totalsOf(shown), [shown]);
  const columns = useMemo(
    () => columnsOf((row) => findInstrument(shape, row.account, row.symbol), today),
    [shape, today],
  );
  const streamState = useLiveState(useLive("desk"));
  const recordedState = queryState(query);

  const state =
    rows.length > 0
      ? streamState
      : recordedState.status === "live"
        ? ({ status: "empty", text: "No fill matches. The next one appears here as it happens." } as const)
        : recordedState;
  const more = (): void => {
    if (query.hasNextPage && !query.isFetchingNextPage && !query.isFetchNextPageError)
      void query.fetchNextPage();
  };
  return (
    <Panel
      title="Fills"
      flush
      state={state}
      className="min-h-0 grow"
      actions={
        <>
          <WaitingMark waiting={waiting} onShow={release} />
          <ExportButton
            name="fills"
            columns={FILL_CSV}
            gather={async (onProgress) => {
              const { rows: recorded, isCut } = await readAll(read, onProgress);
              return { rows: mergeNewest(recorded, live), isCut };
            }}
          />
        </>
      }
    >
      {missing !== null ? (
        <PastNote>Only what the stream said is shown, and goes on: {errorText(missing)}</PastNote>
      ) : (
        trouble !== undefined && <PastNote>The record does not go on: {trouble}. What is live does.</PastNote>
      )}
      {gapBeforeUs !== undefined && (
        <PastNote>
          Fills just before {formatTimeUs(gapBeforeUs)} UTC are missing here until the recorder has written
          them.
        </PastNote>
      )}
      <TotalsBar totals={totals} />
      <div {...handlers} className="flex min-h-0 grow flex-col">
        {isNarrow ? (
          <ItemList
            label="Fills, newest first"
            rows={shown}
            rowKey={keyOf}
            onEnd={more}
            item={(row) => (
              <FillItem row={row} today={today} instrument={findInstrument(shape, row.account, row.symbol)} />
            )}
          />
        ) : (
          <DataTable label="Fills, newest first" columns={columns} rows={shown} rowKey={keyOf} onEnd={more} />
        )}
      </div>
      <OlderButton query={query} count={shown.length} />
    </Panel>
  );
}

function keyOf({ cursor }: FillLine): string {
  return formatCursor(cursor);
}

function EdgeCell({ edgeBps }: Pick<FillLine, "edgeBps">) {
  if (edgeBps === undefined) return <span className="text-secondary">no edge</span>;
  return <span className={gainTone(edgeBps)}>{formatBps(edgeBps, true)}</span>;
}

function columnsOf(
  find: (row: FillLine) => InstrumentShape | undefined,
  today: number | undefined,
): readonly Column<FillLine>[] {
  return [
    { id: "time", header: "Time (UTC)", cell: (row) => <InstantCell atUs={row.atUs} today={today} /> },
    { id: "venue", header: "Venue", cell: (row) => venueName(row.account) },
    { id: "symbol", header: "Symbol", cell: (row) => row.symbol },
    { id: "side", header: "Side", cell: (row) => <SideCell side={row.side} /> },
    { id: "price", header: "Price", align: "right", cell: (row) => formatPrice(row.price, find(row)?.tick) },
    {
      id: "size",
      header: "Size",
      align: "right",
      cell: (row) => `${formatSize(row.sizeBase, find(row)?.lot)} ${row.base}`,
    },
    {
      id: "notional",
      header: "Notional",
      align: "right",
      cell: (row) => formatMoney(row.notionalQuote, row.quote),
    },
    {
      id: "fee",
      header: "Fee",
      align: "right",
      cell: (row) => formatMoney(row.fee, row.feeAsset, { digits: FEE_DIGITS }),
    },
    { id: "edge", header: "Edge", align: "right", cell: (row) => <EdgeCell edgeBps={row.edgeBps} /> },
    { id: "liquidity", header: "", cell: (row) => <span className="text-secondary">{row.liquidity}</span> },
    {
      id: "trade",
      header: "Trade",
      cell: (row) => (
        <code className="text-secondary" title={`order ${row.clientId}, at the venue ${row.venueOrderId}`}>
          {row.tradeId}
        </code>
      ),
    },
  ];
}

/** Fees of small fills are fractions of a cent. */
const FEE_DIGITS = 4;

function FillItem({
  row,
  today,
  instrument,
}: {
  readonly row: FillLine;
  readonly today: number | undefined;
  readonly instrument: InstrumentShape | undefined;
}) {
  return (
    <>
      <div className="flex items-baseline gap-2 whitespace-nowrap">
        <SideCell side={row.side} />
        <span>
          {formatShortSize(row.sizeBase, instrument?.lot)} {row.base}
        </span>
        <span className="ml-auto font-semibold">
          {formatPrice(row.price, instrument?.tick)} {row.quote}
        </span>
      </div>
      <div className="flex items-baseline gap-2 whitespace-nowrap text-secondary">
        <InstantCell atUs={row.atUs} today={today} />
        <span className="truncate">
          {venueName(row.account)} {row.symbol}
        </span>
        <span className="ml-auto">
          <EdgeCell edgeBps={row.edgeBps} />
        </span>
      </div>
    </>
  );
}
