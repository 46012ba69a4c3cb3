"use client";

import Link from "next/link";
import { useCallback, useRef, useState } from "react";
import { useShape } from "../session/shape.tsx";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { Panel } from "../ui/panel.tsx";
import { ChartPanel } from "./chartPanel.tsx";
import { EstimatesSection } from "./estimatesSection.tsx";
import { LadderPanel } from "./ladderPanel.tsx";
import { MarketHeader } from "./marketHeader.tsx";
import { ModelInForce } from "./modelsInForce.tsx";
import { reportingDigits, type Picked } from "./picked.ts";
import { WhyPanel } from "./whyPanel.tsx";

/** One market in depth: `name`, or the desk's first where no name is given. */
export function MarketPage({ name }: { readonly name: string | undefined }) {
  const entry = useLive("desk");
  const shape = useShape();
  const state = useLiveState(entry);
  const desk = entry?.value;
  const market =
    desk?.markets.find((one) => one.market === name) ?? (name === undefined ? desk?.markets[0] : undefined);
  const [chosen, setChosen] = useState<Picked>();
  const [explained, setExplained] = useState<{ readonly market: string; readonly atS: number }>();
  const marketName = market?.market ?? "";
  const explainedS = explained?.market === marketName ? explained.atS : undefined;
  const newestS = useRef(0);
  newestS.current = Math.floor((desk?.atUs ?? 0) / 1e6);
  const explain = useCallback(
    (atS: number) => {
      // The newest second goes on: its explanation is the one that moves.
      setExplained(atS >= newestS.current - 1 ? undefined : { market: marketName, atS });
    },
    [marketName],
  );
  const known = market?.instruments.find(
    (one) => one.account === chosen?.account && one.symbol === chosen.symbol,
  );
  const picked = known === undefined ? market?.instruments.find((one) => one.quoted) : chosen;
  const digits = reportingDigits(shape, market?.market ?? "");

  if (desk !== undefined && market === undefined)
    return <NoSuchMarket name={name ?? ""} markets={desk.markets} />;
  if (market === undefined)
    return (
      <div className="flex flex-col gap-2 sm:gap-3">
        <Panel title={name === undefined ? "Market" : `Market ${name}`} state={state} className="min-h-96" />
      </div>
    );
  const common = { market: market.market, picked, onPick: setChosen } as const;
  return (
    <div className="flex flex-col gap-2 sm:gap-3">
      <MarketHeader
        desk={desk}
        market={market}
        digits={digits}
        staleSinceMs={state.status === "stale" ? state.sinceMs : undefined}
      />
      <div
        key={market.market}
        className="grid grid-cols-1 gap-2 sm:gap-3 lg:grid-cols-[minmax(0,1fr)_26rem] 2xl:grid-cols-[minmax(0,1fr)_25rem_29rem]"
      >
        <ChartPanel
          {...common}
          explainedS={explainedS}
          onExplain={explain}
          className="h-[34rem] lg:sticky lg:top-15 lg:row-span-3 lg:h-[calc(100dvh-7rem)] lg:min-h-[34rem] lg:self-start"
        />
        <LadderPanel {...common} className="2xl:row-span-3 2xl:self-start" />
        <WhyPanel {...common} explainedS={explainedS} onNow={() => setExplained(undefined)} />
        <ModelInForce market={market.market} className="2xl:self-start" />
      </div>
      <EstimatesSection market={market} priceDigits={digits} currency={desk?.reportingAsset ?? ""} />
    </div>
  );
}

function NoSuchMarket({
  name,
  markets,
}: {
  readonly name: string;
  readonly markets: readonly { readonly market: string }[];
}) {
  return (
    <div className="mx-auto mt-16 flex max-w-xl flex-col gap-3 rounded border bg-panel p-6">
      <h1 className="text-lg font-semibold">This desk does not trade {name}</h1>
      <p className="flex flex-wrap gap-3 text-secondary">
        It trades
        {markets.map(({ market }) => (
          <Link key={market} href={`/market/${encodeURIComponent(market)}`} className="text-quote underline">
            {market}
          </Link>
        ))}
      </p>
    </div>
  );
}
