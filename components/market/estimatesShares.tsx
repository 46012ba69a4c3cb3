"use client";

import type { InformationShareView } from "../../server/contract/estimates.ts";
import { formatPercent } from "../format/number.ts";
import { Panel } from "../ui/panel.tsx";
import type { Estimates } from "./estimatesState.ts";
import { instrumentName } from "./picked.ts";
import { RangeMark } from "./rangeMark.tsx";

/** Where prices are discovered: the share of each venue, between its two bounds. */
export function InformationSharesPanel({
  estimates: { view, state },
  className,
}: {
  readonly estimates: Estimates;
  readonly className?: string;
}) {
  const shares = view?.informationShares ?? [];
  const isEmpty = state.status === "live" && shares.length === 0;
  return (
    <Panel
      title="Information shares"
      state={isEmpty ? { status: "empty", text: NO_SHARES_YET } : state}
      {...(className === undefined ? {} : { className })}
    >
      <div className="relative -mx-3 overflow-x-auto px-3">
        <table className="w-full text-sm">
          <thead>
            <tr className="text-xs text-secondary">
              <th scope="col" className="text-left font-medium">
                venue
              </th>
              <th scope="col" className="max-sm:hidden">
                <span className="sr-only">0 to 100 %</span>
              </th>
              <th
                scope="col"
                className="pl-3 text-right font-medium"
                title="Hasbrouck's share, by both orders of the venues"
              >
                bounds
              </th>
              <th scope="col" className="pl-3 text-right font-medium" title="between the bounds">
                middle
              </th>
              <th
                scope="col"
                className="pl-3 text-right font-medium"
                title="Gonzalo and Granger: the weight in the common price; may lie outside 0 to 100 %"
              >
                common weight
              </th>
            </tr>
          </thead>
          <tbody>
            {shares.map((share) => (
              <ShareRow
                key={`${share.account} ${share.symbol}`}
                share={share}
                name={instrumentName(share, shares)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

const NO_SHARES_YET =
  "The shares appear after some minutes in which two venues or more were usable; they are worked out once a minute.";

function ShareRow({ share, name }: { readonly share: InformationShareView; readonly name: string }) {
  const { lower, upper, mid, gonzaloGranger } = share;
  return (
    <tr className="h-6">
      <th scope="row" className="text-left font-normal">
        {name}
      </th>
      <td className="pl-3 max-sm:hidden">
        <RangeMark
          value={mid}
          half={(upper - lower) / 2}
          around={(upper + lower) / 2}
          low={0}
          high={1}
          className="text-fair"
        />
      </td>
      <td className="pl-3 text-right whitespace-nowrap">
        {formatPercent(lower, 0)} – {formatPercent(upper, 0)}
      </td>
      <td className="pl-3 text-right">{formatPercent(mid, 0)}</td>
      <td className="pl-3 text-right">{formatPercent(gonzaloGranger, 0)}</td>
    </tr>
  );
}
