"use client";

import { STATE_TEXT } from "../../server/contract/help.ts";
import { formatDurationMs } from "../format/time.ts";
import { useLines, useLive } from "../stream/live.tsx";
import { cx } from "../ui/cx.ts";
import { Tag } from "../ui/tag.tsx";
import { Dated, titleAsOf, useAsOf } from "./asOf.tsx";
import { stateSinceUs, stateTone, stateWord } from "./words.ts";

/**
 * Which desk this is, its trading state, and for how long it has been in it, on the engine's clock. `brief`: that time
 * is there only where the bar is wide.
 */
export function DeskState({ brief = false }: { readonly brief?: boolean }) {
  const desk = useLive("desk");
  const system = useLive("system")?.value;
  const audit = useLines("audit");
  const asOf = useAsOf(desk?.atMs);
  if (desk === undefined) return <span className="shrink-0 text-secondary">no engine yet</span>;
  const { state, observeOnly, atUs } = desk.value;
  const sinceUs = stateSinceUs(state, audit, system);
  const phase = system?.phase ?? "running";
  return (
    <>
      {system !== undefined && <ProfileWord profile={system.profile} />}
      <Dated asOf={asOf} className="flex shrink-0 items-baseline gap-2 whitespace-nowrap">
        <strong className="font-semibold">
          <Tag tone={stateTone(state)} title={titleAsOf(STATE_TEXT[state], asOf)}>
            {stateWord(state)}
          </Tag>
        </strong>
        {sinceUs !== undefined && (
          <span
            className={cx("text-sm text-secondary", brief && "max-xl:hidden")}
            title={titleAsOf("in this state for", asOf)}
          >
            {formatDurationMs((atUs - sinceUs) / 1_000)}
          </span>
        )}
      </Dated>
      {observeOnly !== undefined && (
        <span className="min-w-0 truncate">
          <Tag tone="attention" title={observeOnly}>
            OBSERVE-ONLY
          </Tag>
        </span>
      )}
      {phase !== "running" && (
        <span className="min-w-0 truncate text-sm text-attention" title={system?.failure}>
          ◐ engine {phase}
        </span>
      )}
    </>
  );
}

/** Nobody may take real money for a demo: that profile is loud. */
function ProfileWord({ profile }: { readonly profile: string }) {
  return (
    <span className="shrink-0 text-sm whitespace-nowrap text-secondary" title={`profile ${profile}`}>
      {profile === "live" ? <Tag tone="attention">LIVE</Tag> : profile}
    </span>
  );
}
