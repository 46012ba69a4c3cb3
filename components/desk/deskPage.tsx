"use client";

import dynamic from "next/dynamic";
import { useCallback, useState } from "react";
import { useShape } from "../session/shape.tsx";
import { VenuesPanel } from "../venues/venuesPanel.tsx";
import { AlertsPanel } from "./alerts.tsx";
import type { Explained } from "./explainDialog.tsx";
import { FillsPanel } from "./fills.tsx";
import { GridPanel } from "./gridPanel.tsx";
import { InventoryPanel, type InventoryHistory } from "./inventoryPanel.tsx";
import { PnlPanel, type PnlHistory } from "./pnlPanel.tsx";

// Loaded with the first question: the grid does not need it.
const ExplainDialog = dynamic(() => import("./explainDialog.tsx").then((module) => module.ExplainDialog), {
  ssr: false,
});

/** Where the past of the charts comes from: the API, or made-up figures in the gallery. */
export interface DeskSources {
  readonly usePnlHistory: PnlHistory;
  readonly useInventoryHistory: InventoryHistory;
}

export function DeskPage({ usePnlHistory, useInventoryHistory }: DeskSources) {
  const shape = useShape();
  const [explained, setExplained] = useState<Explained>();
  const explain = useCallback(
    (account: string, symbol: string) => {
      const found = shape?.instruments.find((one) => one.account === account && one.symbol === symbol);
      if (found?.market !== undefined) setExplained({ market: found.market, account, symbol });
    },
    [shape],
  );
  return (
    <div className="grid grid-cols-1 gap-2 sm:gap-3 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="flex min-w-0 flex-col gap-2 sm:gap-3 xl:min-h-[calc(100dvh-4.6rem)]">
        <GridPanel onExplain={explain} />
        <div className="grid grow grid-cols-1 gap-2 sm:gap-3 lg:grid-cols-2">
          <PnlPanel useHistory={usePnlHistory} />
          <InventoryPanel useHistory={useInventoryHistory} />
        </div>
        <VenuesPanel />
      </div>
      <div className="grid min-w-0 grid-cols-1 gap-2 sm:gap-3 md:max-xl:grid-cols-2 xl:sticky xl:top-15 xl:h-[calc(100dvh-4.6rem)] xl:grid-rows-[minmax(0,2fr)_minmax(0,3fr)] xl:self-start">
        <AlertsPanel className="h-72 xl:h-auto xl:min-h-0" />
        <FillsPanel className="h-80 xl:h-auto xl:min-h-0" />
      </div>
      {explained !== undefined && (
        <ExplainDialog explained={explained} onClose={() => setExplained(undefined)} />
      )}
    </div>
  );
}
