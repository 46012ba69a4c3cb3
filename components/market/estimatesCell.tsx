"use client";

import type { EstimateView } from "../../server/contract/estimates.ts";
import { cx } from "../ui/cx.ts";
import { TONES } from "../ui/tag.tsx";
import { Tooltip } from "../ui/tooltip.tsx";
import { estimateLines, estimateText, STATUS } from "./estimatesText.ts";

/** Value ± standard error and the state as a mark; what lies behind them on hover and focus. */
export function EstimateCell({
  estimate,
  priceDigits,
  unit = false,
  tabIndex,
}: {
  readonly estimate: EstimateView;
  readonly priceDigits: number;
  /** Where no row says the unit. */
  readonly unit?: boolean;
  readonly tabIndex?: number;
}) {
  const { status } = estimate;
  const { value, stderr } = estimateText(estimate, priceDigits);
  const { mark, tone, word } = STATUS[status];
  const lines = estimateLines(estimate, priceDigits);
  return (
    <Tooltip text={<Lines lines={lines} />}>
      <button
        type="button"
        data-status={status}
        {...(tabIndex === undefined ? {} : { tabIndex })}
        className={cx(
          "inline-flex items-baseline gap-1 rounded whitespace-nowrap",
          status === "STALE" && "opacity-80",
        )}
      >
        {value !== undefined && (
          <span>
            {value}
            {stderr !== undefined && <span className="text-secondary"> ± {stderr}</span>}
            {unit && estimate.unit !== "price" && <span className="text-secondary"> {estimate.unit}</span>}
          </span>
        )}
        {(value === undefined || status === "STALE") && (
          <span className={status === "STALE" ? TONES[tone] : "text-secondary"}>{word}</span>
        )}
        <span aria-hidden title={word} className={cx("w-3 text-center text-[0.8em]", TONES[tone])}>
          {mark}
        </span>
        <span className="sr-only">{lines.slice(value === undefined ? 1 : 2).join(", ")}</span>
      </button>
    </Tooltip>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <span className="flex flex-col">
      {lines.map((line, at) => (
        <span key={line} className={at === 0 ? "text-secondary" : undefined}>
          {line}
        </span>
      ))}
    </span>
  );
}
