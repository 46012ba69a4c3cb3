"use client";

import Link from "next/link";
import { venueName } from "../format/names.ts";
import { findInstrument, useShape } from "../session/shape.tsx";
import { useLiveState } from "../stream/freshness.ts";
import { useLive } from "../stream/live.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Panel } from "../ui/panel.tsx";
import { ExplanationTable } from "./explanation.tsx";

export interface Explained {
  readonly market: string;
  readonly account: string;
  readonly symbol: string;
}

/** Why a quote is where it is, moving with it. */
export function ExplainDialog({
  explained,
  onClose,
}: {
  readonly explained: Explained;
  readonly onClose: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      wide
      title={`${venueName(explained.account)} ${explained.symbol}: why this quote`}
      description="From the venue's mid to the price that is sent; what each stage adds, in bps of fair value."
    >
      <Explanation {...explained} />
    </Dialog>
  );
}

function Explanation({ market, account, symbol }: Explained) {
  const detail = useLive(`market ${market}`);
  const state = useLiveState(detail);
  const shape = useShape();
  const quote = detail?.value.quotes.find((one) => one.account === account && one.symbol === symbol);
  return (
    <>
      <Panel
        title="Stages"
        state={
          state.status === "live" && quote?.explanation === undefined
            ? {
                status: "empty",
                text: "There is nothing to price from yet: the stages appear with the first fair value.",
              }
            : state
        }
      >
        {quote?.explanation !== undefined && (
          <ExplanationTable
            explanation={quote.explanation}
            tick={findInstrument(shape, account, symbol)?.tick}
          />
        )}
      </Panel>
      <p className="pt-3 text-sm">
        <Link href={`/market/${encodeURIComponent(market)}`} className="text-quote hover:underline">
          Open the market {market}
        </Link>
      </p>
    </>
  );
}
