"use client";

import type { PnlView } from "../../server/contract/lines.ts";
import { Chart } from "../charts/chart.tsx";
import type { PnlPoint } from "../charts/pnlChart.ts";
import { PNL_PARTS } from "../charts/pnlParts.ts";
import { formatMoney, formatNumber } from "../format/number.ts";
import { formatInstantUs } from "../format/time.ts";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { gainTone } from "../ui/figure.tsx";
import { Panel } from "../ui/panel.tsx";
import { usePoints } from "./usePoints.ts";

/** The engine writes an equity line every ten seconds: the chart has the same step. */
const STEP_S = 10;

const loadChart = () => import("../charts/pnlChart.ts").then((module) => module.createPnlChart);

export interface PnlPast {
  readonly points: readonly PnlPoint[] | undefined;
  /** Asked for in vain so far. */
  readonly isUnread: boolean;
}

/** What the store has of a day that began then, less what the desk had gained before. */
export type PnlHistory = (sinceUs: number | undefined) => PnlPast;

export function PnlPanel({
  useHistory,
  className,
}: {
  readonly useHistory: PnlHistory;
  readonly className?: string;
}) {
  const desk = useLive("desk");
  const state = useLiveState(desk);
  const day = desk?.value.day;
  const latest =
    day === undefined || desk === undefined ? undefined : { atS: desk.value.atUs / 1e6, pnl: day };
  const past = useHistory(day?.sinceUs);
  const points = usePoints(past.points, latest, STEP_S);
  const asset = desk?.value.reportingAsset ?? "";
  return (
    <Panel
      title="Day P&L by part"
      state={
        state.status === "live" && day === undefined
          ? { status: "empty", text: "P&L appears with the first fair value of the day." }
          : state
      }
      {...(className === undefined ? {} : { className })}
      actions={
        <span className={gainTone(day?.total)} title={`since ${formatInstantUs(day?.sinceUs)} UTC`}>
          {formatMoney(day?.total, asset, { signed: true })}
        </span>
      }
    >
      {past.isUnread && <UnreadNote />}
      <Chart
        label="Day P&L by part over time, stacked, with the total as a line"
        load={loadChart}
        data={points}
        className="min-h-56"
      />
      {day !== undefined && <Legend pnl={day} />}
    </Panel>
  );
}

function UnreadNote() {
  return (
    <p role="status" className="pb-2 text-sm text-attention">
      <span aria-hidden>◐ </span>
      Earlier today cannot be read from the database. It is asked again; what comes live is shown.
    </p>
  );
}

function Legend({ pnl }: { readonly pnl: PnlView }) {
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-1 pt-2 text-sm">
      {PNL_PARTS.map(({ part, label, colour }) => (
        <div key={part} className="flex items-baseline gap-1.5 whitespace-nowrap">
          <span aria-hidden className="size-2 self-center" style={{ background: `var(--color-${colour})` }} />
          <dt className="text-secondary">{label}</dt>
          <dd>{formatNumber(pnl[part], { digits: 2, signed: true })}</dd>
        </div>
      ))}
    </dl>
  );
}
