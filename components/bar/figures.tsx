"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { formatMoney, formatShortSize } from "../format/number.ts";
import { formatAgeMs, formatInstantUs, formatTimeMs, formatTimeUs } from "../format/time.ts";
import { useConnection, useLive } from "../stream/live.tsx";
import { STALE_AFTER_MS } from "../stream/protocol.ts";
import { cx } from "../ui/cx.ts";
import { Figure, gainTone } from "../ui/figure.tsx";
import { useNowMs, useNowSelect } from "../ui/useNow.ts";
import { ArmButton } from "./armButton.tsx";
import { RecordLight } from "./recordState.tsx";
import { SessionEnd } from "./sessionEnd.tsx";
import { DeskState } from "./state.tsx";
import { useUnseenAlerts } from "./unseenAlerts.ts";
import { VenueLights } from "./venues.tsx";

export function BarFigures() {
  return (
    <div className="flex min-w-0 grow items-center gap-3.5 overflow-hidden">
      <DeskState />
      <ArmButton />
      <VenueLights />
      <span className="max-lg:hidden">
        <NetFigure />
      </span>
      <DayFigure />
      <AlertCount />
      <span className="ml-auto" />
      <span className="max-xl:hidden">
        <RecordLight />
      </span>
      <SessionEnd />
      <ConnectionAge />
      <span className="max-xl:hidden">
        <Clock />
      </span>
    </div>
  );
}

/** Net exposure in the reporting currency; by asset in the tooltip. */
export function NetFigure() {
  const entry = useLive("desk");
  if (entry === undefined) return null;
  const { netExposure, reportingAsset, markets } = entry.value;
  const byAsset = markets
    .map(({ base, inventoryBase }) => `${formatShortSize(inventoryBase, undefined, true)} ${base}`)
    .join(" · ");
  return (
    <Labelled label="net" atMs={entry.atMs}>
      <Figure
        text={formatMoney(netExposure, reportingAsset, { digits: 0, signed: true })}
        title={`net exposure: ${byAsset}`}
      />
    </Labelled>
  );
}

export function DayFigure() {
  const entry = useLive("desk");
  if (entry === undefined) return null;
  const { day, reportingAsset, atUs } = entry.value;
  return (
    <Labelled label="day" atMs={entry.atMs}>
      <Figure
        className={gainTone(day?.total)}
        text={formatMoney(day?.total, reportingAsset, { signed: true })}
        title={
          day === undefined ? "no fair value to mark at yet" : `P&L since ${formatInstantUs(day.sinceUs)} UTC`
        }
      />
      <span className="text-xs text-secondary">{formatTimeUs(atUs)}</span>
    </Labelled>
  );
}

export function AlertCount() {
  const count = useUnseenAlerts();
  if (count === 0) return <span className="text-sm text-secondary">no alerts</span>;
  return (
    <Link href="/#alerts" className="text-sm whitespace-nowrap text-attention">
      ▲ {count} {count === 1 ? "alert" : "alerts"}
    </Link>
  );
}

/** How old the newest word from the engine is; loud once it is too old. */
export function ConnectionAge() {
  const connection = useConnection();
  const system = useLive("system");
  const desk = useLive("desk");
  const now = useNowMs();
  const heardAtMs = Math.max(system?.atMs ?? 0, desk?.atMs ?? 0);
  if (now === 0) return null;
  if (connection.status === "denied")
    return (
      // Not a page of the desk's own: it says how to sign in.
      <a href="/start" className="text-sm whitespace-nowrap text-danger underline">
        ▲ no session
      </a>
    );
  if (heardAtMs === 0) return <span className="text-sm text-secondary">{connection.status} …</span>;
  const ageMs = Math.max(0, now - heardAtMs);
  // Of what came, however late: a stream that is behind is no silent engine.
  const isBehind = Math.max(system?.lagMs ?? 0, desk?.lagMs ?? 0) > STALE_AFTER_MS;
  const silence =
    connection.status !== "open" ? "disconnected" : isBehind ? "stream behind" : "engine silent";
  const title = `last word from the engine ${formatTimeMs(heardAtMs)} · connection ${connection.status} since ${formatTimeMs(connection.sinceMs)}`;
  if (ageMs <= STALE_AFTER_MS)
    return (
      <span title={title} className="text-sm whitespace-nowrap text-secondary">
        <span aria-hidden className="text-ok">
          ●
        </span>{" "}
        live
      </span>
    );
  return (
    <span role="status" title={title} className="text-sm whitespace-nowrap text-danger">
      ▲ {silence} {formatAgeMs(ageMs)}
    </span>
  );
}

/** The engine's clock: in a replay it is not the wall's. */
export function Clock() {
  const desk = useLive("desk");
  const system = useLive("system")?.value;
  const isReplay = system !== undefined && system.profile === "replay";
  if (desk === undefined) return null;
  return (
    <span className="text-sm whitespace-nowrap text-secondary" title="the engine's clock">
      UTC {isReplay ? formatInstantUs(desk.value.atUs) : formatTimeUs(desk.value.atUs)}
      {system !== undefined && system.clockSpeed !== 1 && ` ×${system.clockSpeed}`}
    </span>
  );
}

function Labelled({
  label,
  atMs,
  children,
}: {
  readonly label: string;
  readonly atMs: number;
  readonly children: ReactNode;
}) {
  const isStale = useNowSelect((nowMs) => nowMs - atMs > STALE_AFTER_MS);
  return (
    <span className={cx("flex items-baseline gap-1.5 whitespace-nowrap", isStale && "opacity-60 grayscale")}>
      <span className="text-sm text-secondary">{label}</span>
      {children}
    </span>
  );
}
