"use client";

import { useState } from "react";
import { Panel } from "../../../components/ui/panel.tsx";
import type { PanelState } from "../../../components/ui/panelState.ts";

/** All seven, in the words that the pages use. */
export function PanelStates() {
  const [nowMs] = useState(() => Date.now());
  const states: readonly (readonly [string, PanelState])[] = [
    ["Loading", { status: "loading" }],
    ["Live", { status: "live", atMs: nowMs }],
    ["Stale", { status: "stale", sinceMs: nowMs - 4_200, why: "the engine is silent" }],
    ["Empty", { status: "empty", text: "The first fills appear here as they happen." }],
    [
      "Error",
      {
        status: "error",
        what: "The database does not answer.",
        sinceMs: nowMs - 61_000,
        todo: "The recorder keeps its place and catches up; live values are not affected.",
        retry: () => undefined,
      },
    ],
    ["No permission", { status: "denied", who: "Open the link that `npm run desk -- status --url` prints." }],
    ["Ended", { status: "ended", text: "the recording has ended" }],
  ];
  return (
    <div className="grid grid-cols-1 gap-3 md:grid-cols-2 xl:grid-cols-4">
      {states.map(([title, state]) => (
        <Panel key={title} title={title} state={state} className="min-h-40">
          <p>BTC 61,842.71 USD</p>
          <p className="text-secondary">q +0.184 BTC, +0.7 sd</p>
        </Panel>
      ))}
    </div>
  );
}
