"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ParamName, ParamValue } from "../../server/contract/params.ts";
import type { MarketView } from "../../server/contract/views.ts";
import { modelName } from "../format/names.ts";
import { formatNumber, formatPercent, formatShortSize } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import { useTRPC } from "../session/api.tsx";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { Panel } from "../ui/panel.tsx";
import { DefinitionRow, Quiet } from "./definitionRow.tsx";
import { RangeMark } from "./rangeMark.tsx";

type ParamOf = (name: ParamName) => ParamValue | undefined;

/** The model that quotes, what it was told, and what inventory and fills follow from it. */
export function ModelInForce({
  market,
  className,
}: {
  readonly market: string;
  readonly className?: string;
}) {
  const desk = useLive("desk");
  const view = desk?.value.markets.find((one) => one.market === market);
  const state = useLiveState(desk);
  const param = useMarketParams(market, desk?.value.paramVersion);
  const isEmpty = state.status === "live" && view !== undefined && view.model === undefined;
  return (
    <Panel
      title="Model"
      state={isEmpty ? { status: "empty", text: NO_MODEL_YET } : state}
      {...(className === undefined ? {} : { className })}
    >
      {view?.model !== undefined && (
        <ModelFigures
          market={view}
          model={view.model}
          currency={desk?.value.reportingAsset ?? ""}
          param={param}
        />
      )}
    </Panel>
  );
}

const NO_MODEL_YET = "The model appears after the first volatility, some twenty seconds after fair value.";

/** What the market is set to; asked for once per version. */
function useMarketParams(market: string, version: number | undefined): ParamOf {
  const { data, refetch } = useQuery(
    useTRPC().config.current.queryOptions({ scope: { level: "market", market } }),
  );
  const isOld = data !== undefined && version !== undefined && data.version < version;
  useEffect(() => {
    if (isOld) void refetch();
  }, [isOld, version, refetch]);
  return (name) => data?.states.find((one) => one.name === name)?.value;
}

export function ModelFigures({
  market,
  model,
  currency,
  param,
}: {
  readonly market: MarketView;
  readonly model: NonNullable<MarketView["model"]>;
  readonly currency: string;
  readonly param: ParamOf;
}) {
  const { base, inventoryBase, limitBase } = market;
  const { name, gammaPerQuote, slope, inventorySdBase, halfLifeS, fillsPerMinute, targetBase } = model;
  const source = param("riskAversionSource");
  const targetPct = param("targetInventorySdPct");
  return (
    <dl className="grid grid-cols-[8.5rem_1fr] gap-y-1 text-sm">
      <DefinitionRow name="in force">{modelName(name)}</DefinitionRow>
      <DefinitionRow
        name="risk aversion γ"
        title="constant absolute risk aversion; dearer inventory, steeper skew"
      >
        {gammaPerQuote === undefined ? (
          "none: this model knows no risk aversion"
        ) : (
          <>
            {gammaPerQuote.toExponential(2).replace("-", "−")} per {currency}
            <Quiet>
              {source === "direct" ? "as set" : source === undefined ? "" : "from the target below"}
            </Quiet>
          </>
        )}
      </DefinitionRow>
      <DefinitionRow name="inventory s.d." title="what inventory settles at under these quotes">
        {inventorySdBase === undefined ? (
          "none: nothing pulls inventory back"
        ) : (
          <>
            {formatShortSize(inventorySdBase, undefined)} {base}
            <Quiet>{ofLimit(inventorySdBase, limitBase)}</Quiet>
          </>
        )}
        {typeof targetPct === "number" && (
          <Quiet>
            target {formatNumber(targetPct, { digits: 0 })} %{source === "direct" ? ", not in use" : ""}
          </Quiet>
        )}
      </DefinitionRow>
      <DefinitionRow name="inventory" title="band: one standard deviation around the target; axis: the limit">
        {formatShortSize(inventoryBase, undefined, true)} {base}
        {limitBase !== undefined && (
          <>
            <Quiet>limit ±{formatShortSize(limitBase, undefined)}</Quiet>
            <span className="ml-2 inline-block align-middle">
              <RangeMark
                value={inventoryBase}
                half={inventorySdBase}
                around={targetBase}
                low={-limitBase}
                high={limitBase}
                className="text-inventory"
              />
            </span>
          </>
        )}
      </DefinitionRow>
      <DefinitionRow name="target q*" title="inventory that the quotes lean towards">
        {formatShortSize(targetBase, undefined, true)} {base}
      </DefinitionRow>
      <DefinitionRow name="half-life" title="after which half of an inventory is expected to be gone">
        {halfLifeS === undefined ? "none" : formatAgeMs(halfLifeS * 1_000)}
      </DefinitionRow>
      <DefinitionRow name="skew" title="how far one unit of inventory moves the centre of the quotes">
        {slope === 0 ? "none" : `${formatNumber(slope, { digits: 2 })} ${currency} per ${base}`}
      </DefinitionRow>
      <DefinitionRow name="expected fills" title="of both sides over all venues while flat">
        {formatNumber(fillsPerMinute, { digits: 1 })} a minute
      </DefinitionRow>
    </dl>
  );
}

function ofLimit(sizeBase: number, limitBase: number | undefined): string {
  return limitBase === undefined ? "" : `${formatPercent(sizeBase / limitBase, 0)} of the limit`;
}
