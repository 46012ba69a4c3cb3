"use client";

import type { ReactNode } from "react";
import type { EstimateView, VenueEstimatesView } from "../../server/contract/estimates.ts";
import type { InstrumentView, MarketView } from "../../server/contract/views.ts";
import { formatNumber, formatPercent } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import { isStaleAge } from "../ui/age.tsx";
import { cx } from "../ui/cx.ts";
import { EstimateCell } from "./estimatesCell.tsx";
import { instrumentName } from "./picked.ts";
import { RangeMark } from "./rangeMark.tsx";
import { useCellFocus } from "./useCellFocus.ts";

/** Estimators down, venues across; in its panel it scrolls under the names of its rows. */
export function EstimatesTable({
  venues,
  market,
  priceDigits,
}: {
  readonly venues: readonly VenueEstimatesView[];
  readonly market: MarketView;
  readonly priceDigits: number;
}) {
  const { tabIndexOf, onFocus, onKeyDown } = useCellFocus();
  const rows = estimateRows(venues);
  return (
    <div className="relative -mx-3 overflow-x-auto px-3">
      <table
        role="grid"
        aria-label="Estimators by venue"
        className="w-full"
        onFocus={onFocus}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr className="text-xs text-secondary">
            <th scope="col" className="sticky left-0 bg-panel text-left font-medium">
              estimator
            </th>
            {venues.map((venue) => (
              <th key={keyOf(venue)} scope="col" className="pl-3 text-right font-medium">
                {instrumentName(venue, venues)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, help, unit, cells }, row) => (
            <Row key={name} name={name} title={help} unit={unit}>
              {cells.map((estimate, column) => (
                <td key={venueKeyAt(venues, column)} className="pl-3 text-right">
                  {estimate !== undefined && (
                    <EstimateCell
                      estimate={estimate}
                      priceDigits={priceDigits}
                      // Row and column in the table, its header included.
                      tabIndex={tabIndexOf(row + 1, column + 1, row === 0 && column === 0)}
                    />
                  )}
                </td>
              ))}
            </Row>
          ))}
          <Row name="fill law" title="how fills thin out with distance" unit="">
            {venues.map((venue) => (
              <td key={keyOf(venue)} className="pl-3 text-right">
                {venue.law}
              </td>
            ))}
          </Row>
          {PLAIN_ROWS.map(({ name, help, unit, isOfFeed, cell }) => (
            <Row key={name} name={name} title={help} unit={unit}>
              {venues.map((venue) => {
                const found = market.instruments.find((one) => keyOf(one) === keyOf(venue));
                return (
                  <td
                    key={keyOf(venue)}
                    className={cx(
                      "pl-3 text-right whitespace-nowrap",
                      isOfFeed && isStaleAge(found?.channelAgeMs) && "stale",
                    )}
                  >
                    {found === undefined ? null : cell(found)}
                  </td>
                );
              })}
            </Row>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A venue whose lasting difference is larger is not used (BASIS_CAPPED). */
const BASIS_MAX_BPS = 20;

/** What the engine says of every venue without an error of its own; ten times a second. */
const PLAIN_ROWS: readonly {
  readonly name: string;
  readonly help: string;
  readonly unit: string;
  /** Greys when the venue is silent. */
  readonly isOfFeed: boolean;
  readonly cell: (one: InstrumentView) => ReactNode;
}[] = [
  {
    name: "basis",
    help: "lasting difference from fair value",
    unit: "bps",
    isOfFeed: true,
    cell: ({ basisBps }) => (
      <span className="inline-flex items-center justify-end gap-2">
        {basisBps !== undefined && (
          <span className="max-sm:hidden">
            <RangeMark value={basisBps} low={-BASIS_MAX_BPS} high={BASIS_MAX_BPS} className="text-fair" />
          </span>
        )}
        {formatNumber(basisBps, { digits: 2, signed: true })}
      </span>
    ),
  },
  {
    name: "weight",
    help: "share of fair value",
    unit: "",
    isOfFeed: true,
    cell: ({ weight }) => (
      <span className={weight === 0 ? "text-secondary" : undefined}>{formatPercent(weight, 0)}</span>
    ),
  },
  {
    name: "book",
    help: "since the book changed",
    unit: "",
    isOfFeed: false,
    cell: ({ bookAgeMs }) => formatAgeMs(bookAgeMs),
  },
  {
    name: "up",
    help: "share of the time with both sides quoted",
    unit: "",
    isOfFeed: false,
    cell: ({ uptimeShare }) => formatPercent(uptimeShare, 0),
  },
];

function Row({
  name,
  title,
  unit,
  children,
}: {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly children: ReactNode;
}) {
  return (
    <tr className="h-6">
      <th
        scope="row"
        title={title}
        className="sticky left-0 bg-panel pr-2 text-left font-normal text-secondary max-sm:min-w-30 max-sm:py-0.5 sm:whitespace-nowrap"
      >
        {name}
        {unit !== "" && <span className="text-xs">, {unit}</span>}
      </th>
      {children}
    </tr>
  );
}

interface EstimateRow {
  readonly name: string;
  readonly help: string;
  readonly unit: string;
  /** By venue; a reference that is not quoted may lack one. */
  readonly cells: readonly (EstimateView | undefined)[];
}

/** In the order in which they first appear. */
function estimateRows(venues: readonly VenueEstimatesView[]): readonly EstimateRow[] {
  const first = new Map<string, EstimateView>();
  for (const { estimates } of venues)
    for (const estimate of estimates) if (!first.has(estimate.name)) first.set(estimate.name, estimate);
  return [...first.values()].map(({ name, help, unit }) => ({
    name,
    help,
    unit,
    cells: venues.map(({ estimates }) => estimates.find((one) => one.name === name)),
  }));
}

interface Keyed {
  readonly account: string;
  readonly symbol: string;
}

function keyOf({ account, symbol }: Keyed): string {
  return `${account} ${symbol}`;
}

function venueKeyAt(venues: readonly Keyed[], at: number): string {
  const venue = venues[at];
  return venue === undefined ? "" : keyOf(venue);
}
