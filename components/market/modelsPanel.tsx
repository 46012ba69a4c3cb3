"use client";

import type { ModelQuoteView, VenueEstimatesView } from "../../server/contract/estimates.ts";
import type { QuotingModel } from "../../server/contract/params/model.ts";
import { describeReason } from "../../server/contract/reasons.ts";
import { modelName } from "../format/names.ts";
import { formatNumber, formatPrice } from "../format/number.ts";
import { findInstrument, useShape } from "../session/shape.tsx";
import { cx } from "../ui/cx.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import type { Estimates } from "./estimatesState.ts";
import { instrumentName } from "./picked.ts";

/** What each model would quote on the state of this instant, venue by venue; before any limit or hold of a side. */
export function ModelsPanel({
  estimates: { view, state },
  inForce,
  className,
}: {
  readonly estimates: Estimates;
  readonly inForce: QuotingModel | undefined;
  readonly className?: string;
}) {
  const venues = view?.venues.filter(({ models }) => models.length > 0) ?? [];
  const isEmpty = state.status === "live" && venues.length === 0;
  return (
    <Panel
      title="Models side by side"
      state={isEmpty ? { status: "empty", text: NO_VENUE_YET } : state}
      skeleton={<Skeleton rows={6} className="p-1" />}
      {...(className === undefined ? {} : { className })}
    >
      <div className="grid grid-cols-1 gap-x-6 gap-y-4 text-sm lg:grid-cols-2 xl:grid-cols-3">
        {venues.map((venue) => (
          <VenueModels
            key={`${venue.account} ${venue.symbol}`}
            venue={venue}
            name={instrumentName(venue, venues)}
            inForce={inForce}
          />
        ))}
      </div>
    </Panel>
  );
}

const NO_VENUE_YET =
  "The quotes of the models appear after the first fair value, on every venue that is quoted.";

function VenueModels({
  venue,
  name,
  inForce,
}: {
  readonly venue: VenueEstimatesView;
  readonly name: string;
  readonly inForce: QuotingModel | undefined;
}) {
  const definition = findInstrument(useShape(), venue.account, venue.symbol);
  return (
    <div className="relative -mx-3 overflow-x-auto px-3">
      <table className="w-full">
        <caption className="pb-1 text-left">
          {name}{" "}
          <span className="text-secondary">
            in {definition?.quote ?? venue.symbol}; half-spread and shift in bps
          </span>
        </caption>
        <thead>
          <tr className="text-xs text-secondary">
            <th scope="col" className="text-left font-medium">
              model
            </th>
            <th scope="col" className="pl-2 text-right font-medium">
              bid
            </th>
            <th scope="col" className="pl-2 text-right font-medium">
              ask
            </th>
            <th
              scope="col"
              className="pl-2 text-right font-medium"
              title="half of ask − bid, bps of fair value"
            >
              half
            </th>
            <th
              scope="col"
              className="pl-2 text-right font-medium"
              title="how far the middle of bid and ask lies from fair value, bps"
            >
              shift
            </th>
          </tr>
        </thead>
        <tbody>
          {venue.models.map((quote) => (
            <ModelRow
              key={quote.model}
              quote={quote}
              tick={definition?.tick}
              isInForce={quote.model === inForce}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ModelRow({
  quote: { model, bid, ask, halfSpreadBps, centreBps, off },
  tick,
  isInForce,
}: {
  readonly quote: ModelQuoteView;
  readonly tick: string | undefined;
  readonly isInForce: boolean;
}) {
  const reason = off === undefined ? undefined : describeReason(off).text;
  return (
    <tr aria-current={isInForce ? "true" : undefined} className={cx("h-6", isInForce && "bg-line/50")}>
      <th
        scope="row"
        className={cx("text-left whitespace-nowrap", isInForce ? "font-semibold" : "font-normal")}
      >
        <span aria-hidden className={cx("mr-1 text-[0.8em]", isInForce ? "text-quote" : "invisible")}>
          ◆
        </span>
        {modelName(model)}
        {isInForce && <span className="sr-only">, in force</span>}
      </th>
      {bid === undefined || ask === undefined ? (
        <td colSpan={4} className="pl-2 text-right text-secondary">
          {reason ?? "no quote"}
        </td>
      ) : (
        <>
          <td className={cx("pl-2 text-right", reason === undefined ? "text-bid" : "text-secondary")}>
            {formatPrice(bid, tick)}
          </td>
          <td className={cx("pl-2 text-right", reason === undefined ? "text-ask" : "text-secondary")}>
            {formatPrice(ask, tick)}
          </td>
          <td className="pl-2 text-right" title={reason === undefined ? undefined : `not quoted: ${reason}`}>
            {formatNumber(halfSpreadBps, { digits: 2 })}
            {reason !== undefined && (
              <>
                <span aria-hidden className="ml-1 text-attention">
                  ■
                </span>
                <span className="sr-only">, not quoted: {reason}</span>
              </>
            )}
          </td>
          <td className="pl-2 text-right">{formatNumber(centreBps, { digits: 2, signed: true })}</td>
        </>
      )}
    </tr>
  );
}
