"use client";

import { useShape } from "../session/shape.tsx";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Grid } from "./grid.tsx";

export function GridPanel({
  onExplain,
  className,
}: {
  readonly onExplain: (account: string, symbol: string) => void;
  readonly className?: string;
}) {
  const desk = useLive("desk");
  const shape = useShape();
  return (
    <Panel
      title="Symbols by venue"
      state={useLiveState(desk)}
      flush
      skeleton={<Skeleton rows={8} className="p-3" />}
      {...(className === undefined ? {} : { className })}
      actions={
        desk !== undefined && (
          <span
            className="text-sm text-secondary"
            title="version of the parameters that quotes are made under"
          >
            parameters v{desk.value.quotingVersion ?? desk.value.paramVersion}
          </span>
        )
      }
    >
      {desk !== undefined && <Grid desk={desk.value} shape={shape} onExplain={onExplain} />}
    </Panel>
  );
}
