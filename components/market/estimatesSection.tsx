"use client";

import type { MarketView } from "../../server/contract/views.ts";
import { InformationSharesPanel } from "./estimatesShares.tsx";
import type { Estimates } from "./estimatesState.ts";
import { useEstimates } from "./estimatesState.ts";
import { EstimatorsPanel } from "./estimatorsPanel.tsx";
import { MarkoutsPanel } from "./markoutsPanel.tsx";
import { ModelsPanel } from "./modelsPanel.tsx";

interface Shown {
  readonly market: MarketView;
  /** Digits after the point of prices in the reporting currency. */
  readonly priceDigits: number;
  readonly currency: string;
}

/** What the engine has learned of the market, and what other models would make of it; one question for all of it. */
export function EstimatesSection(shown: Shown) {
  return <EstimatesPanels {...shown} estimates={useEstimates(shown.market.market)} />;
}

export function EstimatesPanels({
  market,
  priceDigits,
  currency,
  estimates,
}: Shown & { readonly estimates: Estimates }) {
  return (
    <div className="grid grid-cols-1 items-start gap-2 sm:gap-3 lg:grid-cols-2">
      <EstimatorsPanel
        estimates={estimates}
        market={market}
        priceDigits={priceDigits}
        currency={currency}
        className="lg:row-span-2"
      />
      <MarkoutsPanel estimates={estimates} />
      <InformationSharesPanel estimates={estimates} />
      <ModelsPanel estimates={estimates} inForce={market.model?.name} className="lg:col-span-2" />
    </div>
  );
}
