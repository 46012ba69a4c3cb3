"use client";

import { useCallback, useMemo, useState } from "react";
import { Chart } from "../charts/chart.tsx";
import { useShape } from "../session/shape.tsx";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segmented } from "../ui/segmented.tsx";
import type { MarketChartData } from "./chartData.ts";
import { ChartLegend } from "./chartLegend.tsx";
import { reportingDigits, type Picked } from "./picked.ts";
import { useMarks } from "./useMarks.ts";
import { useSeconds } from "./useSeconds.ts";

const WINDOWS = [
  { value: "300", label: "5m" },
  { value: "900", label: "15m" },
  { value: "3600", label: "1h" },
] as const;

const loadChart = () => import("./marketChart.ts").then((module) => module.createMarketChart);

/** Prices, our spread and our inventory over the last hour, moving with the desk. */
export function ChartPanel({
  market,
  picked,
  onPick,
  explainedS,
  onExplain,
  className,
}: {
  readonly market: string;
  readonly picked: Picked | undefined;
  readonly onPick: (picked: Picked) => void;
  /** The second that is explained, unless it is now. */
  readonly explainedS: number | undefined;
  readonly onExplain: (atS: number) => void;
  readonly className?: string;
}) {
  const desk = useLive("desk");
  const detail = useLive(`market ${market}`)?.value;
  const state = useLiveState(desk);
  const shape = useShape();
  const seconds = useSeconds(market);
  const marks = useMarks(detail?.ladders);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [readS, setReadS] = useState<number>();
  const [view, setView] = useState<{ readonly windowS: number | undefined; readonly follows: boolean }>({
    windowS: 300,
    follows: true,
  });
  const marketView = desk?.value.markets.find((one) => one.market === market);
  const names = marketView?.instruments.map(({ account, symbol }) => `${account} ${symbol}`).join("\n") ?? "";
  const pickAt = useCallback(
    (atS: number, instrument: number | undefined) => {
      const name = instrument === undefined ? undefined : names.split("\n")[instrument];
      const [account, symbol] = name?.split(" ") ?? [];
      if (account !== undefined && symbol !== undefined) onPick({ account, symbol });
      onExplain(atS);
    },
    [names, onPick, onExplain],
  );
  const quoted = marketView?.instruments.map((one) => one.quoted).join() ?? "";

  const data = useMemo<MarketChartData>(
    () => ({
      seconds,
      explainedS,
      instruments: names.split("\n").map((name, at) => ({
        isQuoted: quoted.split(",")[at] === "true",
        isShown: !hidden.has(name),
        isSelected: picked !== undefined && name === `${picked.account} ${picked.symbol}`,
      })),
      marks,
      base: marketView?.base ?? "",
      currency: desk?.value.reportingAsset ?? "",
      priceDigits: reportingDigits(shape, market),
      sdBase: marketView?.model?.inventorySdBase,
      limitBase: marketView?.limitBase,
      ...view,
      events: { read: setReadS, pick: pickAt, moved: setView },
    }),
    // The model moves a little with every message: its band follows once a second, with the points.
    [seconds, marks, names, quoted, hidden, picked, explainedS, view, shape, market, pickAt],
  );

  const hasPrices = marketView?.fair !== undefined || seconds.some(({ fair }) => fair !== undefined);
  const isEmpty = state.status === "live" && !hasPrices;
  return (
    <Panel
      title="Prices and quotes"
      flush
      state={isEmpty ? { status: "empty", text: NO_PRICE_YET } : state}
      {...(className === undefined ? {} : { className })}
      actions={
        <>
          <Segmented
            label="Range"
            value={String(view.windowS ?? "")}
            options={WINDOWS}
            onChange={(value) => setView(({ follows }) => ({ windowS: Number(value), follows }))}
          />
          <Button
            aria-pressed={view.follows}
            className={view.follows ? "text-ok" : ""}
            title={view.follows ? "the newest second stays in view" : "back to the newest second"}
            onClick={() => setView(({ windowS }) => ({ windowS: windowS ?? 300, follows: true }))}
          >
            <span aria-hidden>{view.follows ? "●" : "○"}</span> live
          </Button>
        </>
      }
    >
      {marketView !== undefined && desk !== undefined && (
        <ChartLegend
          market={marketView}
          currency={desk.value.reportingAsset}
          digits={data.priceDigits}
          second={readS === undefined ? seconds.at(-1) : seconds.find(({ atS }) => atS === readS)}
          marks={readS === undefined ? undefined : marks.get(readS)}
          isReading={readS !== undefined}
          hidden={hidden}
          onToggle={(name) => setHidden((known) => toggled(known, name))}
        />
      )}
      <Chart
        label={`${market}: venue mids, fair value, our quotes and fills; below our spread and our inventory. Arrow keys read a second, Enter explains it, plus and minus zoom, Page Up and Page Down move, End goes live.`}
        load={loadChart}
        data={data}
        className="min-h-96"
      />
    </Panel>
  );
}

const NO_PRICE_YET =
  "Prices appear with the first book of any venue, a moment after it connects; our quotes follow once twenty seconds of fair value have shown how much it moves.";

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(names);
  if (!next.delete(name)) next.add(name);
  return next;
}
