"use client";

import { useMemo, useState } from "react";
import { Chart } from "../charts/chart.tsx";
import type { InventoryData } from "../charts/inventoryChart.ts";
import { formatShortSize } from "../format/number.ts";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { usePoints } from "./usePoints.ts";

export type InventoryHistory = (
  market: string,
) => readonly { readonly atS: number; readonly base: number }[] | undefined;

const STEP_S = 1;

const loadChart = () => import("../charts/inventoryChart.ts").then((module) => module.createInventoryChart);

/** Inventory over the last hour; `useHistory` is what the engine remembers of it. */
export function InventoryPanel({
  useHistory,
  className,
}: {
  readonly useHistory: InventoryHistory;
  readonly className?: string;
}) {
  const desk = useLive("desk");
  const state = useLiveState(desk);
  const markets = desk?.value.markets ?? [];
  const [chosen, setChosen] = useState<string>();
  const market = markets.find((one) => one.market === chosen) ?? markets[0];
  return (
    <Panel
      title="Inventory"
      state={state}
      {...(className === undefined ? {} : { className })}
      actions={
        market !== undefined && (
          <>
            <span className="text-sm text-inventory">
              {formatShortSize(market.inventoryBase, undefined, true)} {market.base}
            </span>
            <Segmented
              label="Market"
              value={market.market}
              onChange={setChosen}
              options={markets.map((one) => ({ value: one.market, label: one.market }))}
            />
          </>
        )
      }
    >
      {market !== undefined && desk !== undefined && (
        <InventoryChart
          key={market.market}
          market={market.market}
          useHistory={useHistory}
          latest={{ atS: desk.value.atUs / 1e6, base: market.inventoryBase }}
          sdBase={market.model?.inventorySdBase}
          limitBase={market.limitBase}
        />
      )}
    </Panel>
  );
}

function InventoryChart({
  market,
  useHistory,
  latest,
  sdBase,
  limitBase,
}: {
  readonly market: string;
  readonly useHistory: InventoryHistory;
  readonly latest: { readonly atS: number; readonly base: number };
  readonly sdBase: number | undefined;
  readonly limitBase: number | undefined;
}) {
  const points = usePoints(useHistory(market), latest, STEP_S);
  const data = useMemo<InventoryData>(
    () => ({ points, sdBase, limitBase, digits: 4 }),
    // The model moves a little with every message: the band follows it once a step, with the points.
    [points],
  );
  return (
    <>
      <Chart
        label={`Inventory of ${market} over time with the model's standard deviation and the limits`}
        load={loadChart}
        data={data}
        className="min-h-56"
      />
      <p className="pt-2 text-sm text-secondary">
        band ±{formatShortSize(sdBase, undefined)} (1 sd of the model) · limit ±
        {formatShortSize(limitBase, undefined)}
      </p>
    </>
  );
}
