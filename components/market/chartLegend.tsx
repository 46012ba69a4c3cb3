"use client";

import type { MarketView } from "../../server/contract/views.ts";
import { SIDE_MARK } from "../format/names.ts";
import { formatBps, formatNumber, formatShortSize } from "../format/number.ts";
import { formatAgeMs, formatTimeUs } from "../format/time.ts";
import { Age, isStaleAge } from "../ui/age.tsx";
import { cx } from "../ui/cx.ts";
import { dashOf } from "./chartLooks.ts";
import type { FillMark, SecondMarks } from "./marks.ts";
import { instrumentName } from "./picked.ts";
import { spreadBps, type MarketSecond } from "./seconds.ts";

/** The figures of one second as text: of the newest, or of the one under the crosshair. */
export function ChartLegend({
  market,
  currency,
  digits,
  second,
  marks,
  isReading,
  hidden,
  onToggle,
}: {
  readonly market: MarketView;
  readonly currency: string;
  readonly digits: number;
  readonly second: MarketSecond | undefined;
  readonly marks: SecondMarks | undefined;
  readonly isReading: boolean;
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (name: string) => void;
}) {
  const price = (value: number | undefined): string => formatNumber(value, { digits });
  return (
    <div className="flex flex-col gap-1 border-b px-3 py-1.5 text-sm">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5">
        <span className={isReading ? "text-ink" : "text-secondary"}>
          {formatTimeUs(second === undefined ? undefined : second.atS * 1e6)}
        </span>
        <span className="text-fair">
          <span aria-hidden>━ </span>fair {price(second?.fair)} {currency}
        </span>
        <span className="text-inventory">
          q {formatShortSize(second?.inventoryBase, undefined, true)} {market.base}
        </span>
        <span className="text-secondary" aria-live={isReading ? "polite" : "off"}>
          {eventsOf(marks, market, price)}
        </span>
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-0.5" role="group" aria-label="Venues shown">
        {market.instruments.map((instrument, at) => {
          const name = `${instrument.account} ${instrument.symbol}`;
          const isShown = !hidden.has(name);
          const seen = second?.instruments[at];
          const isStale = !isReading && isStaleAge(instrument.channelAgeMs);
          return (
            <button
              key={name}
              type="button"
              aria-pressed={isShown}
              onClick={() => onToggle(name)}
              title={isShown ? `hide ${instrument.symbol}` : `show ${instrument.symbol}`}
              className={cx(
                "flex items-baseline gap-1.5 rounded hover:text-ink sm:min-w-80",
                !isShown && "opacity-50",
              )}
            >
              <DashSwatch instrument={at} isShown={isShown} />
              <span className={isShown ? "" : "line-through"}>
                {instrumentName(instrument, market.instruments)}
              </span>
              {isStale && (
                <Age
                  ageMs={instrument.channelAgeMs}
                  title={`${instrument.symbol}: last word ${formatAgeMs(instrument.channelAgeMs)} ago`}
                />
              )}
              <span className={cx("text-secondary", isStale && "stale")}>{price(seen?.mid)}</span>
              <span className={cx("text-quote", isStale && "stale")}>
                {seen?.bid === undefined && seen?.ask === undefined
                  ? "no quotes"
                  : `${price(seen.bid)} – ${price(seen.ask)}`}
              </span>
              {instrument.quoted && seen?.pulled !== undefined && seen.pulled.why !== "no quotes" && (
                <span className="text-attention">off: {seen.pulled.why}</span>
              )}
              {seen !== undefined && spreadBps(seen, second?.fair) !== undefined && (
                <span className="text-secondary">{formatBps(spreadBps(seen, second?.fair))}</span>
              )}
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** The dashes of the chart's lines, which tell the venues apart. */
function DashSwatch({ instrument, isShown }: { readonly instrument: number; readonly isShown: boolean }) {
  return (
    <svg aria-hidden width="26" height="8" className="shrink-0 self-center text-quote">
      <line
        x1="0"
        x2="26"
        y1="4"
        y2="4"
        stroke="currentColor"
        strokeWidth={isShown ? 2 : 1}
        strokeDasharray={dashOf(instrument).join(" ")}
      />
    </svg>
  );
}

/** A second with more fills than this says how many more. */
const FILLS_SAID = 3;

function eventsOf(
  marks: SecondMarks | undefined,
  market: MarketView,
  price: (value: number) => string,
): string {
  if (marks === undefined) return "";
  const said = marks.fills.slice(0, FILLS_SAID).map((fill) => fillWords(fill, market, price));
  const more = marks.fills.length - said.length;
  if (more > 0) said.push(`and ${more} more fills`);
  if (marks.version !== undefined) said.push(`parameters v${marks.version}`);
  return said.join(" · ");
}

function fillWords(fill: FillMark, market: MarketView, price: (value: number) => string): string {
  const { instrument, side, sizeBase, edgeBps } = fill;
  const at = market.instruments[instrument];
  const venue = at === undefined ? "" : instrumentName(at, market.instruments);
  const edge = edgeBps === undefined ? "" : `, edge ${formatBps(edgeBps, true)}`;
  return `${SIDE_MARK[side]} ${side} ${formatShortSize(sizeBase, undefined)} ${venue} ${price(fill.price)}${edge}`;
}
