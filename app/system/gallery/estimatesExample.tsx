"use client";

import { useState } from "react";
import type { PanelState } from "../../../components/ui/panelState.ts";
import { EstimatesPanels } from "../../../components/market/estimatesSection.tsx";
import { DESK } from "./samples.ts";
import { ESTIMATES } from "./samplesEstimates.ts";

/** The lower half of the Market page: as it is, and when the engine does not answer. */
export function EstimatesExample() {
  const [nowMs] = useState(() => Date.now());
  const market = DESK.markets[0];
  if (market === undefined) return null;
  const states: readonly PanelState[] = [
    { status: "live", atMs: nowMs },
    { status: "stale", sinceMs: nowMs - 4_200, why: "the engine has not answered since" },
  ];
  return (
    <div className="flex flex-col gap-6">
      {states.map((state) => (
        <EstimatesPanels
          key={state.status}
          market={market}
          priceDigits={2}
          currency={DESK.reportingAsset}
          estimates={{ view: ESTIMATES, state }}
        />
      ))}
    </div>
  );
}
