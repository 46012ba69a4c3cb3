"use client";

import type { DeskView } from "../../server/contract/views.ts";
import { formatTimeUs } from "../format/time.ts";
import { Tag } from "../ui/tag.tsx";
import { agreementText, breakRows, leftOutText, type BreakRow } from "./words.ts";

/** Every difference with its evidence; without any, what that means. */
export function BreakList({ desk }: { readonly desk: DeskView }) {
  const rows = breakRows(desk);
  const leftOut = leftOutText(desk);
  if (rows.length === 0) return <p className="px-3 py-2 text-sm text-secondary">{agreementText(desk)}</p>;
  return (
    <div tabIndex={0} role="group" aria-label="Breaks" className="relative max-h-64 min-h-0 overflow-auto">
      <ol aria-label="Breaks">
        {rows.map((row) => (
          <BreakItem key={row.key} row={row} />
        ))}
      </ol>
      {leftOut !== undefined && <p className="px-3 py-1.5 text-sm text-secondary">{leftOut}</p>}
    </div>
  );
}

function BreakItem({ row }: { readonly row: BreakRow }) {
  const { tone, severity, venue, what, evidence, sinceUs, age, seen } = row;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 border-b border-line/60 bg-line/25 px-3 py-1 text-sm tabular-nums">
      <span className="w-28 shrink-0">
        <Tag tone={tone}>{severity}</Tag>
      </span>
      <span className="shrink-0">
        {venue} {what}
      </span>
      <span className="min-w-0 grow break-words text-secondary">{evidence}</span>
      <span className="shrink-0" title={`${seen}, in a row`}>
        since {formatTimeUs(sinceUs)} ({age})
      </span>
    </li>
  );
}
