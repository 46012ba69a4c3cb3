"use client";

import type { EstimateView, EstimatesView } from "../../server/contract/estimates.ts";
import { SECONDS_PER_YEAR } from "../../server/contract/units.ts";
import type { MarketView } from "../../server/contract/views.ts";
import { formatNumber, formatPercent, formatShortSize } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EstimateCell } from "./estimatesCell.tsx";
import type { Estimates } from "./estimatesState.ts";
import { appearsAfter, STATUS } from "./estimatesText.ts";
import { EstimatesTable } from "./estimatesTable.tsx";
import { DefinitionRow, Quiet } from "./definitionRow.tsx";
import { RangeMark } from "./rangeMark.tsx";

/** What the engine has learned about the market and each of its venues, and how sure it is. */
export function EstimatorsPanel({
  estimates: { view, state },
  market,
  priceDigits,
  currency,
  className,
}: {
  readonly estimates: Estimates;
  readonly market: MarketView;
  readonly priceDigits: number;
  readonly currency: string;
  readonly className?: string;
}) {
  return (
    <Panel
      title="Estimators"
      state={state}
      skeleton={<Skeleton rows={14} className="p-1" />}
      actions={<Legend />}
      {...(className === undefined ? {} : { className })}
    >
      {view !== undefined && (
        <div className="flex flex-col gap-3 text-sm">
          <dl className="grid grid-cols-[7.5rem_1fr] gap-y-1">
            <DefinitionRow
              name="fair value"
              title="standard deviation of fair value, from the noise and age of the venues"
            >
              {formatNumber(market.fair, { digits: priceDigits })} {currency}
              <Quiet>± {formatNumber(market.fairSdBps, { digits: 2 })} bps</Quiet>
              <Quiet>
                {market.fairAgeMs === undefined ? "none yet" : `${formatAgeMs(market.fairAgeMs)} old`}
              </Quiet>
            </DefinitionRow>
            {view.estimates.map((estimate) => (
              <DefinitionRow key={estimate.name} name={estimate.name} title={estimate.help}>
                <EstimateCell estimate={estimate} priceDigits={priceDigits} unit />
                <Note estimate={estimate} view={view} currency={currency} />
              </DefinitionRow>
            ))}
            {view.correlations.map(({ market: other, correlation, stderr }) => (
              <DefinitionRow
                key={other}
                name={`correlation ${other}`}
                title="of one-second returns, drawn towards less and repaired to fit together"
              >
                {formatNumber(correlation, { digits: 2, signed: true })}
                <span className="text-secondary"> ± {formatNumber(stderr, { digits: 2 })}</span>
                <Quiet>shrunk by {formatPercent(view.shrinkage, 0)}</Quiet>
              </DefinitionRow>
            ))}
            <DefinitionRow
              name="arbitrage"
              title="the best pair of venues to take at, after both taker fees; nothing acts on it"
            >
              <ArbitrageLine arbitrage={view.arbitrage} base={market.base} currency={currency} />
            </DefinitionRow>
          </dl>
          {view.venues.length === 0 ? (
            <p className="text-secondary">
              The venues appear after the first fair value: it needs a fresh book and a rate to {currency}.
            </p>
          ) : (
            <EstimatesTable venues={view.venues} market={market} priceDigits={priceDigits} />
          )}
        </div>
      )}
    </Panel>
  );
}

/** What follows from a market-wide estimate, beside it. */
function Note({
  estimate: { name, unit, value, stderr, status },
  view,
  currency,
}: {
  readonly estimate: EstimateView;
  readonly view: EstimatesView;
  readonly currency: string;
}) {
  if (value === undefined) return <Quiet>appears after {appearsAfter(name)}</Quiet>;
  if (unit === "price") return <Quiet>{currency}</Quiet>;
  return (
    <>
      <span className="ml-2 inline-block align-middle">
        <RangeMark
          value={value}
          half={stderr}
          low={0}
          high={value * 2}
          className={status === "TRUSTED" ? "text-ok" : "text-attention"}
        />
      </span>
      {unit === "bps/√s" && (
        <Quiet>{formatPercent(value * 1e-4 * Math.sqrt(SECONDS_PER_YEAR), 0)} a year</Quiet>
      )}
      {name === "mean reversion θ" && (
        <Quiet>{view.reversionSignificant ? "significant" : "not significant: nothing leans on it"}</Quiet>
      )}
    </>
  );
}

function ArbitrageLine({
  arbitrage,
  base,
  currency,
}: {
  readonly arbitrage: EstimatesView["arbitrage"];
  readonly base: string;
  readonly currency: string;
}) {
  if (arbitrage === undefined) return <Quiet>appears with two usable books</Quiet>;
  const { buyAt, sellAt, edgeBps, sizeBase, profit, legRiskBps, worthwhile } = arbitrage;
  return (
    <>
      <span className={worthwhile ? "text-attention" : ""}>
        {formatNumber(edgeBps, { digits: 1, signed: true })} bps
      </span>
      {legRiskBps !== undefined && (
        <span className="text-secondary"> ± {formatNumber(legRiskBps, { digits: 1 })}</span>
      )}
      <Quiet>
        buy {buyAt}, sell {sellAt}
      </Quiet>
      {sizeBase > 0 && (
        <Quiet>
          {formatShortSize(sizeBase, undefined)} {base} for {formatNumber(profit, { digits: 2 })} {currency}
        </Quiet>
      )}
    </>
  );
}

function Legend() {
  return (
    <span aria-hidden className="hidden gap-x-2 text-xs whitespace-nowrap text-secondary sm:flex">
      {Object.values(STATUS).map(({ mark, word }) => (
        <span key={word}>
          {mark} {word}
        </span>
      ))}
    </span>
  );
}
