"use client";

import { STATE_TEXT } from "../../server/contract/help.ts";
import { formatDurationMs } from "../format/time.ts";
import { useLines, useLive } from "../stream/live.tsx";
import { Tag } from "../ui/tag.tsx";
import { stateTone, stateWord } from "./words.ts";

/** The desk's trading state and for how long it has been in it, on the engine's clock. */
export function DeskState() {
  const desk = useLive("desk")?.value;
  const system = useLive("system")?.value;
  const audit = useLines("audit");
  if (desk === undefined) return <span className="text-secondary">no engine yet</span>;
  const change = audit?.findLast((line) => line.type === "tradingState" && line.scope === "desk");
  const sinceUs = change?.atUs ?? system?.startedAtUs;
  const phase = system?.phase ?? "running";
  return (
    <span className="flex items-baseline gap-2 whitespace-nowrap">
      <strong className="font-semibold">
        <Tag tone={stateTone(desk.state)} title={STATE_TEXT[desk.state]}>
          {stateWord(desk.state)}
        </Tag>
      </strong>
      {desk.observeOnly !== undefined && (
        <Tag tone="attention" title={desk.observeOnly}>
          OBSERVE-ONLY
        </Tag>
      )}
      {sinceUs !== undefined && (
        <span className="text-sm text-secondary" title="in this state for">
          {formatDurationMs((desk.atUs - sinceUs) / 1_000)}
        </span>
      )}
      {phase !== "running" && (
        <span className="text-sm text-attention" title={system?.failure}>
          ◐ engine {phase}
        </span>
      )}
    </span>
  );
}
