"use client";

import Link from "next/link";
import { formatMoney, formatShortSize } from "../format/number.ts";
import { formatInstantUs, formatLocalTimeUs, formatTimeUs } from "../format/time.ts";
import { useLive } from "../stream/live.tsx";
import { Figure, gainTone } from "../ui/figure.tsx";
import { Dated, titleAsOf, useAsOf } from "./asOf.tsx";
import { useUnseenAlerts } from "./unseenAlerts.ts";

/** Net exposure in the reporting currency; by asset in the tooltip. */
export function NetFigure() {
  const entry = useLive("desk");
  const asOf = useAsOf(entry?.atMs);
  if (entry === undefined) return null;
  const { netExposure, reportingAsset, markets } = entry.value;
  const byAsset = markets
    .map(({ base, inventoryBase }) => `${formatShortSize(inventoryBase, undefined, true)} ${base}`)
    .join(" · ");
  return (
    <Dated asOf={asOf} className={LABELLED}>
      <span className="text-sm text-secondary">net</span>
      <Figure
        text={formatMoney(netExposure, reportingAsset, { digits: 0, signed: true })}
        title={titleAsOf(`net exposure: ${byAsset}`, asOf)}
      />
    </Dated>
  );
}

export function DayFigure() {
  const entry = useLive("desk");
  const asOf = useAsOf(entry?.atMs);
  if (entry === undefined) return null;
  const { day, reportingAsset, atUs } = entry.value;
  const title =
    day === undefined ? "no fair value to mark at yet" : `P&L since ${formatInstantUs(day.sinceUs)} UTC`;
  return (
    <Dated asOf={asOf} className={LABELLED}>
      <span className="text-sm text-secondary">day</span>
      <Figure
        className={gainTone(day?.total)}
        text={formatMoney(day?.total, reportingAsset, { signed: true })}
        title={titleAsOf(title, asOf)}
      />
      <span className="text-xs text-secondary">{formatTimeUs(atUs)}</span>
    </Dated>
  );
}

const LABELLED = "flex items-baseline gap-1.5 whitespace-nowrap";

export function AlertCount() {
  const count = useUnseenAlerts();
  if (count === 0) return <span className="text-sm whitespace-nowrap text-secondary">no alerts</span>;
  return (
    <Link href="/#alerts" className="text-sm whitespace-nowrap text-attention">
      ▲ {count} {count === 1 ? "alert" : "alerts"}
    </Link>
  );
}

/** The engine's clock: in a replay it is not the wall's. */
export function Clock() {
  const desk = useLive("desk");
  const system = useLive("system")?.value;
  const isReplay = system !== undefined && system.profile === "replay";
  if (desk === undefined) return null;
  const { atUs } = desk.value;
  return (
    <span
      className="text-sm whitespace-nowrap text-secondary"
      title={`the engine's clock; ${formatLocalTimeUs(atUs)} here`}
    >
      UTC {isReplay ? formatInstantUs(atUs) : formatTimeUs(atUs)}
      {system !== undefined && system.clockSpeed !== 1 && ` ×${system.clockSpeed}`}
    </span>
  );
}
