"use client";

import type { ReactNode } from "react";
import { SECONDS_PER_YEAR } from "../../server/contract/units.ts";
import type { MarketView } from "../../server/contract/views.ts";
import { formatNumber, formatPercent, formatShortSize } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { cx } from "../ui/cx.ts";
import { Panel } from "../ui/panel.tsx";
import { Tag, type Tone } from "../ui/tag.tsx";
import { instrumentName } from "./picked.ts";
import { RangeMark } from "./rangeMark.tsx";

/** What the engine believes about the market, how sure it is, and what follows from it. */
export function EstimatorsPanel({
  market,
  className,
}: {
  readonly market: string;
  readonly className?: string;
}) {
  const desk = useLive("desk");
  const view = desk?.value.markets.find((one) => one.market === market);
  return (
    <Panel title="Estimators" state={useLiveState(desk)} {...(className === undefined ? {} : { className })}>
      {view !== undefined && (
        <div className="flex flex-col gap-3 text-sm">
          <dl className="grid grid-cols-[6.5rem_1fr] gap-y-1">
            <Volatility {...view.volatility} />
            <Entry
              name="fair value"
              title="standard deviation of fair value, from the noise and age of the venues"
            >
              ± {formatNumber(view.fairSdBps, { digits: 2 })} bps
              <Quiet>
                {view.fairAgeMs === undefined ? "none yet" : `${formatAgeMs(view.fairAgeMs)} old`}
              </Quiet>
            </Entry>
            <Model market={view} currency={desk?.value.reportingAsset ?? ""} />
          </dl>
          <Venues market={view} />
        </div>
      )}
    </Panel>
  );
}

const VOLATILITY_WORDS: Readonly<Record<string, { readonly tone: Tone; readonly text: string }>> = {
  TRUSTED: { tone: "ok", text: "enough returns, and a small standard error" },
  WARM: { tone: "attention", text: "blended with the prior until there are enough returns" },
  COLD: {
    tone: "attention",
    text: "not known yet: twenty one-second returns are needed, quotes wait for it",
  },
  STALE: { tone: "danger", text: "fair value has not been seen for ten seconds" },
};

function Volatility({ status, bpsPerSqrtS, stderrBps }: MarketView["volatility"]) {
  const words = VOLATILITY_WORDS[status] ?? { tone: "quiet", text: "" };
  const yearShare = bpsPerSqrtS === undefined ? undefined : bpsPerSqrtS * 1e-4 * Math.sqrt(SECONDS_PER_YEAR);
  return (
    <Entry name="volatility σ" title="of fair value">
      {formatNumber(bpsPerSqrtS, { digits: 2 })} ± {formatNumber(stderrBps, { digits: 2 })} bps/√s
      <Quiet>{formatPercent(yearShare, 0)} a year</Quiet>
      <span className="flex items-center gap-2">
        {bpsPerSqrtS !== undefined && (
          <RangeMark
            value={bpsPerSqrtS}
            half={stderrBps}
            low={0}
            high={bpsPerSqrtS * 2}
            className={status === "TRUSTED" ? "text-ok" : "text-attention"}
          />
        )}
        <Tag tone={words.tone} title={words.text}>
          {status}
          <span className="sr-only">: {words.text}</span>
        </Tag>
      </span>
    </Entry>
  );
}

function Model({ market, currency }: { readonly market: MarketView; readonly currency: string }) {
  const { model, base, inventoryBase, limitBase } = market;
  if (model === undefined)
    return <Entry name="model">appears with the first volatility, twenty seconds after fair value</Entry>;
  const { gammaPerQuote, slope, inventorySdBase, halfLifeS } = model;
  return (
    <>
      <Entry name="risk aversion γ">
        {gammaPerQuote.toExponential(2).replace("-", "−")} per {currency}
      </Entry>
      <Entry name="skew" title="how far one unit of inventory moves the centre of the quotes">
        {formatNumber(slope, { digits: 2 })} {currency} per {base}
      </Entry>
      <Entry name="inventory" title="band: one standard deviation that the model settles at; axis: the limit">
        {formatShortSize(inventoryBase, undefined, true)} {base}
        <Quiet>
          sd {formatShortSize(inventorySdBase, undefined)}, limit ±{formatShortSize(limitBase, undefined)}
        </Quiet>
        {limitBase !== undefined && (
          <span className="block">
            <RangeMark
              value={inventoryBase}
              half={inventorySdBase}
              around={0}
              low={-limitBase}
              high={limitBase}
              className="text-inventory"
            />
          </span>
        )}
      </Entry>
      <Entry name="half-life" title="after which half of an inventory is expected to be gone">
        {formatAgeMs(halfLifeS * 1_000)}
      </Entry>
    </>
  );
}

/** A venue whose lasting difference is larger is not used (BASIS_CAPPED). */
const BASIS_MAX_BPS = 20;

function Venues({ market }: { readonly market: MarketView }) {
  return (
    <table className="w-full">
      <thead>
        <tr className="text-xs text-secondary">
          <th scope="col" className="text-left font-medium">
            venue
          </th>
          <th scope="col" className="text-right font-medium" title="lasting difference from fair value">
            basis, bps
          </th>
          <th scope="col" className="text-right font-medium" title="share of fair value">
            weight
          </th>
          <th scope="col" className="text-right font-medium" title="since the book changed">
            book
          </th>
          <th scope="col" className="text-right font-medium" title="share of the time with both sides quoted">
            up
          </th>
        </tr>
      </thead>
      <tbody>
        {market.instruments.map((one) => (
          <tr key={`${one.account} ${one.symbol}`} className="h-6">
            <th scope="row" className="text-left font-normal">
              {instrumentName(one, market.instruments)}
            </th>
            <td className="text-right">
              <span className="flex items-center justify-end gap-2">
                {one.basisBps !== undefined && (
                  <RangeMark
                    value={one.basisBps}
                    low={-BASIS_MAX_BPS}
                    high={BASIS_MAX_BPS}
                    className="text-fair"
                  />
                )}
                <span className="w-10">{formatNumber(one.basisBps, { digits: 2, signed: true })}</span>
              </span>
            </td>
            <td className={cx("text-right", one.weight === 0 && "text-secondary")}>
              {formatPercent(one.weight, 0)}
            </td>
            <td className="text-right">{formatAgeMs(one.bookAgeMs)}</td>
            <td className="text-right">{formatPercent(one.uptimeShare, 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Entry({
  name,
  title,
  children,
}: {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <>
      <dt className="text-secondary" title={title}>
        {name}
      </dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Quiet({ children }: { readonly children: ReactNode }) {
  return <span className="ml-2 text-secondary">{children}</span>;
}
