"use client";

import { formatAgeMs, formatTimeMs } from "../format/time.ts";
import { useLive } from "../stream/live.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import type { Applied } from "./applied.ts";

/** *sent → accepted → quoting with vN*, with the times between. */
export function AppliedSteps({
  applied,
  onClose,
}: {
  readonly applied: Applied;
  readonly onClose: () => void;
}) {
  const { sentAtMs, acceptedAtMs, quotingAtMs, version, what } = applied;
  return (
    <div
      role="status"
      aria-label="What was applied"
      className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-sm"
    >
      <span className="text-secondary">{what}</span>
      <Step label="sent" isDone note={`${formatTimeMs(sentAtMs)} UTC`} />
      <span aria-hidden>→</span>
      <Step label="accepted" isDone note={`after ${formatAgeMs(acceptedAtMs - sentAtMs)}`} />
      <span aria-hidden>→</span>
      <Step
        label={`quoting with v${version}`}
        isDone={quotingAtMs !== undefined}
        note={quotingAtMs === undefined ? undefined : `after ${formatAgeMs(quotingAtMs - sentAtMs)}`}
      />
      {quotingAtMs === undefined && <Waiting />}
      <Button variant="ghost" aria-label="Close what was applied" onClick={onClose}>
        ✕
      </Button>
    </div>
  );
}

/** Why no quote may come: the version holds all the same. */
function Waiting() {
  const desk = useLive("desk")?.value;
  if (desk === undefined || desk.quotingVersion !== undefined) return null;
  return (
    <span className="text-attention">nothing is quoted ({desk.state}): it holds from the next quote</span>
  );
}

function Step({
  label,
  isDone,
  note,
}: {
  readonly label: string;
  readonly isDone: boolean;
  readonly note: string | undefined;
}) {
  return (
    <span className={cx("whitespace-nowrap", !isDone && "text-secondary")}>
      <span aria-hidden className={isDone ? "text-ok" : ""}>
        {isDone ? "✓" : "…"}
      </span>{" "}
      {label}
      {note !== undefined && <span className="text-secondary"> {note}</span>}
    </span>
  );
}
