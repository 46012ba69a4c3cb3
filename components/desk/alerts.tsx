"use client";

import { useState } from "react";
import type { NoticeLine } from "../../server/contract/lines.ts";
import { markAlertsSeen, useUnseenAlerts, wantsPerson } from "../bar/unseenAlerts.ts";
import { venueName } from "../format/names.ts";
import { formatTimeUs } from "../format/time.ts";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Panel } from "../ui/panel.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { TONE_MARK, type Tone } from "../ui/tag.tsx";
import { useRecentAlerts } from "./recent.ts";
import { useHeldRows } from "./useHeldRows.ts";
import { locksOf, type Lock } from "./words.ts";

/** What holds quoting back now, with what lifts it; below it what happened. */
export function AlertsPanel({ className }: { readonly className?: string }) {
  const desk = useLive("desk");
  const lines = useRecentAlerts();
  const unseen = useUnseenAlerts();
  const [which, setWhich] = useState<"alerts" | "everything">("alerts");
  const state = useLiveState(desk);
  const alerts = useHeldRows(lines.filter((line) => which === "everything" || wantsPerson(line)));
  // They stand above the alerts, in the same frame: one that comes or goes would move those.
  const locks = useHeldRows(desk === undefined ? [] : locksOf(desk.value), keyOfLock);
  const newest = lines.at(-1);
  return (
    <div id="alerts" className={cx("flex min-w-0 flex-col", className)}>
      <Panel
        title="Alerts and locks"
        state={state}
        flush
        className="min-h-0 grow"
        actions={
          <>
            {(alerts.isHeld || locks.isHeld) && (
              <span className="text-xs text-attention" title="as it was when the pointer came">
                held
              </span>
            )}
            {unseen > 0 && newest !== undefined && (
              <Button variant="ghost" onClick={() => markAlertsSeen(newest)}>
                Mark {unseen} as seen
              </Button>
            )}
            <Segmented
              label="Which notices"
              value={which}
              onChange={setWhich}
              options={[
                { value: "alerts", label: "Alerts" },
                { value: "everything", label: "All" },
              ]}
            />
          </>
        }
      >
        <div
          onPointerEnter={() => {
            alerts.handlers.onPointerEnter();
            locks.handlers.onPointerEnter();
          }}
          onPointerLeave={() => {
            alerts.handlers.onPointerLeave();
            locks.handlers.onPointerLeave();
          }}
          tabIndex={0}
          role="group"
          aria-label="Locks and alerts"
          className="relative min-h-0 grow overflow-auto"
        >
          <ul aria-label="Locks">
            {locks.rows.length === 0 ? (
              <li className="border-b px-3 py-1.5 text-sm text-secondary">
                <span className="text-ok">●</span> Nothing holds quoting back.
              </li>
            ) : (
              locks.rows.map((lock) => <LockRow key={lock.key} lock={lock} />)
            )}
          </ul>
          {alerts.rows.length === 0 && (
            <p className="px-3 py-3 text-center text-sm text-secondary">Alerts appear here as they happen.</p>
          )}
          <ol aria-label="Alerts">
            {alerts.rows.toReversed().map((line) => (
              <AlertRow key={`${line.cursor.epoch}.${line.cursor.seq}.${line.cursor.at}`} line={line} />
            ))}
          </ol>
        </div>
      </Panel>
    </div>
  );
}

function keyOfLock({ key }: Lock): string {
  return key;
}

const TONE_TEXT: Readonly<Record<Tone, string>> = {
  ok: "text-ok",
  attention: "text-attention",
  danger: "text-danger",
  quiet: "text-secondary",
  accent: "text-quote",
};

function LockRow({ lock }: { readonly lock: Lock }) {
  return (
    <li className="border-b bg-line/25 px-3 py-1.5 text-sm">
      <div className="flex gap-2">
        <span aria-hidden className={TONE_TEXT[lock.tone]}>
          {TONE_MARK[lock.tone]}
        </span>
        <span className="min-w-0 grow">{lock.what}</span>
        {lock.sinceUs !== undefined && (
          <span className="shrink-0 text-secondary">since {formatTimeUs(lock.sinceUs)}</span>
        )}
      </div>
      <div className="pl-4 text-secondary">lifts: {lock.lifts}</div>
    </li>
  );
}

const SEVERITY_TONE: Readonly<Record<NoticeLine["severity"], Tone>> = {
  info: "quiet",
  attention: "attention",
  danger: "danger",
};

function AlertRow({ line }: { readonly line: NoticeLine }) {
  const tone = SEVERITY_TONE[line.severity];
  return (
    <li className="flex gap-2 border-b border-line/60 px-3 py-1 text-sm">
      <span className="shrink-0 text-secondary">{formatTimeUs(line.atUs)}</span>
      <span aria-hidden className={TONE_TEXT[tone]}>
        {TONE_MARK[tone]}
      </span>
      <span className="min-w-0 grow" title={line.code}>
        <span className="text-secondary">{venueName(line.scope)}</span> {line.text}
      </span>
    </li>
  );
}
