"use client";

import { useEffect, useMemo } from "react";
import type { LadderView, MarketDetail } from "../../server/contract/link.ts";
import type { InstrumentView, MarketView } from "../../server/contract/views.ts";
import { findInstrument, useShape } from "../session/shape.tsx";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { formatAgeMs, formatTimeUs } from "../format/time.ts";
import { Age, isStaleAge } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { StaleBoundary } from "../ui/stale.tsx";
import { instrumentName, isSame, type Picked } from "./picked.ts";
import { createPastQuotes, PAST_SECONDS_MAX } from "./pastQuotes.ts";
import { SideLine } from "./sideLine.tsx";
import { WaterfallTable } from "./waterfallTable.tsx";

/** Why the chosen quote is where it is, or why there is none; moving with it, or as it was in a second of the past. */
export function WhyPanel({
  market,
  picked,
  onPick,
  explainedS,
  onNow,
  className,
}: {
  readonly market: string;
  readonly picked: Picked | undefined;
  readonly onPick: (picked: Picked) => void;
  /** The second that is explained, unless it is now. */
  readonly explainedS: number | undefined;
  readonly onNow: () => void;
  readonly className?: string;
}) {
  const desk = useLive("desk")?.value;
  const detail = useLive(`market ${market}`);
  const state = useLiveState(detail);
  const shape = useShape();
  const view = desk?.markets.find((one) => one.market === market);
  const instruments = view?.instruments ?? [];
  const instrument = instruments.find((one) => isSame(one, picked));
  const definition = picked && findInstrument(shape, picked.account, picked.symbol);
  const past = useMemo(createPastQuotes, [market]);
  useEffect(() => {
    if (detail !== undefined) past.keep(detail.value);
  }, [past, detail]);
  const isNow = explainedS === undefined;
  const quotes = isNow ? detail?.value.quotes : past.at(explainedS);
  const explanation = quotes?.find((one) => isSame(one, picked))?.explanation;
  const ladder = detail?.value.ladders.find((one) => isSame(one, picked));
  return (
    <Panel
      title="Why this quote"
      state={state}
      {...(className === undefined ? {} : { className })}
      actions={
        <>
          {isNow && instrument !== undefined && (
            <Age
              ageMs={instrument.channelAgeMs}
              title={`${instrument.symbol}: last word ${formatAgeMs(instrument.channelAgeMs)} ago`}
              className="text-sm"
            />
          )}
          {picked !== undefined && instruments.length > 1 && (
            <Segmented
              label="Venue"
              value={`${picked.account} ${picked.symbol}`}
              options={instruments.map((one) => ({
                value: `${one.account} ${one.symbol}`,
                label: instrumentName(one, instruments),
              }))}
              onChange={(value) => {
                const chosen = instruments.find((one) => `${one.account} ${one.symbol}` === value);
                if (chosen !== undefined) onPick({ account: chosen.account, symbol: chosen.symbol });
              }}
            />
          )}
        </>
      }
    >
      {instrument !== undefined && view !== undefined && desk !== undefined && (
        <div className="flex flex-col gap-2">
          {isNow ? (
            <div className="flex flex-col gap-1">
              {instrument.sides.map((side) => (
                <SideLine
                  key={side.side}
                  side={side}
                  instrument={instrument}
                  definition={definition}
                  atUs={desk.atUs}
                />
              ))}
            </div>
          ) : (
            <div className="flex items-center gap-3 text-sm" role="status">
              <span>as it was at {formatTimeUs(explainedS * 1e6)} UTC</span>
              <Button onClick={onNow}>Back to now</Button>
            </div>
          )}
          {explanation === undefined ? (
            <p className="text-sm text-secondary">
              {isNow ? whyNothing(view, instrument, ladder) : whyNothingThen(quotes)}
            </p>
          ) : (
            <StaleBoundary stale={isNow && isStaleAge(instrument.channelAgeMs)}>
              <WaterfallTable
                explanation={explanation}
                tick={definition?.tick}
                base={view.base}
                quote={definition?.quote ?? ""}
                currency={desk.reportingAsset}
              />
            </StaleBoundary>
          )}
        </div>
      )}
    </Panel>
  );
}

/** Why nothing is shown of a second of the past. */
export function whyNothingThen(quotes: MarketDetail["quotes"] | undefined): string {
  if (quotes !== undefined) return "No quote could be made here in that second.";
  return `Nothing is kept of that second: this page keeps the stages of the last ${PAST_SECONDS_MAX / 60} minutes in which it was open.`;
}

/** What is missing before a quote can be made at all, and when it will be there. */
export function whyNothing(
  market: MarketView,
  instrument: InstrumentView,
  ladder: LadderView | undefined,
): string {
  if (!instrument.quoted)
    return "This instrument is a reference: its book informs fair value, and nothing is quoted here.";
  if (instrument.bid === undefined || instrument.ask === undefined)
    return "The venue has shown no book with both sides yet: the stages appear with the first one.";
  if (ladder?.rate === undefined)
    return "There is no fresh rate from the venue's currency: the stages appear with the next one.";
  if (market.fair === undefined) return "There is no fair value yet: the stages appear with the first one.";
  if (market.model === undefined)
    return "Risk is not known yet: the stages appear once twenty seconds of fair value have shown how much it moves.";
  return "The stages appear with the next decision.";
}
