import type { ReactNode } from "react";
import { formatBps, formatCount, formatMoney } from "../format/number.ts";
import { gainTone } from "../ui/figure.tsx";
import type { FillTotals } from "./totals.ts";

/** Of the fills on screen, not of all that ever were. */
export function TotalsBar({ totals }: { readonly totals: FillTotals }) {
  const { count, quotes, fees, edgeBps, withoutEdge } = totals;
  return (
    <dl
      aria-label="Totals of the fills shown"
      className="flex flex-wrap items-baseline gap-x-5 gap-y-1 border-b px-3 py-1.5 text-sm"
    >
      <Total label="Shown">{formatCount(count)} fills</Total>
      <Total label="Volume">
        {quotes.map(({ asset, volume, edgeBps: edge }) => (
          <span key={asset} title={`edge by volume: ${formatBps(edge, true)}`}>
            {formatMoney(volume, asset)}
          </span>
        ))}
      </Total>
      <Total label="Fees">
        {fees.map(({ asset, amount }) => (
          <span key={asset} title={amount < 0 ? "received" : "paid"}>
            {formatMoney(amount, asset)}
          </span>
        ))}
      </Total>
      <Total label="Average edge">
        <span
          className={gainTone(edgeBps)}
          title={
            withoutEdge === 0 ? "mean of the fills" : `mean of the fills; ${withoutEdge} had no fair value`
          }
        >
          {formatBps(edgeBps, true)}
        </span>
      </Total>
    </dl>
  );
}

function Total({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-x-2">
      <dt className="text-secondary">{label}</dt>
      <dd className="flex flex-wrap gap-x-3">{children}</dd>
    </div>
  );
}
