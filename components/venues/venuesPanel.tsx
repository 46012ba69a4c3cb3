"use client";

import type { ReactNode } from "react";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { cx } from "../ui/cx.ts";
import { Panel } from "../ui/panel.tsx";
import { Tag, TONES } from "../ui/tag.tsx";
import { BreakList } from "./breakList.tsx";
import { venueRows, type VenueRow } from "./words.ts";

/** Whether our books and each venue's agree, how often that is checked, and every difference with its evidence. */
export function VenuesPanel({ className }: { readonly className?: string }) {
  const desk = useLive("desk");
  return (
    <Panel
      title="Venues and breaks"
      state={useLiveState(desk)}
      flush
      {...(className === undefined ? {} : { className })}
      actions={
        <span
          className="text-sm text-secondary max-sm:hidden"
          title="how often orders and balances are compared in quiet times; while something is open up to five times as often"
        >
          compared within 20 % of the read budget
        </span>
      }
    >
      {desk !== undefined && (
        <>
          <ul aria-label="Venue accounts">
            {venueRows(desk.value).map((row) => (
              <VenueItem key={row.account} row={row} />
            ))}
          </ul>
          <BreakList desk={desk.value} />
        </>
      )}
    </Panel>
  );
}

function VenueItem({ row }: { readonly row: VenueRow }) {
  const { name, tone, status, agreed, every, trades, requests } = row;
  return (
    <li className="grid grid-cols-[5rem_1fr] items-baseline gap-x-3 gap-y-0.5 border-b px-3 py-1 text-sm tabular-nums lg:h-7 lg:grid-cols-[5rem_14rem_1fr_1fr_1.6fr_1.2fr] lg:items-center lg:py-0">
      <span className="font-medium">{name}</span>
      <Tag tone={tone}>{status}</Tag>
      <Fact label="agreed" title="when balances last agreed, to a lot">
        {agreed}
      </Fact>
      <Fact label="compared" title="within 20 % of the venue's read budget">
        {every}
      </Fact>
      <Fact
        label="trades"
        title="how often the venue's list of our trades is read beside its stream, within 20 % of its read budget, and when last"
      >
        {trades}
      </Fact>
      <Fact label="requests" title={requests.title}>
        <span className={cx(requests.tone === "attention" && TONES.attention)}>{requests.text}</span>
      </Fact>
    </li>
  );
}

function Fact({
  label,
  title,
  children,
}: {
  readonly label: string;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <span title={title} className="truncate max-lg:col-start-2">
      <span className="text-secondary">{label}</span> {children}
    </span>
  );
}
