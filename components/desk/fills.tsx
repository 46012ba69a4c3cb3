"use client";

import Link from "next/link";
import type { FillLine } from "../../server/contract/lines.ts";
import { SIDE_MARK, venueName } from "../format/names.ts";
import { formatBps, formatMoney, formatPrice, formatShortSize } from "../format/number.ts";
import { formatTimeUs } from "../format/time.ts";
import { findInstrument, useShape } from "../session/shape.tsx";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { cx } from "../ui/cx.ts";
import { Panel } from "../ui/panel.tsx";
import { useRecentFills } from "./recent.ts";
import { useHeldRows } from "./useHeldRows.ts";

export function FillsPanel({ className }: { readonly className?: string }) {
  const deskState = useLiveState(useLive("desk"));
  const { rows, isHeld, handlers } = useHeldRows(useRecentFills());
  const isEmpty = rows.length === 0 && (deskState.status === "live" || deskState.status === "ended");
  return (
    <Panel
      title="Fills"
      flush
      state={isEmpty ? { status: "empty", text: "The first fills appear here as they happen." } : deskState}
      actions={
        <>
          {isHeld && <span className="text-xs text-attention">held under the pointer</span>}
          <Link href="/orders" className="text-sm text-secondary hover:text-ink">
            all
          </Link>
        </>
      }
      {...(className === undefined ? {} : { className })}
    >
      <ol
        {...handlers}
        className="relative min-h-0 grow overflow-auto"
        tabIndex={0}
        aria-label="Newest fills"
      >
        {rows.toReversed().map((fill) => (
          <FillRow key={`${fill.account} ${fill.symbol} ${fill.tradeId} ${fill.venueOrderId}`} fill={fill} />
        ))}
      </ol>
    </Panel>
  );
}

function FillRow({ fill }: { readonly fill: FillLine }) {
  const shape = useShape();
  const definition = findInstrument(shape, fill.account, fill.symbol);
  const { side, edgeBps } = fill;
  return (
    <li className="grid h-7 grid-cols-[3.5rem_3.6rem_1fr_auto_4rem] items-center gap-1.5 whitespace-nowrap border-b border-line/60 px-3 text-sm">
      <span className="text-secondary">{formatTimeUs(fill.atUs)}</span>
      <span className="truncate">{venueName(fill.account)}</span>
      <span className={cx("truncate", side === "buy" ? "text-bid" : "text-ask")}>
        {SIDE_MARK[side]} <span className="sr-only">{side}</span>{" "}
        {formatShortSize(fill.sizeBase, definition?.lot)} {fill.base}
      </span>
      <span
        title={`${formatMoney(fill.notionalQuote, fill.quote)}, fee ${formatMoney(fill.fee, fill.feeAsset)}`}
      >
        {formatPrice(fill.price, definition?.tick)}
      </span>
      <span className="text-right" title="edge against fair value at the fill">
        {edgeBps === undefined ? <span className="text-secondary">no edge</span> : formatBps(edgeBps, true)}
      </span>
    </li>
  );
}
