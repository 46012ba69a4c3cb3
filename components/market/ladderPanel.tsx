"use client";

import { useState } from "react";
import { formatNumber } from "../format/number.ts";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { LadderTable } from "./ladderTable.tsx";
import { isSame, type Picked } from "./picked.ts";
import { stepDigits } from "./ladderScale.ts";
import { useScale, type LadderScale } from "./useScale.ts";

const ROWS = 27;

/** The books of all venues and our orders in them, side by side on one axis. */
export function LadderPanel({
  market,
  picked,
  onPick,
  className,
}: {
  readonly market: string;
  readonly picked: Picked | undefined;
  readonly onPick: (picked: Picked) => void;
  readonly className?: string;
}) {
  const detail = useLive(`market ${market}`);
  const desk = useLive("desk")?.value;
  const state = useLiveState(detail);
  const view = desk?.markets.find((one) => one.market === market);
  const fair = view?.fair;
  const ladders = detail?.value.ladders ?? [];
  const agesMs = ladders.map((ladder) => view?.instruments.find((one) => isSame(one, ladder))?.channelAgeMs);
  const middle = fair ?? firstMid(ladders);
  const isEmpty = state.status === "live" && middle === undefined;
  return (
    <Panel
      title="Ladders"
      flush
      state={isEmpty ? { status: "empty", text: NO_BOOK_YET } : state}
      skeleton={<Skeleton rows={16} className="p-3" />}
      {...(className === undefined ? {} : { className })}
      actions={<span className="text-sm text-secondary">in {desk?.reportingAsset ?? ""}</span>}
    >
      {middle !== undefined && (
        <Scaled
          key={market}
          ladders={ladders}
          agesMs={agesMs}
          middle={middle}
          fair={fair}
          currency={desk?.reportingAsset ?? ""}
          base={view?.base ?? ""}
          picked={picked}
          onPick={onPick}
        />
      )}
    </Panel>
  );
}

const NO_BOOK_YET =
  "The ladders appear with the first book of a venue whose currency has a rate, a moment after it connects.";

function Scaled({
  middle,
  ...table
}: { readonly middle: number } & Omit<Parameters<typeof LadderTable>[0], "scale" | "rowCount">) {
  const [isHeld, setHeld] = useState(false);
  const scale = useScale(table.ladders, middle, ROWS, isHeld);
  return (
    <div className="flex flex-col" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      <LadderTable {...table} scale={scale} rowCount={ROWS} />
      <Steps scale={scale} currency={table.currency} />
    </div>
  );
}

function Steps({ scale, currency }: { readonly scale: LadderScale; readonly currency: string }) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t px-3 py-1.5 text-sm text-secondary">
      <span className="mr-auto">bar: others · block: ours</span>
      <span>
        row {formatNumber(scale.step, { digits: stepDigits(scale.step) })} {currency}
      </span>
      <Button aria-label="Finer rows" onClick={scale.finer}>
        −
      </Button>
      <Button aria-label="Coarser rows" onClick={scale.coarser}>
        +
      </Button>
      <Button aria-pressed={scale.isAuto} disabled={scale.isAuto} onClick={scale.auto}>
        fit
      </Button>
    </div>
  );
}

/** Something to hold the axis by before there is a fair value. */
function firstMid(ladders: Parameters<typeof LadderTable>[0]["ladders"]): number | undefined {
  for (const { rate, bids, asks } of ladders) {
    const [bid, ask] = [bids[0], asks[0]];
    if (rate !== undefined && bid !== undefined && ask !== undefined) return ((bid + ask) / 2) * rate;
  }
  return undefined;
}
