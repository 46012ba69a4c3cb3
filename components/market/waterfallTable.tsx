"use client";

import type { QuoteExplanation } from "../../server/contract/views.ts";
import { SIDE_MARK, stageLabel } from "../format/names.ts";
import { formatNumber, formatPrice } from "../format/number.ts";
import { cx } from "../ui/cx.ts";
import { Tooltip } from "../ui/tooltip.tsx";
import { inputTexts, type InputText } from "./inputs.ts";
import { placeOf, waterfallOf, type Leap, type Waterfall, type WaterfallRow } from "./waterfall.ts";

/** A table for who reads it, a waterfall for who sees it: bid above, ask below, both from the mid outwards. */
export function WaterfallTable({
  explanation,
  tick,
  base,
  quote,
  currency,
}: {
  readonly explanation: QuoteExplanation;
  readonly tick: string | undefined;
  readonly base: string;
  readonly quote: string;
  readonly currency: string;
}) {
  const waterfall = waterfallOf(explanation);
  const mid = explanation.stages.find(({ stage }) => stage === "mid");
  return (
    <table className="w-full table-fixed text-sm">
      <caption className="sr-only">
        What each stage adds to bid and ask, in bps of fair value, from the venue's mid to the quote
      </caption>
      <thead>
        <tr className="text-xs text-secondary">
          <th scope="col" className="w-[7.2rem] text-left font-medium">
            stage
          </th>
          <th scope="col" className="font-normal">
            <span className="flex justify-between">
              <span>{formatNumber(waterfall.lowBps, { digits: 1 })}</span>
              <span>
                bps<span className="max-sm:hidden"> from mid</span>
              </span>
              <span>{formatNumber(waterfall.highBps, { digits: 1, signed: true })}</span>
            </span>
          </th>
          <th scope="col" className="w-14 text-right font-medium">
            {SIDE_MARK.buy} bid
          </th>
          <th scope="col" className="w-14 text-right font-medium">
            {SIDE_MARK.sell} ask
          </th>
        </tr>
      </thead>
      <tbody>
        {waterfall.rows.map((row) => (
          <StageRow
            key={row.stage}
            row={row}
            waterfall={waterfall}
            inputs={inputTexts(row.inputs, { base, currency })}
            level={row.stage === "mid" ? `${formatPrice(mid?.bid, tick)} ${currency}` : `in ${quote}`}
          />
        ))}
        <tr className="h-7 font-semibold">
          <th scope="row" className="border-t text-left">
            wanted quote
          </th>
          <td className="border-t text-center whitespace-nowrap">
            <span className="text-bid">{formatPrice(explanation.bid, tick)}</span>
            <span className="font-normal text-secondary"> – </span>
            <span className="text-ask">{formatPrice(explanation.ask, tick)}</span>
            <span className="font-normal text-secondary max-sm:hidden"> {quote}</span>
          </td>
          <td className="border-t text-right text-bid">{bps(waterfall.bidBps)}</td>
          <td className="border-t text-right text-ask">{bps(waterfall.askBps)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function StageRow({
  row,
  waterfall,
  inputs,
  level,
}: {
  readonly row: WaterfallRow;
  readonly waterfall: Waterfall;
  readonly inputs: readonly InputText[];
  readonly level: string;
}) {
  return (
    <tr className="h-[22px]">
      <th scope="row" className="text-left font-normal">
        <Tooltip side="left" text={<Inputs inputs={inputs} />}>
          <button
            type="button"
            className="max-w-full truncate underline decoration-line decoration-dotted underline-offset-4 hover:text-quote"
          >
            {stageLabel(row.stage)}
          </button>
        </Tooltip>
      </th>
      {row.kind === "level" ? (
        <td colSpan={3} className="relative text-right text-secondary">
          <span className="sr-only">
            {inputs.map(({ label, value }) => `${label} ${value}`).join(", ")};{" "}
          </span>
          {level}
        </td>
      ) : (
        <>
          <td className="relative p-0">
            <span className="sr-only">
              {inputs.map(({ label, value }) => `${label} ${value}`).join(", ")}
            </span>
            <span
              aria-hidden
              className="absolute inset-y-0 w-px bg-faint"
              style={{ left: `${placeOf(0, waterfall) * 100}%` }}
            />
            <Bar leap={row.bid} waterfall={waterfall} className="top-[3px] bg-bid" />
            <Bar leap={row.ask} waterfall={waterfall} className="bottom-[3px] bg-ask" />
          </td>
          <td className={cx("text-right", isNothing(row.bid) && "text-secondary")}>{bps(row.bid.bps)}</td>
          <td className={cx("text-right", isNothing(row.ask) && "text-secondary")}>{bps(row.ask.bps)}</td>
        </>
      )}
    </tr>
  );
}

/** A stage that moved nothing still shows where the side stands. */
function Bar({
  leap,
  waterfall,
  className,
}: {
  readonly leap: Leap;
  readonly waterfall: Waterfall;
  readonly className: string;
}) {
  const [from, to] = [placeOf(leap.fromBps, waterfall), placeOf(leap.toBps, waterfall)];
  return (
    <span
      aria-hidden
      className={cx("absolute h-[7px]", isNothing(leap) && "opacity-50", className)}
      style={{ left: `${Math.min(from, to) * 100}%`, width: `max(2px, ${Math.abs(to - from) * 100}%)` }}
    />
  );
}

function Inputs({ inputs }: { readonly inputs: readonly InputText[] }) {
  return (
    <span className="grid grid-cols-[auto_auto] gap-x-3">
      {inputs.map(({ label, value }) => (
        <span key={label} className="contents">
          <span className="text-secondary">{label}</span>
          <span className="text-right">{value}</span>
        </span>
      ))}
    </span>
  );
}

function isNothing({ bps: moved }: Leap): boolean {
  return Math.abs(moved) < 0.005;
}

function bps(value: number): string {
  return formatNumber(value, { digits: 2, signed: true });
}
