"use client";

import type { InstrumentView, SideView } from "../../server/contract/views.ts";
import { SIDE_MARK } from "../format/names.ts";
import { formatBps, formatPrice, formatShortSize } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import type { InstrumentShape } from "../session/shape.tsx";
import { cx } from "../ui/cx.ts";
import { Figure } from "../ui/figure.tsx";
import { sideLabel, sideWords } from "./words.ts";

/** Our quote on one side of one instrument, or the code of the reason why there is none. Opens its explanation. */
export function SideCell({
  side,
  instrument,
  definition,
  atUs,
  onExplain,
}: {
  readonly side: SideView;
  readonly instrument: InstrumentView;
  readonly definition: InstrumentShape | undefined;
  readonly atUs: number;
  readonly onExplain: (account: string, symbol: string) => void;
}) {
  const words = sideWords(side, instrument);
  const colour = side.side === "buy" ? "text-bid" : "text-ask";
  const { account, symbol } = instrument;
  return (
    <button
      type="button"
      onClick={() => onExplain(account, symbol)}
      aria-label={sideLabel(side, instrument, definition, atUs)}
      className="flex h-11 min-w-0 flex-col justify-center rounded bg-ground px-1.5 text-left hover:bg-line/60"
    >
      {words.kind === "order" ? (
        <>
          <span className="flex w-full items-baseline justify-between gap-1 whitespace-nowrap">
            <Figure
              className={cx("text-sm font-semibold group-data-stale/venue:stale", colour)}
              text={`${SIDE_MARK[side.side]} ${formatPrice(words.price, definition?.tick)}`}
            />
            <span
              title={words.word}
              className={cx(
                "truncate text-xs",
                words.tone === "attention" ? "text-attention" : "text-secondary",
              )}
            >
              {words.word}
            </span>
          </span>
          <span className="flex w-full justify-between gap-1 text-xs whitespace-nowrap text-secondary group-data-stale/venue:stale">
            <span>{formatShortSize(words.sizeBase, definition?.lot)}</span>
            <span title="from the mid of others at this venue">{formatBps(words.distanceBps)}</span>
          </span>
        </>
      ) : (
        <>
          <span
            title={words.title}
            className={cx(
              "w-full truncate text-xs leading-5",
              words.tone === "danger"
                ? "text-danger"
                : words.tone === "attention"
                  ? "text-attention"
                  : "text-secondary",
            )}
          >
            <span className={colour}>{SIDE_MARK[side.side]}</span> {words.code}
          </span>
          <span className="text-xs text-secondary">
            {words.sinceUs === undefined ? "" : `for ${formatAgeMs((atUs - words.sinceUs) / 1_000)}`}
          </span>
        </>
      )}
    </button>
  );
}
