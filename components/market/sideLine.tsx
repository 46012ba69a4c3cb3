"use client";

import type { ReactNode } from "react";
import type { InstrumentView, SideView } from "../../server/contract/views.ts";
import { orderStatusWord, SIDE_MARK, SIDE_QUOTE } from "../format/names.ts";
import { formatPrice, formatShortSize } from "../format/number.ts";
import { formatAgeMs } from "../format/time.ts";
import type { InstrumentShape } from "../session/shape.tsx";
import { isStaleAge } from "../ui/age.tsx";
import { cx } from "../ui/cx.ts";

/** What one side of a quote is now: the order that rests, and if it is off, why, since when and until when. */
export function SideLine({
  side,
  instrument,
  definition,
  atUs,
}: {
  readonly side: SideView;
  readonly instrument: InstrumentView;
  readonly definition: InstrumentShape | undefined;
  readonly atUs: number;
}) {
  const { order, reason } = side;
  const others = side.side === "buy" ? instrument.bid : instrument.ask;
  return (
    <div className="flex gap-2 text-sm">
      <span className={cx("w-10 shrink-0 font-medium", side.side === "buy" ? "text-bid" : "text-ask")}>
        {SIDE_MARK[side.side]} {SIDE_QUOTE[side.side]}
      </span>
      <div className="min-w-0">
        {order === undefined ? (
          reason === undefined && <span className="text-secondary">no order; one is about to be placed</span>
        ) : (
          <span className={cx(isStaleAge(instrument.channelAgeMs) && "stale")}>
            {formatPrice(order.price, definition?.tick)} {definition?.quote}
            <Quiet>
              {formatShortSize(order.remainingBase, definition?.lot)} {definition?.base} ·{" "}
              {orderStatusWord(order.status)}
              {order.waitsFor === undefined ? "" : ` · ${order.waitsFor} not answered yet`}
              {others === undefined ? "" : ` · best of others ${formatPrice(others, definition?.tick)}`}
            </Quiet>
          </span>
        )}
        {reason !== undefined && (
          <p className="text-attention">
            {order === undefined ? "off" : "held back"}: {reason.text} ({reason.code})
            <Quiet>
              for {formatAgeMs((atUs - reason.sinceUs) / 1_000)} · lifts: {reason.releases}
            </Quiet>
          </p>
        )}
      </div>
    </div>
  );
}

function Quiet({ children }: { readonly children: ReactNode }) {
  return <span className="ml-2 text-secondary">{children}</span>;
}
