"use client";

import type { QuoteExplanation, StageContribution } from "../../server/contract/views.ts";
import { describeReason } from "../../server/contract/reasons.ts";
import { stageLabel } from "../format/names.ts";
import { formatNumber, formatPrice } from "../format/number.ts";

/** The stages of a quote from the price it starts at to the one that is sent, both sides beside each other. */
export function ExplanationTable({
  explanation,
  tick,
}: {
  readonly explanation: QuoteExplanation;
  readonly tick: string | undefined;
}) {
  const { bid, ask, bidOff, askOff, stages } = explanation;
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-secondary">
          <th scope="col" className="py-1 text-left font-medium">
            stage
          </th>
          <th scope="col" className="text-right font-medium">
            bid
          </th>
          <th scope="col" className="text-right font-medium">
            ask
          </th>
        </tr>
      </thead>
      <tbody>
        {stages.map((stage) => (
          <StageRow key={stage.stage} stage={stage} tick={tick} />
        ))}
        <tr className="h-8 font-semibold">
          <th scope="row" className="text-left">
            quote
          </th>
          <td className="text-right text-bid">▼ {formatPrice(bid, tick)}</td>
          <td className="text-right text-ask">▲ {formatPrice(ask, tick)}</td>
        </tr>
        {(bidOff !== undefined || askOff !== undefined) && (
          <tr className="align-top text-attention">
            <th scope="row" className="text-left font-medium">
              not quoted
            </th>
            <td className="text-right">{bidOff === undefined ? "" : describeReason(bidOff).text}</td>
            <td className="text-right">{askOff === undefined ? "" : describeReason(askOff).text}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** The first stage is a price to start from, and the change of currency one of units: neither is a step in bps. */
const LEVELS: ReadonlySet<string> = new Set(["mid", "conversion"]);

function StageRow({ stage, tick }: { readonly stage: StageContribution; readonly tick: string | undefined }) {
  const inputs = Object.entries(stage.inputs)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`)
    .join(", ");
  const side = (price: number, bps: number): string =>
    LEVELS.has(stage.stage)
      ? formatPrice(price, tick)
      : `${formatNumber(bps, { digits: 2, signed: true })} bps`;
  return (
    <tr className="h-7 border-b border-line/60">
      <th scope="row" className="text-left font-normal" title={inputs}>
        {stageLabel(stage.stage)}
        {inputs !== "" && <span className="ml-2 hidden text-xs text-secondary md:inline">{inputs}</span>}
      </th>
      <td className="pl-3 text-right whitespace-nowrap">{side(stage.bid, stage.bidBps)}</td>
      <td className="pl-3 text-right whitespace-nowrap">{side(stage.ask, stage.askBps)}</td>
    </tr>
  );
}
