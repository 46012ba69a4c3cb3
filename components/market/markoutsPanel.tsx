"use client";

import type { SideFlowView, VenueEstimatesView } from "../../server/contract/estimates.ts";
import { SIDE_MARK, SIDE_QUOTE } from "../format/names.ts";
import { formatNumber } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import { cx } from "../ui/cx.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Tag, type Tone } from "../ui/tag.tsx";
import { EstimateCell } from "./estimatesCell.tsx";
import type { Estimates } from "./estimatesState.ts";
import { MarkoutCurve } from "./markoutsCurve.tsx";
import { markoutScale } from "./markoutsScale.ts";
import { instrumentName } from "./picked.ts";

/** What fills cost after they were made, side by side: the loss in force, whether the flow is toxic, the curve behind. */
export function MarkoutsPanel({
  estimates: { view, state },
  className,
}: {
  readonly estimates: Estimates;
  readonly className?: string;
}) {
  const venues = view?.venues.filter(({ models }) => models.length > 0) ?? [];
  const isEmpty = state.status === "live" && venues.length === 0;
  const scale = markoutScale(venues);
  return (
    <Panel
      title="Adverse selection"
      state={isEmpty ? { status: "empty", text: NO_VENUE_YET } : state}
      skeleton={<Skeleton rows={10} className="p-1" />}
      {...(className === undefined ? {} : { className })}
    >
      <div className="flex flex-col gap-3 text-sm">
        <div className="relative -mx-3 overflow-x-auto px-3">
          <table className="w-full">
            <thead>
              <tr className="text-xs text-secondary">
                <th scope="col" className="text-left font-medium">
                  our fills
                </th>
                <th
                  scope="col"
                  className="pl-3 text-right font-medium"
                  title="expected move against us after a fill"
                >
                  loss c, bps
                </th>
                <th
                  scope="col"
                  className="pl-3 text-right font-medium"
                  title="c over the net edge that fills capture"
                >
                  toxicity
                </th>
                <th
                  scope="col"
                  className="pl-3 text-right font-medium"
                  title="fills behind the toxicity, older ones for less"
                >
                  fills
                </th>
                <th scope="col" className="pl-3 text-left font-medium">
                  verdict
                </th>
              </tr>
            </thead>
            <tbody>
              {venues.flatMap((venue) =>
                venue.sides.map((side) => (
                  <SideRow
                    key={`${venue.account} ${venue.symbol} ${side.side}`}
                    name={instrumentName(venue, venues)}
                    side={side}
                    atUs={view?.atUs ?? 0}
                  />
                )),
              )}
            </tbody>
          </table>
        </div>
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
          {venues.map((venue) => (
            <Curve key={`${venue.account} ${venue.symbol}`} venue={venue} venues={venues} scale={scale} />
          ))}
        </div>
        <p className="text-xs text-secondary">
          Mean move of fair value after our fills, in bps: below 0 it went against us. Bars: ± one standard
          error.
        </p>
      </div>
    </Panel>
  );
}

const NO_VENUE_YET =
  "Losses and markouts appear after the first fair value; the curves grow with the fills of every venue.";

function SideRow({
  name,
  side,
  atUs,
}: {
  readonly name: string;
  readonly side: SideFlowView;
  readonly atUs: number;
}) {
  const { cost, fills } = side;
  return (
    <tr className="h-6">
      <th scope="row" className="text-left font-normal whitespace-nowrap">
        {name}{" "}
        <span className={side.side === "buy" ? "text-bid" : "text-ask"}>
          <span aria-hidden>{SIDE_MARK[side.side]} </span>
          {SIDE_QUOTE[side.side]}
        </span>
      </th>
      <td className="pl-3 text-right">
        <EstimateCell estimate={cost} priceDigits={2} />
      </td>
      <td className={cx("pl-3 text-right", fills === 0 && "text-secondary")}>{toxicityText(side)}</td>
      <td className="pl-3 text-right">{formatNumber(fills, { digits: 0 })}</td>
      <td className="pl-3 text-left">
        <Verdict side={side} atUs={atUs} />
      </td>
    </tr>
  );
}

/** A share of an edge that is not there cannot be formed. */
export function toxicityText({ toxicity, fills, verdict }: SideFlowView): string {
  if (toxicity !== undefined) return formatNumber(toxicity, { digits: 2 });
  return fills > 0 && verdict !== "NORMAL" ? "no edge" : "—";
}

const VERDICTS: Readonly<Record<SideFlowView["verdict"], { readonly tone: Tone; readonly text: string }>> = {
  NORMAL: { tone: "quiet", text: "the expected loss is less than half of the edge" },
  WIDE: {
    tone: "attention",
    text: "the expected loss takes half of the edge or more; it widens this side by itself",
  },
  WITHDRAWN: {
    tone: "danger",
    text: "fills lose more than they capture: this side is not quoted for a while",
  },
};

function Verdict({
  side: { verdict, untilUs, fills },
  atUs,
}: {
  readonly side: SideFlowView;
  readonly atUs: number;
}) {
  const { tone, text: meaning } = VERDICTS[verdict];
  const text = fills === 0 ? "no fills of this side to judge by" : meaning;
  return (
    <Tag tone={tone} title={text}>
      {verdict === "WITHDRAWN" && untilUs !== undefined
        ? `withdrawn, ${formatAgeMs((untilUs - atUs) / 1e3)} left`
        : verdict.toLowerCase()}
      <span className="sr-only">: {text}</span>
    </Tag>
  );
}

function Curve({
  venue,
  venues,
  scale,
}: {
  readonly venue: VenueEstimatesView;
  readonly venues: readonly VenueEstimatesView[];
  readonly scale: Parameters<typeof MarkoutCurve>[0]["scale"];
}) {
  const name = instrumentName(venue, venues);
  return (
    <div className="min-w-0">
      <h3 className="text-xs text-secondary">{name}</h3>
      <MarkoutCurve name={name} sides={venue.sides} scale={scale} />
    </div>
  );
}
